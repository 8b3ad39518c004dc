"""What the API takes and gives. `of` says, field by field, what of a row is shown: nothing leaves that is not named.

Moments are RFC 3339 in UTC, ending in Z. A field that is not known is refused, so that a misspelled one is not lost.

vendors   vendors, servers, contacts
sources   list sources and the addresses added to them
monitors  watches, observations, findings
halts     orders and deliveries
clearance the gate's answer
given     what every body keeps to
refs      how one thing points at another
"""
