"""One good and one bad answer to every question of Exhibit A, as a browser would post them.

A text is one value, a list of texts several ticks, a mapping the cells of a record, a list of mappings the lines of a
table; NOTHING is a control that was left alone. The good ones together are a vendor with one server, one domain, one
header address and one list from a web form with confirmed opt-in: the short way.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Raw = str | Sequence[str] | Mapping[str, Any] | Sequence[Mapping[str, Any]]

NOTHING: list[str] = []
LONG = "long " * 1200
PERSON = {"name": "Mara Lindqvist", "email": "mara@fieldnote.example.net", "phone": "+44 20 7946 0958"}
WORDS = "A sentence that says how it is done here, and by whom."

COMPANY: dict[str, tuple[Raw, Raw]] = {
    "A1.01": ("Fieldnote Digital Ltd", "F"),
    "A1.02": ([{"name": "Garden Weekly"}], [{"name": "\u202e"}]),
    "A1.03": ({"form": "company", "country": "United Kingdom"}, {"form": "kingdom", "country": "United Kingdom"}),
    "A1.04": ("GB 1234567", "pending"),
    "A1.05": (
        {"street": "8 Weaver Street", "city": "Leeds", "postcode": "LS1 4AP", "country": "United Kingdom"},
        {"street": "P.O. Box 77", "city": "Leeds", "country": "United Kingdom"},
    ),
    "A1.06": ({"street": "PO Box 77", "city": "Leeds", "country": "United Kingdom"}, {"street": "PO Box 77"}),
    "A1.07": ("+44 20 7946 0958", "020 7946 0958"),
    "A1.08": ("office@fieldnote.example.net", "fieldnote@gmail.com"),
    "A1.09": ("https://www.fieldnote.example.net/", "http://www.fieldnote.example.net/"),
    "A1.10": (["initiator", "owner"], NOTHING),
    "A1.11": (
        {"founded": "2011", "staff": "8", "all": "120,000", "for_us": "4000"},
        {"founded": "2999", "staff": "8", "all": "120,000", "for_us": "4000"},
    ),
    "A1.12": ("no", "perhaps"),
    "A1.14": (["none"], ["none", "insurance"]),
    "A1.15": (WORDS, "n/a"),
    "A2.01": (PERSON | {"title": "Director", "basis": "officer"}, PERSON | {"title": "Director", "name": "Sales team"}),
    "A2.03": (PERSON, PERSON | {"phone": "112"}),
    "A2.04": (PERSON, PERSON | {"email": "mara"}),
    "A2.05": (PERSON, PERSON | {"name": "  "}),
    "A2.06": ("letters@fieldnote.example.net", "letters@"),
    "A2.08": (["none"], ["everybody"]),
    "A3.01": ("Jonas Aker", "Abuse desk"),
    "A3.02": ("+1 212 555 0199", "+1 212"),
    "A3.03": ("jonas@fieldnote.example.net", "jonas@yahoo.co.uk"),
    "A3.04": ([PERSON], []),
    "A3.05": ("always", "sometimes"),
    "A3.06": ("15", "241"),
    "A3.07": (WORDS, "We stop."),
    "A3.11": (
        {"hours": "Weekdays, 8 to 20", "zone": "Europe/London", "outside": WORDS},
        {"hours": "Weekdays, 8 to 20", "zone": "Mars/Olympus", "outside": WORDS},
    ),
}

SENDING: dict[str, tuple[Raw, Raw]] = {
    "A4.01": ("fieldnote.example.net", "mail.harrow.example.com"),
    "A4.02": (["from", "links"], ["post"]),
    "A4.03": (PERSON | {"address": "8 Weaver Street, Leeds"}, PERSON | {"email": "me@proton.me", "address": "Leeds"}),
    "A4.05": ("2026-12-01", "2026-11-20"),
    "A4.06": ("https://fieldnote.example.net", "fieldnote.example.net"),
    "A4.07": ("https://fieldnote.example.net/leave", "https://127.0.0.1/leave"),
    "A4.08": ("https://fieldnote.example.net/about", "https://user:word@fieldnote.example.net/"),
    "A4.09": ({"spf": "v=spf1 -all", "dkim": "s1, s2", "dmarc": "v=DMARC1; p=none"}, {"spf": "v=spf1 -all"}),
    "A4.10": ("yes", NOTHING),
    "A5.01": ("93.184.215.14", "192.168.1.20"),
    "A5.04": ("out1.fieldnote.example.net", "localhost"),
    "A5.05": ("owned", "rented"),
    "A5.06": (
        {"provider": "Rack & Row", "city": "Leeds", "country": "United Kingdom", "asn": "64500"},
        {"provider": "Rack & Row", "city": "Leeds", "country": "United Kingdom", "asn": "AS64500"},
    ),
    "A5.07": ("Postfix 3.9", "n/a"),
    "A5.08": (["tls", "dkim"], ["none", "tls"]),
    "A5.09": ("12.5 %", "120"),
    "A5.10": ("2024-05-01", "2026-11-22"),
    "A5.11": ("on", NOTHING),
    "A5.14": (WORDS, "slowly"),
    "A6.01": (
        [{"display": "Garden Weekly", "address": "news@fieldnote.example.net", "also": ["reply_to", "return_path"]}],
        [{"display": "Garden Weekly", "address": "news@fieldnote"}],
    ),
    "A6.02": ([{"address": "answers@fieldnote.example.net"}], [{"address": "answers@fieldnote.example.net, b@c.com"}]),
    "A6.03": ([{"address": "bounce+{recipient}@fieldnote.example.net"}], [{"address": "{a}{b}@fieldnote.example.net"}]),
    "A6.04": ([{"address": "errors@fieldnote.example.net"}], [{"address": "errors"}]),
    "A6.05": ("<https://fieldnote.example.net/leave>", LONG),
    "A6.07": ("yes", "of course"),
    "A6.08": ("no", "elsewhere"),
    "A6.09": ("on", NOTHING),
    "A6.11": (
        {"domain": "harrow.example.com", "header": "From", "why": WORDS, "until": "2027-01-01"},
        {"domain": "harrow.example.com", "header": "From", "why": WORDS, "until": "2025-01-01"},
    ),
    "A6.12": (WORDS, "-"),
    "A7.01": ("never", "rarely"),
    "A7.02": ({"day": "2026-11-20", "who": "Jonas Aker"}, {"day": "2026-11-01", "who": "Jonas Aker"}),
    "A7.03": (
        [{"source": "SpamCop", "from": "2026-03-01", "until": "2026-03-04", "cure": WORDS}],
        [{"source": "SpamCop", "from": "2026-13-01", "cure": WORDS}],
    ),
    "A7.04": (["yahoo", "google"], ["none", "google"]),
    "A7.05": ([{"domain": "gmail", "rate": "0.08"}], [{"domain": "gmail", "rate": "0.08"}] * 2),
    "A7.06": ("on", NOTHING),
    "A8.01": (
        [
            {"domain": "gmail", "per_hour": "2000", "connections": "4", "per_connection": "50", "from": "receiver"},
            {"domain": "other", "per_hour": "500", "connections": "2", "per_connection": "20", "from": "provider"},
        ],
        [{"domain": "gmail", "per_hour": "2000", "connections": "4", "per_connection": "50", "from": "receiver"}],
    ),
    "A8.02": (WORDS, "tried"),
    "A8.03": (WORDS, "tbd"),
    "A8.04": ("2 500", "fast"),
    "A8.05": (["spf", "dkim"], NOTHING),
    "A8.06": ("on", NOTHING),
}

MAILING: dict[str, tuple[Raw, Raw]] = {
    "A9.01": ("Garden Weekly readers", "..."),
    "A9.02": (
        {"now": "48 000", "monthly": "900", "oldest": "2019-02-01"},
        {"now": "many", "monthly": "900", "oldest": "2019-02-01"},
    ),
    "A9.03": (["web"], ["web", "found"]),
    "A9.04": (
        [{"property": "Garden Weekly", "url": "https://garden.fieldnote.example.net/join", "from": "2019-02-01"}],
        [{"property": "Garden Weekly", "url": "https://garden.fieldnote.example.net/join", "from": "February 2019"}],
    ),
    "A9.05": (["email", "page", "ip", "date", "time", "wording", "box"], NOTHING),
    "A9.06": ("confirmed", "tripled"),
    "A9.08": (WORDS, "They knew."),
    "A9.09": (WORDS, "not applicable"),
    "A9.10": ("Yes, send me the Garden Weekly and offers of its\r\npublisher.", "Yes."),
    "A9.11": (WORDS, ""),
    "A9.12": (WORDS, "They like it."),
    "A9.13": ("yes", "1"),
    "A9.14": (["withdrawn", "inactive", "role", "minors"], ["none", "role"]),
    "A9.15": (WORDS, "\x00"),
    "A9.16": ("yes", NOTHING),
    "A9.18": ("on", NOTHING),
    "A9.19": ("own", "mine"),
    "A9.20": (
        {"name": "Seed & Soil Ltd", "person": "Ines Roca", "email": "ines@seed.example.net"},
        {"name": "Seed & Soil Ltd", "person": "Ines Roca", "email": "ines at seed"},
    ),
    "A9.22": (
        {"used": "Garden fairs", "kept": "Scanned on the day", "hours": "4"},
        {"used": "Garden fairs", "kept": "Scanned on the day", "hours": "0"},
    ),
    "A9.24": ("each", "all"),
    "A10.01": ("At the end, above the address.", "Below"),
    "A10.02": ("yes", "mostly"),
    "A10.03": ("on", NOTHING),
    "A10.04": ("on", NOTHING),
    "A10.05": ("yes", NOTHING),
    "A10.06": ({"approves": "Mara Lindqvist", "code": "In the last line"}, {"approves": "Mara Lindqvist"}),
    "A10.07": (["plain"], ["all"]),
    "A11.01": ("https://fieldnote.example.net/leave", "mailto:leave@fieldnote.example.net"),
    "A11.02": ("on", NOTHING),
    "A11.03": ("24", "soon"),
    "A11.04": ("api", "post"),
    "A11.05": ("on", NOTHING),
    "A11.06": (["advertiser", "own", "owners"], ["none", "own"]),
    "A11.07": ("file", "fax"),
    "A11.08": ("on", NOTHING),
    "A11.09": (WORDS, "Somebody"),
    "A11.10": ("read", "both"),
    "A11.11": (WORDS, "?"),
    "A11.12": ("on", NOTHING),
    "A11.13": (WORDS, "locked"),
    "A11.14": (WORDS, "Hello"),
    "A11.15": ("on", NOTHING),
    "A11.16": ("2026-11-21", "2026-11-31"),
    "A11.17": (WORDS, "Bob"),
    "A11.18": (WORDS, LONG),
    "A12.01": ("all", "yes"),
    "A12.02": (WORDS, "5.7.1"),
    "A12.03": (
        {"retries": "12", "days": "3", "campaigns": "4"},
        {"retries": "12", "days": "15", "campaigns": "4"},
    ),
    "A12.04": ("1200", "0"),
    "A12.05": ("on", NOTHING),
    "A12.06": ("yes", "some"),
    "A13.01": ("on", NOTHING),
    "A13.02": (PERSON | {"cover": "A duty rota"}, {"name": "Mara Lindqvist"}),
    "A13.03": (
        [{"proof": "record", "kept": "Consent database", "hours": "1"}],
        [{"proof": "record", "kept": "", "hours": "1"}],
    ),
    "A13.04": (WORDS, "xxx"),
    "A13.05": ("verp", "tattoo"),
    "A13.06": ("48", "-1"),
}

LAW: dict[str, tuple[Raw, Raw]] = {
    "A14.01": (
        {"holds": ["address", "time", "outcome"], "days": "90", "who": "Two administrators"},
        {"days": "90", "who": "Two administrators"},
    ),
    "A14.02": (["id", "time"], NOTHING),
    "A14.03": ([{"domain": "click.fieldnote.example.net"}], [{"domain": "co.uk"}]),
    "A14.04": ("no", "?"),
    "A14.05": ("https://fieldnote.example.net/privacy", "https://fieldnote example.net/privacy"),
    "A14.06": ("yes", NOTHING),
    "A14.07": ("on", NOTHING),
    "A14.08": ({"how": "Erased from disks and backups.", "days": "30"}, {"how": "Erased.", "days": "a month"}),
    "A14.09": (WORDS, "todo"),
    "A14.10": (
        [{"who": "Rack & Row", "what": "Addresses", "allows": "contract"}],
        [{"who": "Rack & Row", "what": "Addresses", "allows": "habit"}],
    ),
    "A14.11": ("Seed shops, with their own notices.", "—"),
    "A14.12": (
        {"countries": "Ireland, United States", "laws": ["gdpr"], "how": "Standard contract clauses."},
        {"countries": "Ireland, United States", "laws": ["roman"], "how": "Standard contract clauses."},
    ),
    "A14.13": ({"measures": ["access", "mfa"], "breach": "on"}, {"measures": ["access", "mfa"]}),
    "A14.14": (["none"], ["none", "opens"]),
    "A14.15": (WORDS, "n.a."),
    "A14.16": (WORDS, "comply"),
    "A15.01": ("Seed & Soil Ltd", "S"),
    "A15.02": ("yes", "soon"),
    "A15.04": ("on", NOTHING),
    "A15.05": ("affiliate", "friend"),
    "A15.06": ("Ireland", "!"),
    "A16.01": (["can_spam"], NOTHING),
    "A16.02": ({"who": "Mara Lindqvist", "trained": "2026-02-01"}, {"who": "Mara Lindqvist", "trained": "2027-02-01"}),
    "A16.04": ("on", NOTHING),
    "A16.05": ("on", NOTHING),
    "A16.06": ("on", NOTHING),
    "A18.02": ("on", NOTHING),
    "A18.03": ("on", NOTHING),
    "A18.04": ("on", NOTHING),
    "A18.05": ("on", NOTHING),
    "A18.06": ("on", NOTHING),
    "A18.07": ("on", NOTHING),
    "A18.08": ("Mara Lindqvist", "Mara"),
}

ANSWERS = COMPANY | SENDING | MAILING | LAW

FILES = {
    "A1.13", "A1.16", "A2.02", "A4.11", "A5.12", "A5.15", "A6.10", "A7.08", "A9.07", "A9.17", "A9.21", "A9.23",
    "A9.25", "A11.19", "A15.07", "A16.03",
}  # fmt: skip
