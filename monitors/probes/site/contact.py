"""Whom does one page say is behind it: names, mail addresses, telephone numbers, postal addresses. Pure.

A clue either *holds*, or somebody has to look. It holds when a mail address lies in a domain of the vendor, a telephone
number is one that the numbering plan knows (nobody rings it), and a postal address is given to machines whole, or
stands in the text close to the vendor's name. Whatever might be one to a reader is a doubt, so that nothing is called
missing that a reader would find.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

import phonenumbers

from monitors.probes.markup import MAIL_ADDRESS, Markup, plain
from monitors.probes.names import host_of, registrable
from monitors.probes.site import linked_data, postal
from monitors.probes.website import Website

NEAR = 6  # lines between an address and the name of whom it is
MOST_CLUES = 40  # of one part and page
LONGEST = 200  # letters of a snippet
DIGITS = re.compile(r"(?<![\w.])[+(]?[\d(][\d ()/.–-]{5,24}\d(?!\w)")
DATE = re.compile(r"(19|20)\d\d[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./](19|20)\d\d|(19|20)\d\d\s?[–-]\s?(19|20)\d\d")
A_REGISTER = re.compile(  # what stands before a number of a register, a tax office or a bank
    r"(vat|ust|tax|steuer|registration|registered|company|reg|siret|siren|rcs|nif|cif|iva|kvk|btw|org|nip|regon|krs|"
    r"ičo?|dič|инн|огрн|кпп|iban|bic|konto|account|hrb|hra|fn|ein|duns|charity|licen[cs]e|abn|acn)"
    r"\W{0,3}(n[ro°º]?|num\w*|id|identnr|iva)?[\W_]{0,4}$",
    re.IGNORECASE,
)
FICTION = re.compile(r"\+1\d{3}55501\d\d")  # numbers that North America keeps for stories
HIDDEN_MAIL = "/cdn-cgi/l/email-protection"  # how one network hides addresses from machines

NameMatch = Callable[[str], bool]


class Part(StrEnum):
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Clue:
    """`value` is as short as it can be compared: the mail address, the number in E.164, the address on one line;
    empty where only a sign of one was seen."""

    part: Part
    holds: bool
    value: str
    snippet: str
    url: str


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom the details should belong to. `names_match` says whether a text names the vendor; `domains` are registrable
    ones of theirs; `regions` are those whose telephone numbers may stand without a country code ("GB")."""

    names_match: NameMatch
    domains: Collection[str]
    regions: Sequence[str] = ()


def clues(site: Website, whose: Whose) -> list[Clue]:
    """All that a page shows, each part's clues in the page's order. Nothing of a page that is not live."""
    markup = site.markup
    if markup is None:
        return []
    url = site.landed or site.url
    said = [*linked_data.of_json(markup.data), *linked_data.of_microdata(markup.items)]
    found = []
    if whose.names_match(site.said):
        found.append(Clue(Part.NAME, True, "", _line_that(whose.names_match, markup), url))
    for part, read in ((Part.EMAIL, _mails), (Part.PHONE, _phones), (Part.ADDRESS, _places)):
        seen: dict[tuple[bool, str], Clue] = {}
        for holds, value, snippet in read(markup, said, whose):
            seen.setdefault((holds, value), Clue(part, holds, value, plain(snippet)[:LONGEST], url))
            if len(seen) >= MOST_CLUES:
                break
        found += seen.values()
    return found


Seen = tuple[bool, str, str]  # (holds, value, snippet)


def _line_that(names_match: NameMatch, markup: Markup) -> str:
    """Where the name stands, as far as it stands on one line near either end of the page."""
    lines = [markup.title, *markup.lines[:30], *markup.lines[-30:]]
    return next((line[:LONGEST] for line in lines if names_match(line)), "")


# ── mail ────────────────────────────────────────────────────────────────────
def _mails(markup: Markup, said: Iterable[linked_data.Said], whose: Whose) -> Iterator[Seen]:
    for part, value in said:
        if part == "email":
            yield from _mail(value, value, whose)
    for link in markup.links:
        for one in link.mailbox.split(",")[:3]:
            yield from _mail(one, link.around or link.words or one, whose)
        if HIDDEN_MAIL in link.url:
            yield False, "", link.words or "An address that is hidden from machines"
    for snippet, at in _around(markup.text, r"@|[\[(]at[\])]"):
        if match := next((one for one in MAIL_ADDRESS.finditer(snippet) if one.start() <= at < one.end()), None):
            yield from _mail(match[0], snippet, whose)
    if any(not form.is_search for form in markup.forms):
        yield False, "", "A form"


def _mail(text: str, snippet: str, whose: Whose) -> Iterator[Seen]:
    address = re.sub(r"\s?[\[(]at[\])]\s?", "@", text.strip().lower(), flags=re.IGNORECASE)
    if match := MAIL_ADDRESS.fullmatch(address):
        host = host_of(match[0])
        yield (registrable(host) or host) in whose.domains, address, snippet


def _around(text: str, pattern: str) -> Iterator[tuple[str, int]]:
    """(the surroundings of each match, where in them it is)."""
    for count, match in enumerate(re.finditer(pattern, text, re.IGNORECASE)):
        if count >= MOST_CLUES:
            return
        start = max(0, match.start() - 80)
        yield text[start : match.end() + 80], match.start() - start


# ── telephone ───────────────────────────────────────────────────────────────
def _phones(markup: Markup, said: Iterable[linked_data.Said], whose: Whose) -> Iterator[Seen]:
    for part, value in said:
        if part == "telephone":
            yield _phone(value, whose), _number(value, whose) or value, value
    for link in markup.links:
        if link.url.lower().startswith(("tel:", "callto:")):
            value = unquote(link.url.partition(":")[2])
            yield _phone(value, whose), _number(value, whose) or plain(value)[:30], link.words or value
    candidates = 0
    for match in DIGITS.finditer(markup.text):
        before = markup.text[max(0, match.start() - 30) : match.start()]
        digits = sum(mark.isdigit() for mark in DATE.sub("", match[0]))
        if digits < 7 or A_REGISTER.search(before):
            continue
        candidates += 1
        if candidates > MOST_CLUES:
            return
        snippet = f"{before}{match[0]}"
        number = next(_matches(match[0], whose), "")
        yield bool(number), number or match[0], snippet


def _matches(text: str, whose: Whose) -> Iterator[str]:
    """Numbers in a short text, in E.164, read as they are dialled in each region."""
    for region in (None, *whose.regions):
        for match in phonenumbers.PhoneNumberMatcher(text, region, max_tries=10):
            number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            if not FICTION.fullmatch(number):
                yield number


def _number(text: str, whose: Whose) -> str:
    """A number that is all of a text, in E.164; empty when no plan knows it."""
    return next(_matches(text[:40], whose), "")


def _phone(text: str, whose: Whose) -> bool:
    return bool(_number(text, whose))


# ── post ────────────────────────────────────────────────────────────────────
def _places(markup: Markup, said: Iterable[linked_data.Said], whose: Whose) -> Iterator[Seen]:
    for part, value in said:
        if part == "address":
            yield True, value, value
        elif part == "place":
            yield next(postal.addresses([value]), None) is not None, value, value
    is_found = False
    for at, value in postal.addresses(markup.lines):
        is_found = True
        near = " \n ".join(markup.lines[max(0, at - NEAR) : at + postal.CLOSE + NEAR])
        yield whose.names_match(near[:2000]), value, value
    if not is_found and postal.might_hold(markup.lines):
        yield False, "", "Something that may be a postal address"
