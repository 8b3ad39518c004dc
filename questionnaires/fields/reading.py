"""One line of text becomes the value that its kind documents, or is refused with a sentence. No forms, no database.

Each reader takes the text as typed (never empty) and returns the one spelling that is stored. What vendors/fields.py
already reads (host names, mail, telephones, addresses) is read there.
"""

import re
import unicodedata
from datetime import date
from ipaddress import ip_network
from urllib.parse import urlsplit, urlunsplit

import idna
from django.core.exceptions import ValidationError

from monitors.probes.names import registrable
from vendors.fields import UNSEEN, clean_address, clean_hostname

TEXT_LIMIT = 255  # characters
AREA_LIMIT = 2000  # characters
URL_LIMIT = 2000  # characters
NUMBER_LIMIT = 10_000_000_000
WHOLE = 10_000  # hundredths of a per cent
NO_ANSWER = frozenset({"n/a", "na", "n.a.", "n. a.", "n/k", "not applicable", "tbd", "tba", "to follow", "todo", "xxx"})
FORM = re.compile(r"[A-Za-z0-9.!#$&'*+/=?^_`|~-]+\{[a-z_-]+\}[A-Za-z0-9.+=_-]*@[^@{}]+")
GROUPED = re.compile(r"\d{1,3}([,.'’  \u202f]\d{3})+|\d+", re.ASCII)
PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?", re.ASCII)


def text(written: str, least: int | None = None, most: int | None = None) -> str:
    """One line: NFC, single blanks."""
    return _checked(" ".join(unicodedata.normalize("NFC", written).split()), least, most or TEXT_LIMIT)


def area(written: str, least: int | None = None, most: int | None = None) -> str:
    """Several lines: NFC, each without blanks at its end."""
    lines = unicodedata.normalize("NFC", written).replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    return _checked("\n".join(line.rstrip() for line in lines).strip(), least, most or AREA_LIMIT)


def _checked(found: str, least: int | None, most: int) -> str:
    if unseen := next((c for c in found if unicodedata.category(c) in UNSEEN and c != "\n"), None):
        raise ValidationError(
            f"{quote(found)} holds a character that cannot be seen (U+{ord(unseen):04X}). Type the answer anew."
        )
    if found.casefold() in NO_ANSWER:
        raise ValidationError(f"{quote(found)} needs a reason. Write why the question does not apply to you.")
    if not any(c.isalnum() for c in found):
        raise ValidationError(f"{quote(found)} is no answer. Write one in words or figures.")
    if len(found) > most:
        raise ValidationError(f"Your answer has {len(found):,} characters. It may have {most:,}: shorten it.")
    if least and len(found) < least:
        raise ValidationError(f"{quote(found)} is too short. Write at least {least} characters.")
    return found


def number(written: str, least: int | None = None, most: int | None = None) -> int:
    """A whole number; 12,000 and 12 000 are read as 12000."""
    lowest, highest = 0 if least is None else least, NUMBER_LIMIT if most is None else most
    if not GROUPED.fullmatch(written):
        raise ValidationError(f"{quote(written)} is no whole number. Write it in digits, like 1200.")
    found = int(re.sub(r"\D", "", written)[:20])
    if not lowest <= found <= highest:
        raise ValidationError(f"{quote(written)} is out of range. Write a number from {lowest:,} to {highest:,}.")
    return found


def percent(written: str, least: int | None = None, most: int | None = None) -> int:
    """12.5, 12,5 or 12.5 % as hundredths of a per cent, 1250; so are `least` and `most`."""
    lowest, highest = 0 if least is None else least, WHOLE if most is None else most
    said = PERCENT.fullmatch(written.removesuffix("%").strip())
    if not said:
        raise ValidationError(f"{quote(written)} is no percentage. Write it like 12 or 0.25, two decimals at most.")
    found = int(said[1]) * 100 + int((said[2] or "").ljust(2, "0"))
    if not lowest <= found <= highest:
        raise ValidationError(
            f"{quote(written)} is out of range. Write a percentage from {write_percent(lowest)} to "
            f"{write_percent(highest)}."
        )
    return found


