"""One sender, looked at once: its address, and the domains that it sends for or is named in. Stores nothing.

report      what was seen, as values: checks, domains, the whole; and as JSON
witnesses   what the readings of several resolver paths amount to together
looking     how one check is taken: through every path, in time, told as progress
address     the checks of the address: blocklists with their proofs, reverse DNS, greeting, holder of the network
domain      the checks of one domain: lists, mail records, registration, website
domains     which domains: those that are named, and those met in forward and reverse DNS and in the greeting
showing     the report for people: on a terminal in colours, in a pipe one line a check
progress    the line on a terminal while it works

`monitors.check_sender` puts it together. The questions over HTTP and port 43 go through `monitors.registries` and
`egress.fetch`; the DNS is asked through `egress.resolver`.
"""
