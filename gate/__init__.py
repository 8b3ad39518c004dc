"""May this be mailed now? One function answers, with every reason; pages, letters and machines ask it.

standing   the plain values that the answer rests on (pure)
clearance  the rules: values in, OPEN or SHUT out, with every reason (pure)
facts      reads the values from the rows
ask        the door: `clearance(vendor, …)`, and `open_among(vendors, …)` for lists
wording    the answer as the sentence and the tags that people see
"""
