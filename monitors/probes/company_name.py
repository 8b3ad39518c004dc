"""Does a name name this company? The one rule of the product for it. Pure.

Strict: only equality after spelling is evened out passes, with the legal name or an approved other name. A likeness
decides nothing ("Mail Ltd" is not "Acme Mail Ltd"): it is shown to a person, or it is another's name. Ratios that pass
a part of a name for the whole (token set, partial) are never used.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cleanco import basename
from rapidfuzz.fuzz import token_sort_ratio

from monitors.probes.registration import PROXY_WORDS

LIKE = 90.0  # of 100: so alike that a person should look
LONGEST_FORM = 4  # words: GmbH & Co. KG
SHORT = 4  # a base of fewer characters must be equal with its legal form: "AB" is anybody

# Legal forms as they are once spelling is evened out. cleanco knows more; it lacks those that are not Latin
_FORMS = """
ab ag aktiengesellschaft aps as asa bv bvba co company corp corporation cv eg eirl ek ev eood gbr gk gmbh gmbhcokg
gmbhandcokg inc incorporated kft kg kk lc limited llc llp lp ltd ltda mbh nv ood oy oyj ohg plc pllc pte pteltd pty
ptyltd publiclimitedcompany pvt pvtltd sa sadecv sagl sarl sas sasu scs sdnbhd se sl slu sociedadanonima societeanonyme
sp spa spk spzoo sro srl ug unlimited zoo ооо оао зао пао тоо
"""
_CJK_FORMS = "株式会社 有限会社 合同会社 股份有限公司 有限责任公司 有限公司 주식회사 유한회사"
SPELLINGS = {
    "aktiengesellschaft": "ag",
    "company": "co",
    "corporation": "corp",
    "gmbhandcokg": "gmbhcokg",
    "incorporated": "inc",
    "limited": "ltd",
    "pteltd": "pte",
    "ptyltd": "pty",
    "publiclimitedcompany": "plc",
    "pvtltd": "pvt",
    "sociedadanonima": "sa",
    "societeanonyme": "sa",
}
VOICED = "\u3099\u309a"  # marks of kana that make another letter, not another spelling


class Match(StrEnum):
    VALID = "valid"  # the company's own name, or an approved other name of it
    SUSPECT = "suspect"  # so near that a person should look
    PROXY = "proxy"  # of a privacy or proxy service
    INVALID = "invalid"  # another's name


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason`: same, other_form, alike, short, other_script, proxy, person, other, empty. `known` is the name that it
    was nearest to."""

    match: Match
    reason: str
    known: str = ""


def judge(name: str, company: str, aliases: Iterable[str] = (), *, is_person: bool = False) -> Verdict:
    """What `name` is to the company of that legal name. `is_person` says that the source calls it a person's name: such
    a one is a person to look at, unless it is the company's own."""
    known = [one for one in (company, *aliases) if _parts(one)[0]]
    base, _ = _parts(name)
    if not base or not known:
        return Verdict(Match.SUSPECT, "empty")
    for one in known:
        if is_same(name, one):
            return Verdict(Match.VALID, "same", one)
    if PROXY_WORDS.search(name):
        return Verdict(Match.PROXY, "proxy")
    for one in known:
        if base == _parts(one)[0]:
            return Verdict(Match.SUSPECT, "short" if len(base) < SHORT else "other_form", one)
    nearest = max(known, key=lambda one: token_sort_ratio(base, _parts(one)[0]))
    if len(base) >= SHORT and token_sort_ratio(base, _parts(nearest)[0]) >= LIKE:
        return Verdict(Match.SUSPECT, "alike", nearest)
    if all(base.isascii() != _parts(one)[0].isascii() for one in known):
        return Verdict(Match.SUSPECT, "other_script", nearest)
    if is_person:
        return Verdict(Match.SUSPECT, "person")
    return Verdict(Match.INVALID, "other")


def is_same(one: str, other: str) -> bool:
    """Whether the two name one company. The legal form may be left out on one side, of a name that is long enough to be
    known without it; two forms are two companies."""
    (base, forms), (other_base, other_forms) = _parts(one), _parts(other)
    if not base or base != other_base:
        return False
    shared = min(len(forms), len(other_forms))
    return forms == other_forms or (len(base) >= SHORT and forms[:shared] == other_forms[:shared])


def is_shown(company: str, text: str) -> bool:
    """Whether `text` names the company: in whole words and with no other legal form after it. A name of one word is
    known by its form as well, where it has one: "Mail" alone is on every page."""
    named, form = _split(_words(company))
    if not named:
        return False
    words = _words(text)
    for start in range(len(words) - len(named) + 1):
        if words[start] != named[0] or words[start : start + len(named)] != named:
            continue
        rest = words[start + len(named) : start + len(named) + LONGEST_FORM]
        tails = ["".join(rest[:count]) for count in range(len(rest), 0, -1)]
        other = next((tail for tail in tails if tail in FORMS or tail == form), "")
        if not form or SPELLINGS.get(other, other) == form or (not other and len(named) > 1):
            return True
    return False


@lru_cache(maxsize=4096)
def _parts(name: str) -> tuple[str, tuple[str, ...]]:
    """(the name evened out, its legal forms in order). A name that is nothing but a form keeps it."""
    words = _words(name)
    forms: list[str] = []
    while True:
        words, form = _split(words)
        if not form:
            return " ".join(words), tuple(reversed(forms))
        forms.append(form)


def _split(words: list[str]) -> tuple[list[str], str]:
    """(the words without the legal form at their end, or in front where it stands there; that form)."""
    for length in range(min(LONGEST_FORM, len(words) - 1), 0, -1):
        tail = "".join(words[-length:])
        if tail in FORMS:
            return words[:-length], SPELLINGS.get(tail, tail)
    if len(words) > 1 and words[0] in FORMS and not words[0].isascii():
        return words[1:], words[0]
    for form in CJK_FORMS:  # written without a space
        if words and words[-1].endswith(form) and words[-1] != form:
            return [*words[:-1], words[-1].removesuffix(form)], form
        if words and words[0].startswith(form) and words[0] != form:
            return [words[0].removeprefix(form), *words[1:]], form
    kept = basename(" ".join(words)).split()
    if kept and len(kept) < len(words) and words[: len(kept)] == kept:
        return kept, "".join(words[len(kept) :])
    return words, ""


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name)).casefold().replace("&", " and ")
    plain = "".join(mark for mark in plain if mark in VOICED or not unicodedata.combining(mark))
    plain = re.sub(r"(?<=\b\w)\.(?=\w\b)", "", plain)  # s.a. and l.l.c. are one word
    return re.sub(rf"[^\w{VOICED}]+", " ", plain).split()


FORMS = frozenset("".join(_words(form)) for form in _FORMS.split())
CJK_FORMS = list(map("".join, map(_words, _CJK_FORMS.split())))