def write_percent(hundredths: int) -> str:
    """1250 as 12.5."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".")


def day(written: str) -> str:
    """A day of the calendar, 2026-11-21."""
    try:
        found = date.fromisoformat(written) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written, re.ASCII) else None
    except ValueError:
        raise ValidationError(f"{quote(written)} is no day of the calendar. Check its month and day.") from None
    if found is None or found.year < 1900:
        raise ValidationError(f"{quote(written)} is no date. Write year, month and day, like 2026-11-21.")
    return found.isoformat()


def domain(written: str) -> str:
    """A name that somebody can have registered, or one below it; A-labels."""
    if "://" in written or "/" in written:
        raise ValidationError(f"{quote(written)} is an address of the web. Write only the domain, like example.com.")
    if "@" in written:
        raise ValidationError(f"{quote(written)} is a mail address. Write only the part after the @.")
    found = clean_hostname(written)
    if not registrable(found):
        raise ValidationError(
            f"{quote(written)} is an ending under which others register. Write your own domain, like example.com."
        )
    return found


def url(written: str) -> str:
    """An https address of a page, its host in A-labels, without user and password."""
    if len(written) > URL_LIMIT:
        raise ValidationError(f"The address has {len(written):,} characters. It may have {URL_LIMIT:,}.")
    if any(c.isspace() or unicodedata.category(c) in UNSEEN for c in written):
        raise ValidationError(f"{quote(written)} holds a blank or a character that cannot be seen. Leave it out.")
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError:
        raise ValidationError(f"{quote(written)} cannot be read. Write it like https://www.example.com/page.") from None
    if parts.scheme != "https":
        raise ValidationError(f"{quote(written)} does not begin with https://. Write the whole, secure address.")
    if parts.username is not None or parts.password is not None:
        raise ValidationError(f"{quote(written)} holds a user name or password. Leave them out.")
    host = clean_hostname(parts.hostname or "")
    if not registrable(host):
        raise ValidationError(f"{quote(written)} is under no registered domain. Check the name after https://.")
    place = host if port in {None, 443} else f"{host}:{port}"
    return urlunsplit(("https", place, parts.path or "/", parts.query, parts.fragment))


def network(written: str) -> str:
    """A public address, or a range in CIDR form; in canonical spelling. How wide it may be is a check's business."""
    if "/" not in written:
        return clean_address(written)
    try:
        wide = ip_network(written, strict=False)
    except ValueError:
        raise ValidationError(
            f"{quote(written)} is no range. Write the first address, a slash and the prefix length, like 192.0.2.0/28."
        ) from None
    first = ip_network(written.partition("/")[0], strict=False)
    if first.network_address != wide.network_address:
        raise ValidationError(
            f"{quote(written)} does not begin where its range begins. Write {wide} for the range, or one address alone."
        )
    return clean_address(str(wide.network_address)) if wide.num_addresses == 1 else str(wide)


def return_path(written: str) -> str:
    """An address, or a VERP pattern: an address with one token in braces for what changes with the recipient, behind
    what stays the same. A token alone would be any address of the domain."""
    local, at, host = written.rpartition("@")
    if not at or not local:
        raise ValidationError(f"{quote(written)} is no address. Write one like bounce@example.com.")
    if local.startswith("{"):
        raise ValidationError(
            f"{quote(written)} begins with what changes, and would be any address of the domain. Write first what "
            "all of them begin with: bounce+{recipient}@example.com."
        )
    if not re.fullmatch(r"[A-Za-z0-9.!#$&'*+/=?^_`|~-]+", local) and not is_form(written):
        raise ValidationError(
            f"{quote(written)} cannot be read. Write an address, with one token in braces where it changes: "
            "bounce+{recipient}@example.com."
        )
    return f"{local}@{clean_hostname(host)}"


def is_form(address: str) -> bool:
    """Is it the form of many: something fixed, one token in braces, perhaps something fixed, and the domain?"""
    return FORM.fullmatch(address) is not None


def quote(written: str) -> str:
    """As it stands in a sentence: short, and without what cannot be seen."""
    seen = "".join(c for c in " ".join(written.split()) if unicodedata.category(c) not in UNSEEN)
    return f"“{seen if len(seen) <= 60 else seen[:60] + '…'}”"


def as_people_read(host: str) -> str:
    """A host name in its own letters: bücher.example, not xn--bcher-kva.example."""
    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host
