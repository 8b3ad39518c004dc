"""What one element of a registration is worth: the holder's name, mail address, telephone number, postal address.

Facts of one answer, held against what is known of the vendor. Only what is certain is INVALID: an impossible number, a
provider's mailbox, another company's name. A soft doubt is SUSPECT, for a person. Whether a number is answered or a
street exists is not tried. What it amounts to is for `holder` to say.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from monitors.probes import company_name, mailbox
from monitors.probes.company_name import Match
from monitors.probes.holder_source import NAMES, Source
from monitors.probes.holder_tables import (
    AGENT_MAIL,
    AGENTS,
    CALLED,
    CARE_OF,
    CURES,
    FICTION,
    LENT_NUMBERS,
    MAILDROP,
    OPEN_IT,
    POST_BOX,
    UNPUBLISHED,
)
from monitors.probes.names import is_within, registrable
from monitors.probes.registration import RELAYS, Element, Registration, State

FEWEST = 8  # letters and digits of an address that a letter could reach


class ElementState(StrEnum):
    VALID = "valid"
    INVALID = "invalid"
    SUSPECT = "suspect"
    REDACTED = "redacted"
    PROXY = "proxy"
    MISSING = "missing"
    NOT_OFFERED = "not_offered"
    UNREACHABLE = "unreachable"
    STALE = "stale"
    WAIVED = "waived"
    DOCUMENTED = "documented"


@dataclass(frozen=True, slots=True)
class Company:
    """The vendor, as far as a registration can name it. `aliases` are names that staff approved: a parent, a brand.
    Without a name nobody is known to compare a holder with: what the name is worth stays open."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ElementResult:
    """One element. `reason` is one word of a closed vocabulary; `phrase` what was seen, in words that go into a
    sentence; `cure` what the vendor can do, "" when there is nothing to do."""

    element: str
    state: ElementState
    value: str
    reason: str
    phrase: str
    cure: str = ""

    @property
    def fault(self) -> str:
        return f"{self.element}:{self.reason}"

    @property
    def sentence(self) -> str:
        said = f"{self.phrase[:1].upper()}{self.phrase[1:]}."
        return f"{said} {self.cure}" if self.cure else said


def results(
    source: Source,
    domain: str,
    company: Company,
    vendor_domains: Iterable[str],
    *,
    test_environment: bool = False,
) -> tuple[ElementResult, ...]:
    """Name, mail address, telephone number and postal address as `source` has them. `test_environment` lets through
    what only a rehearsal uses: mail addresses below .test, and numbers that are kept for fiction."""
    found = source.registration
    own = {registrable(one) or one for one in vendor_domains}
    # A vendor may be called "Privacy Partners": then the service is the vendor itself
    is_itself = any(one.state is State.PROXY and _is_own(one, company) for one in (found.organisation, found.name))
    judges: list[tuple[str, Element, Callable[[str], tuple[ElementState, str, str]]]] = [
        ("name", _naming(found, company), lambda value: _name(value, found, company)),
        ("email", found.email, lambda value: _email(value, own, test_environment)),
        ("phone", found.phone, lambda value: _phone(value, found.country, test_environment)),
        ("address", found.address, _address),
    ]
    told = []
    for element, seen, judge in judges:
        is_lent = seen.state is State.PROXY and not (is_itself and not RELAYS.search(seen.value))
        if seen.state in (State.PRESENT, State.PROXY) and not is_lent:
            state, reason, phrase = judge(seen.value)
        else:
            state, reason, phrase = _unseen(element, seen, source, domain)
        cure = "" if reason == "not_compared" else _cure(element, state)
        told.append(ElementResult(element, state, seen.value, reason, phrase, cure))
    return tuple(told)


def _cure(element: str, state: ElementState) -> str:
    if state in (ElementState.INVALID, ElementState.SUSPECT, ElementState.MISSING):
        return CURES[element]
    return "" if state is ElementState.VALID else OPEN_IT


def _unseen(element: str, seen: Element, source: Source, domain: str) -> tuple[ElementState, str, str]:
    called = CALLED[element]
    if seen.state is State.PROXY:
        phrase = f"the {called} is that of a privacy or proxy service ({seen.value})"
        return ElementState.PROXY, "proxy", phrase
    if seen.state is State.REDACTED:
        return ElementState.REDACTED, "redacted", f"the {called} is withheld, says {NAMES[source.kind]}"
    if element in UNPUBLISHED.get(domain.rpartition(".")[2], ()):
        return ElementState.NOT_OFFERED, "unpublished", f"this registry never publishes the {called}"
    if not source.is_telling:
        return (
            ElementState.NOT_OFFERED,
            "absent",
            f"{NAMES[source.kind]} shows no {called}, which need not mean that there is none",
        )
    return ElementState.MISSING, "missing", f"the registration has no {called}, and nothing says that one is withheld"


