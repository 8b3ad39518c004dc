"""Are these two the name of one company? Pure, and strict: equal after spelling is evened out, or not.

A likeness decides nothing ("Mail Ltd" is not "Acme Mail Ltd"). The legal form may be left out on one side; two
different forms are two companies.
"""

import re
import unicodedata

_FORMS = """
ab ag aps as asa bv bvba co company corp corporation cv eg eirl ek ev gbr gmbh gmbhcokg inc incorporated kft kg kk lc
limited llc llp lp ltd ltda mbh nv ood oy oyj ohg plc pllc pte pty ptyltd pvt pvtltd sa sarl sas sasu se sl slu spa spk
spzoo sro srl ug unlimited zoo
"""
FORMS = frozenset(_FORMS.split())
SPELLINGS = {
    "limited": "ltd",
    "incorporated": "inc",
    "corporation": "corp",
    "company": "co",
    "ptyltd": "pty",
    "pvtltd": "pvt",
}


def is_same(one: str, other: str) -> bool:
    """Whether the two name one company."""
    (base, form), (other_base, other_form) = _parts(one), _parts(other)
    return bool(base) and base == other_base and (form == other_form or not form or not other_form)


def is_shown(company: str, text: str) -> bool:
    """Whether `text` names the company: in whole words and with no other legal form after it. A name of one word is
    known by its form as well, where it has one: "Mail" alone is on every page."""
    base, form = _parts(company)
    if not base:
        return False
    words, named = _words(text), base.split()
    for start in range(len(words) - len(named) + 1):
        if words[start] != named[0] or words[start : start + len(named)] != named:
            continue
        after = words[start + len(named) : start + len(named) + 3]
        other = next((tail for n in (3, 2, 1) if len(after) >= n and (tail := "".join(after[:n])) in FORMS), "")
        if not form or SPELLINGS.get(other, other) == form or (not other and len(named) > 1):
            return True
    return False


def _parts(name: str) -> tuple[str, str]:
    """(the name evened out, its legal form). A name that is nothing but a form keeps it."""
    words = _words(name)
    for length in (3, 2, 1):
        tail = "".join(words[-length:])
        if len(words) > length and tail in FORMS:
            return " ".join(words[:-length]), SPELLINGS.get(tail, tail)
    return " ".join(words), ""


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold().replace("&", " and ")
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    plain = re.sub(r"(?<=\b\w)\.(?=\w\b)", "", plain)  # s.a. and l.l.c. are one word
    return re.sub(r"[^\w]+", " ", plain).split()
