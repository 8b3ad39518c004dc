"""Probes: each looks at one thing and returns a `Reading`. None judges over time, stores or tells anybody.

reading       the value that every probe returns
entry         what is known of one blocklist: its zone, its codes, its test entries
blocklist     is this address on that list?
health        can we see that list at all? Asked before anything is called clear
resolver_test is it our resolver that hides listings? Told from the health of all lists on one path
fcrdns        does the reverse name exist, and does it lead back?
generic_name  does a host name look machine-made?
mail_records  does a domain take mail, and who may send for it? (MX, SPF, DMARC)
website       is there a page, and a way to opt out on it? markup takes the HTML apart
site          the whole website of a domain: live, opt-out, contact (a package; begin with survey)
registration  who holds a domain, as its registration says: the values. rdap_text (with jcard) and whois_text (with
              whois_lines, whois_words) read them out of answers; it is egress that asks
holder        does a registration show who the vendor is? holder_source says which answer is believed,
              holder_elements what name, mail address, telephone and postal address are worth, holder_tables what is
              known of services, numbers and registries
company_name  does a name name this company? The one rule for it
mailbox       is an address one that anybody can have?
"""
