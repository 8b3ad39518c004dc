"""Holds what a site says of the vendor against what the registration of its domain says. Pure; advice, no verdict."""

from collections.abc import Iterable, Iterator, Mapping

import phonenumbers

from monitors.probes.markup import evened
from monitors.probes.names import host_of, registrable
from monitors.probes.site.contact import Clue, NameMatch, Part

Note = tuple[str, str]  # (code, sentence)
GENERIC = frozenset({"com", "net", "org", "info", "biz"})
OTHERWISE = {"uk": "GB"}  # an ending that is not its country's code


def regions(domain: str, registered: Mapping[str, str]) -> tuple[str, ...]:
    """Whose telephone numbers may stand on the site without a country code: those of the country whose ending the
    domain has, of the registered number, of a registered "country"; under a generic ending also North America's, who
    rarely write theirs."""
    ending = domain.rpartition(".")[2].lower()
    found = [OTHERWISE.get(ending, ending.upper()), registered.get("country", "").upper()]
    if number := _number(registered.get("phone", "")):
        found.append(phonenumbers.region_code_for_number(number) or "")
    if ending in GENERIC:
        found.append("US")
    return tuple(dict.fromkeys(one for one in found if one in phonenumbers.SUPPORTED_REGIONS))


def differences(registered: Mapping[str, str], clues: Iterable[Clue], names_match: NameMatch) -> Iterator[Note]:
    """Where both say something and nothing on the site agrees with the registration."""
    held = [clue for clue in clues if clue.holds]
    mails = {registrable(host_of(clue.value)) or host_of(clue.value) for clue in held if clue.part is Part.EMAIL}
    mail = registered.get("email", "")
    if mail and mails and (registrable(host_of(mail)) or host_of(mail)) not in mails:
        yield "registered:email", f"The registration shows {mail}, the site addresses at {', '.join(sorted(mails))}."
    phones = {clue.value for clue in held if clue.part is Part.PHONE}
    number = _number(registered.get("phone", ""))
    if number and phones and _written(number) not in phones:
        yield (
            "registered:phone",
            f"The registration shows {_written(number)}, the site {', '.join(sorted(phones)[:3])}.",
        )
    places = [clue.value for clue in held if clue.part is Part.ADDRESS]
    address = registered.get("address", "")
    if address and places and not any(_is_alike(address, place) for place in places):
        yield "registered:address", f"The registration shows “{address[:120]}”, the site “{places[0][:120]}”."
    name = registered.get("name", "")
    if name and any(clue.part is Part.NAME for clue in held) and not names_match(name):
        yield "registered:name", f"The site names the vendor, the registration “{name[:120]}”."


def _is_alike(one: str, other: str) -> bool:
    """Do two addresses share most of their words and all the figures of the shorter? Spelling and order differ."""
    words, others = set(evened(one).split()), set(evened(other).split())
    fewer, more = sorted((words, others), key=len)
    figures = {word for word in fewer if any(mark.isdigit() for mark in word)}
    return figures <= more and 2 * len(fewer & more) > len(fewer)


def _number(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text[:40], None)
    except phonenumbers.NumberParseException:
        return None


def _written(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
