"""Postal addresses in running text: where one stands, and whether one might. Pure, and made to be cautious.

An address is taken for one when a street with a number (or a box) and a postal code with a place stand close together,
each in a form that is written so in some country. That such a street exists, nobody can tell from here. `might_hold`
is the other side: without any of its signs a text holds no address that a reader would find.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

CLOSE = 4  # lines that one address may take
LONGEST = 240  # letters of it
MOST = 20  # addresses of one page
MOST_LINES = 200  # with a figure in them, that are looked at: the first and the last of a page
WIDEST = 400  # letters of a line that are looked at

_BEFORE = (
    r"rue|avenue|av|boulevard|bd|place|quai|chemin|impasse|route|calle|c|avenida|avda|plaza|paseo|carrer|rua|praça|"
    r"travessa|via|viale|piazza|corso|largo|ul|ulica|aleja|al|plac|os|ulice|nám|náměstí|ulitsa|улица|ул|проспект|пр|"
    r"переулок|пер|шоссе|jalan|jl"
)
_AFTER = (
    r"street|st|road|rd|avenue|ave|lane|ln|drive|dr|way|square|sq|court|ct|terrace|close|crescent|row|hill|quay|wharf|"
    r"boulevard|blvd|parkway|pkwy|highway|hwy|place|plaza|circle|broadway|gardens|mews|yard|walk|park|centre|center"
)
_WITHIN = (
    r"(stra(ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee|markt|steig|straat|laan|plein|kade|gracht|dijk|"
    r"singel|gatan|vägen|gata|väg|torget|vej|gade|vænget|veien|gaten|torg|katu|tie|kuja|polku|sokak|caddesi|cad\.|sok\.)"
)
_NUMBER = r"\d{1,5}\s?[a-zA-Z]?(\s?[-–/]\s?\d{1,5}[a-zA-Z]?)?"
STREET = re.compile(
    rf"\b({_BEFORE})\.?\s+[^\d,;|]{{2,50}}?[,\s]+(n[°º.]\s?|nr\.?\s?|д\.\s?|no\.?\s?)?{_NUMBER}\b"
    rf"|\b{_NUMBER}(\s(bis|ter))?,?\s+({_BEFORE})\b\.?\s+\w"
    rf"|\b{_NUMBER},?\s+(\w[\w'’.-]*\s){{1,4}}({_AFTER})\b"
    rf"|[\w.'’-]\s?{_WITHIN}\s?(n[ro]\.?:?\s?)?{_NUMBER}\b"
    rf"|\b[^\W\d_]\w{{1,30}} (ulice|ulica|utca|út|gate|gata|gade|strada|rruga)\s{_NUMBER}\b"
    r"|\d+\s?(丁目|番地?|号|號)|[\u3040-\u9fff]\s?\d{1,3}(-\d{1,3}){1,2}\b"
    r"|\b(p\.?\s?o\.?\s?box|postfach|postbus|boîte postale|b\.?p\.?|apartado( de correos)?|casilla|caixa postal|"
    r"casella postale|skrytka pocztowa|а/я|pmb|postboks|box)\s?(n[°º.]\s?)?\d{1,8}\b",
    re.IGNORECASE,
)
_PLACE = r"(?![a-zà-öø-ÿа-я])[^\W\d_][\w'’.-]{0,40}"  # with a capital, where a script has them
CODE = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b"  # GB
    r"|\b[A-Z]{2},?\s+\d{5}(-\d{4})?\b"  # US
    r"|\b[A-CEGHJ-NPRSTVXY]\d[A-Z]\s?\d[A-Z]\d\b"  # CA
    r"|\b[A-Z]\d{2}\s?[A-Z\d]{4}\b"  # IE
    rf"|\b\d{{4}}\s?[A-Z]{{2}}\s+{_PLACE}"  # NL
    r"|\b(NSW|VIC|QLD|WA|SA|TAS|ACT|NT)\s+\d{4}\b"  # AU
    rf"|\b\d{{3}}\s?\d{{2}}\s+{_PLACE}"  # SE, CZ, SK, GR
    rf"|\b\d{{2}}-\d{{3}}\s+{_PLACE}"  # PL
    rf"|\b\d{{4}}-\d{{3}}\s+{_PLACE}"  # PT
    r"|\b\d{5}-\d{3}\b"  # BR
    r"|[\u3040-\u9fff][^\d]{0,3}\d{6}\b|\b\d{6}\s?[\u3040-\u9fff]"  # CN
    r"|〒\s?\d{3}-\d{4}|\b\d{3}-\d{4}\s?[^\W\d_]"  # JP
    rf"|\b([A-Z]{{1,2}}-)?\d{{4,6}},?\s+{_PLACE}"  # most others, the code before the place
    rf"|{_PLACE},?\s+\d{{5,6}}\b"  # and some after it
)
YEAR = re.compile(r"\b(19|20)\d\d\b")


def addresses(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(number of the line that it begins in, the address on one line), each line taken into one address at most. Of a
    long line only its beginning is shown."""
    found, after = 0, 0
    for at in _telling(lines):
        if at < after or found >= MOST:
            continue
        if taken := _address_at(lines, at):
            yield at, ", ".join(lines[at : at + taken])[:LONGEST]
            found, after = found + 1, at + taken


def _address_at(lines: Sequence[str], at: int) -> int:
    """How many lines an address takes that begins in this one; 0 for none."""
    if not STREET.search(lines[at][:WIDEST]):
        return 0
    for count in range(1, CLOSE + 1):
        text = ", ".join(lines[at : at + count])
        if _within(text):
            return count
        if len(text) > LONGEST:
            break
    return 0


def _within(text: str) -> bool:
    """A street and a code, apart from each other and close."""
    streets = list(islice(STREET.finditer(text[:WIDEST]), 10))
    codes = [_figures(code) for code in islice(CODE.finditer(text[:WIDEST]), 10)]
    return any(
        0 <= at - street.end() <= 120 or 0 <= street.start() - at <= 60
        for street in streets
        for at, figures in codes
        if not YEAR.fullmatch(figures)
    )


def _figures(code: re.Match[str]) -> tuple[int, str]:
    """(where, which): the longest run of figures in a code."""
    longest = max(re.finditer(r"\d+", code[0]), key=lambda run: len(run[0]))
    return code.start() + longest.start(), longest[0]


def might_hold(lines: Sequence[str]) -> bool:
    """Is there any sign of an address, a street's number or a code beside a word?"""
    telling = _telling(lines)
    if len(telling) < sum(map(_has_digit, lines)):
        return True
    told = [YEAR.sub(" ", lines[at][:WIDEST]) for at in telling]
    return any(STREET.search(line) or CODE.search(line) for line in told)


def _telling(lines: Sequence[str]) -> list[int]:
    """The numbers of the lines that are looked at."""
    told = [at for at, line in enumerate(lines) if _has_digit(line)]
    return told if len(told) <= MOST_LINES else told[: MOST_LINES // 2] + told[-MOST_LINES // 2 :]


def _has_digit(line: str) -> bool:
    return any(mark.isdigit() for mark in line[:WIDEST])
