"""What people type about a vendor, made clean or refused with a sentence: names, addresses, host names, mail, phones.

Every cleaner takes text and returns the one spelling that is stored, or raises ValidationError whose sentence names
the value and the way out. Forms, the API and the CSV import all use these and nothing else. None of them asks the
network whether the thing exists.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit, urlunsplit

import idna
import phonenumbers
from django.core.exceptions import ValidationError
from email_validator import EmailNotValidError, validate_email

from vendors.addresses import clean_address

__all__ = [
    "ALIAS",
    "CONTACT",
    "DOMAIN",
    "SERVER",
    "VENDOR",
    "clean_address",
    "clean_domain",
    "clean_email",
    "clean_hostname",
    "clean_name",
    "clean_phone",
    "clean_selector",
    "clean_selectors",
    "clean_web",
    "cleaned",
    "optional",
]

Cleaner = Callable[[str], str]

NAME_LIMIT = 200  # characters
HOSTNAME_LIMIT = 253  # characters (RFC 1035, 2.3.4, without the closing dot)
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")  # RFC 1123, 2.1
SELECTOR = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
SELECTOR_LIMIT = 200  # characters
MOST_SELECTORS = 20  # of one domain: monitors.probes.dkim looks at no more
WEB_LIMIT = 1000  # characters
PHONE = re.compile(r"\+[0-9 ().\-/]*")
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, bidirectional and other characters without a picture


def clean_name(text: str) -> str:
    """A name of a vendor or person on one line, NFC, at most 200 characters."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise ValidationError("Write a name.", code="name")
    if len(name) > NAME_LIMIT:
        raise ValidationError(
            f"“{_short(name)}” has {len(name)} characters. A name may have {NAME_LIMIT}: shorten it.", code="name"
        )
    if unseen := next((c for c in name if unicodedata.category(c) in UNSEEN), None):
        raise ValidationError(
            f"“{_short(name)}” holds a character that cannot be seen (U+{ord(unseen):04X}). Type the name anew.",
            code="name",
        )
    if not any(c.isalnum() for c in name):
        raise ValidationError(f"“{_short(name)}” is no name. Write one with letters or digits.", code="name")
    return name