# ── the four ────────────────────────────────────────────────────────────────
def _naming(found: Registration, company: Company) -> Element:
    """The element that names the holder: the organisation, unless only the name is the company's."""
    if found.name.state is State.PRESENT and _is_own(found.name, company):
        return found.organisation if _is_own(found.organisation, company) else found.name
    return found.holder


def _is_own(element: Element, company: Company) -> bool:
    return any(company_name.is_same(element.value, one) for one in (company.name, *company.aliases) if element.value)


def _name(value: str, found: Registration, company: Company) -> tuple[ElementState, str, str]:
    is_person = found.organisation.state is not State.PRESENT and found.kind != "org"
    verdict = company_name.judge(value, company.name, company.aliases, is_person=is_person)
    if verdict.match is Match.VALID:
        return ElementState.VALID, "same", f"the holder is {value}"
    if verdict.match is Match.PROXY or AGENTS.search(value):
        reason = "proxy" if verdict.match is Match.PROXY else "agent"
        return ElementState.PROXY, reason, f"the holder is given as {value}, who registers names for others"
    if not company.name:
        return ElementState.SUSPECT, "not_compared", f"the holder is {value}, and was compared with no name"
    if verdict.match is Match.INVALID:
        return ElementState.INVALID, "other", f"the holder is {value}, not {company.name}"
    if verdict.reason == "person":
        return ElementState.SUSPECT, "person", f"the holder is given as {value}, not as a company"
    return ElementState.SUSPECT, verdict.reason, f"the holder {value} may or may not be {company.name}"


def _email(value: str, own: set[str], test_environment: bool) -> tuple[ElementState, str, str]:
    if "@" not in value:
        return ElementState.SUSPECT, "unreadable", f"what stands as mail address is none ({value})"
    try:
        told = validate_email(value, check_deliverability=False, test_environment=test_environment)
    except EmailNotValidError:
        return ElementState.INVALID, "no_address", f"{value} is no mail address"
    host = told.ascii_domain.lower()
    if is_within(host, own) or registrable(host) in own:
        return ElementState.VALID, "own_domain", f"the mail address is {value}"
    if RELAYS.search(value):
        return ElementState.PROXY, "relay", f"the mail address {value} is a relay"
    if mailbox.is_disposable(host):
        return ElementState.INVALID, "disposable", f"the mail address {value} is one to be thrown away"
    if mailbox.is_free(host):
        return (
            ElementState.INVALID,
            "free_mail",
            f"the mail address {value} is at a provider that gives them to anybody",
        )
    if registrable(host) in AGENT_MAIL:
        return (
            ElementState.PROXY,
            "agent",
            f"the mail address {value} is that of an agent who registers names for others",
        )
    return (
        ElementState.SUSPECT,
        "other_domain",
        f"the mail address {value} is in no domain that we know as the vendor's",
    )


def _phone(value: str, country: str, test_environment: bool) -> tuple[ElementState, str, str]:
    if not any(mark.isdigit() for mark in value):
        return ElementState.SUSPECT, "unreadable", f"what stands as telephone number is none ({value})"
    region = country.upper() if len(country) == 2 and country.isascii() and country.isalpha() else None
    written = value.strip().removeprefix("tel:").split(";")[0]
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException as fault:
        if fault.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE and not written.startswith("+"):
            return (
                ElementState.SUSPECT,
                "no_country",
                f"the telephone number {value} does not say which country it is in",
            )
        return ElementState.INVALID, "impossible", f"{value} is no telephone number"
    if not phonenumbers.is_valid_number(number):
        if not written.startswith(("+", "00")):
            return (
                ElementState.SUSPECT,
                "no_country",
                f"the telephone number {value} does not say which country it is in",
            )
        return ElementState.INVALID, "impossible", f"{value} is a telephone number that cannot be"
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if plain in LENT_NUMBERS:
        return ElementState.PROXY, "lent", f"the telephone number {value} is that of a registrar or privacy service"
    if FICTION.fullmatch(plain) and not test_environment:
        return (
            ElementState.SUSPECT,
            "fiction",
            f"the telephone number {value} is one that is kept for films and examples",
        )
    code = phonenumbers.country_code_for_region(region) if region else 0
    if code and code != number.country_code and number.country_code != 800:
        return ElementState.SUSPECT, "other_country", f"the telephone number {value} is not one of the holder's country"
    return ElementState.VALID, "plausible", f"the telephone number is {value}"


def _address(value: str) -> tuple[ElementState, str, str]:
    if POST_BOX.search(value):
        return ElementState.SUSPECT, "post_box", f"the postal address is a post box ({value})"
    if MAILDROP.search(value):
        return ElementState.SUSPECT, "maildrop", f"the postal address is a rented mailbox ({value})"
    if CARE_OF.search(value):
        return ElementState.SUSPECT, "care_of", f"the postal address is in the care of somebody else ({value})"
    if sum(mark.isalnum() for mark in value) < FEWEST:
        return ElementState.SUSPECT, "too_short", f"the postal address is too short to send a letter to ({value})"
    return ElementState.VALID, "plausible", f"the postal address is {value}"
