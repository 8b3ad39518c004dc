"""The website of a domain, as a whole: is it there, can people opt out on it, does it say who is behind it?

survey      the look itself: fetches, reads, says what it amounts to (clause O8). Start there
crawl       which address of the domain answers, and a few pages from there on
links       which links may be followed, and which first
words       what people write on links, in the languages of our vendors
elements    what the pages that were read amount to: opt-out and contact, each found, not found, or for a person
contact     names, mail addresses, telephone numbers and postal addresses of one page
linked_data what a page says to machines of the organisation behind it
postal      postal addresses in running text
parking     name servers and addresses of services that park names

Reads `monitors.probes.website`, which knows one page, and `monitors.probes.markup`, which takes it apart.
"""