def clean_hostname(text: str) -> str:
    """A host name as DNS has it: lower case, A-labels (RFC 5891), no dot at the end, at least two labels."""
    written = text.strip().removesuffix(".")
    shown = f"“{_short(text.strip())}”"
    if not written:
        raise ValidationError("Write a host name, for example mail.example.com.", code="hostname")
    if len(written) > HOSTNAME_LIMIT:
        raise ValidationError(
            f"{shown} has {len(written)} characters. A host name has at most {HOSTNAME_LIMIT}.", code="hostname"
        )
    if written.startswith("[") or ":" in written or re.fullmatch(r"[0-9.]+", written):
        raise ValidationError(
            f"{shown} is no host name. Write a name like mail.example.com, without a port; an IP address belongs in "
            "the address field.",
            code="hostname",
        )
    if "_" in written:
        raise ValidationError(f"{shown} holds an underscore, which no host name may have.", code="hostname")
    try:
        name = idna.encode(written, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise ValidationError(
            f"{shown} is no host name. Its parts are letters, digits and hyphens, with single dots between, "
            "like mail.example.com.",
            code="hostname",
        ) from None
    labels = name.split(".")
    if len(labels) < 2:
        raise ValidationError(
            f"{shown} is only part of a host name. Write all of it, like mail.example.com.", code="hostname"
        )
    if not all(LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise ValidationError(
            f"{shown} is no host name. Each part has 1 to 63 letters, digits and hyphens, does not begin or end with "
            "a hyphen, and the last one is not a number.",
            code="hostname",
        )
    return name


def clean_domain(text: str) -> str:
    """A domain as DNS has it, like a host name; where more than the domain was typed the sentence says so."""
    shown = f"“{_short(text.strip())}”"
    if "/" in text:
        raise ValidationError(
            f"{shown} is a web address. Write only the domain in it, like example.com.", code="hostname"
        )
    if "@" in text:
        raise ValidationError(f"{shown} is a mail address. Write only the part after the @.", code="hostname")
    return clean_hostname(text)


def clean_email(text: str) -> str:
    """One address, ASCII (a domain in other letters as A-labels), as a plain SMTP server accepts it (RFC 5321)."""
    written = text.strip()
    shown = f"“{_short(written)}”"
    if not written:
        raise ValidationError("Write an email address, for example abuse@example.com.", code="email")
    if written.count("@") > 1 or any(mark in written for mark in ",;"):
        raise ValidationError(f"{shown} looks like several addresses. Write one; add a contact for each.", code="email")
    if "<" in written:
        raise ValidationError(f"{shown} has a name around the address. Write only the address.", code="email")
    try:
        found = validate_email(written, check_deliverability=False, strict=True)
    except EmailNotValidError as refused:
        raise ValidationError(f"{shown} is not an email address. {refused}", code="email") from None
    if found.ascii_email is None:
        raise ValidationError(
            f"{shown} has letters before the @ that many mail servers refuse. Write an address in plain ASCII.",
            code="email",
        )
    return found.ascii_email


def clean_phone(text: str) -> str:
    """A telephone number as E.164, from its international form."""
    written = " ".join(text.split())
    shown = f"“{_short(written)}”"
    if not written:
        raise ValidationError("Write a telephone number, like +44 20 7946 0958.", code="phone")
    if not written.startswith("+"):
        raise ValidationError(
            f"{shown} does not begin with + and a country code. Write the number as it is dialled from abroad, "
            "like +44 20 7946 0958.",
            code="phone",
        )
    if not PHONE.fullmatch(written):
        raise ValidationError(
            f"{shown} holds more than a telephone number. Write digits only after the +, without an extension.",
            code="phone",
        )
    try:
        number = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        raise ValidationError(
            f"{shown} is not a telephone number. Write + and the country code, then the number, like +44 20 7946 0958.",
            code="phone",
        ) from None
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(
            f"{shown} is not a number that exists in the country with the code +{number.country_code}. "
            "Check its digits.",
            code="phone",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def clean_selector(text: str) -> str:
    """The selector of a DKIM key, one or more labels (RFC 6376, 3.1), lower case."""
    written = text.strip().removesuffix(".").lower()
    shown = f"“{_short(text.strip())}”"
    if "_domainkey" in written.split("."):
        raise ValidationError(
            f"{shown} is the name of a DKIM key. Write only what stands before ._domainkey.", code="selector"
        )
    if not written or len(written) > SELECTOR_LIMIT or not all(map(SELECTOR.fullmatch, written.split("."))):
        raise ValidationError(
            f"{shown} is no DKIM selector. It is what stands after s= in a DKIM-Signature: letters, digits, hyphens.",
            code="selector",
        )
    return written


def clean_selectors(texts: Iterable[str]) -> list[str]:
    """The selectors of one domain, each once, in order; ValidationError has a sentence for each that is none."""
    found: set[str] = set()
    faults: list[str] = []
    for text in filter(str.strip, texts):
        try:
            found.add(clean_selector(text))
        except ValidationError as refused:
            faults += refused.messages
    if len(found) > MOST_SELECTORS:
        faults.append(
            f"These are {len(found)} selectors. A domain may have {MOST_SELECTORS}: leave out those not in use."
        )
    if faults:
        raise ValidationError(faults, code="selector")
    return sorted(found)


def clean_web(text: str) -> str:
    """The address of a web page: http or https, its host in A-labels, without a user name."""
    written = text.strip()
    shown = f"“{_short(written)}”"
    if len(written) > WEB_LIMIT:
        raise ValidationError(
            f"{shown} has {len(written)} characters. A web address has at most {WEB_LIMIT}.", code="web"
        )
    if any(c.isspace() for c in written) or not written.isprintable():
        raise ValidationError(
            f"{shown} holds a blank or a character that cannot be seen. Copy the address from the browser's bar.",
            code="web",
        )
    try:
        parts = urlsplit(written)
        port = parts.port
        host = clean_hostname(parts.hostname or "")
    except (ValueError, ValidationError):  # a ValueError of urllib's: brackets that do not close, a port of letters
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise ValidationError(
            f"{shown} is no web address. Write one like https://www.example.com/unsubscribe.", code="web"
        )
    place = host if port is None else f"{host}:{port}"
    return urlunsplit((parts.scheme, place, parts.path, parts.query, parts.fragment))


def optional(clean: Cleaner) -> Cleaner:
    """`clean`, with nothing typed left as nothing."""
    return lambda text: clean(text) if text.strip() else ""


VENDOR: Mapping[str, Cleaner] = {"name": clean_name}
SERVER: Mapping[str, Cleaner] = {
    "address": clean_address,
    "hostname": optional(clean_hostname),
    "helo": optional(clean_hostname),
}
DOMAIN: Mapping[str, Cleaner] = {"name": clean_domain, "opt_out_url": optional(clean_web)}
ALIAS: Mapping[str, Cleaner] = {"name": clean_name}
CONTACT: Mapping[str, Cleaner] = {"name": clean_name, "email": clean_email, "phone": optional(clean_phone)}


def cleaned(cleaners: Mapping[str, Cleaner], values: Mapping[str, str]) -> dict[str, str]:
    """`values` through their cleaners. Raises one ValidationError that holds the sentence of every field at fault."""
    found: dict[str, str] = {}
    faults: dict[str, list[str]] = {}
    for field, value in values.items():
        try:
            found[field] = cleaners[field](value)
        except ValidationError as refused:
            faults[field] = refused.messages
    if faults:
        raise ValidationError(faults)
    return found


def _short(text: str) -> str:
    """`text` fit to be quoted in a sentence: without what cannot be seen, and not longer than 60 characters."""
    seen = "".join(c for c in text if unicodedata.category(c) not in UNSEEN)
    return seen if len(seen) <= 60 else f"{seen[:60]}…"


def write_phone(number: str) -> str:
    """A stored number (E.164) as people read it: `+44 20 7946 0958`. What is no number stays as it is."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return number
