"""The door of the gate. Pages, letters and machines ask here and nowhere else; nothing is changed by asking.

The answer is about now: `at` is the caller's one moment. What was so in the past is in the journal, not here.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError

from gate import facts, plain
from gate.clearance import Clearance, Subject, decide
from questionnaires.source_codes import MOST, key_of, tidy
from vendors.fields import clean_address, clean_email, clean_hostname
from vendors.models import SendingServer, Vendor


def clearance(
    vendor: Vendor,
    *,
    server: SendingServer | str | None = None,
    header: str | None = None,
    source: str | None = None,
    at: datetime,
) -> Clearance:
    """May `vendor` mail now; from this server, with this domain or address in its headers, to this source of addresses?
    What is not given is not asked about. Which header it is, is not asked: an address counts that is listed for any,
    and one of a form that is listed for Return-Path.

    Raises ValidationError, by field, for what is no public address, no domain or address, or no code.
    """
    return decide(facts.standing_of(vendor, at), subject(server=server, header=header, source=source), at)


def subject(
    *, server: SendingServer | str | None = None, header: str | None = None, source: str | None = None
) -> Subject:
    """What is asked about, in the one spelling of each."""
    found: dict[str, str] = {}
    faults: dict[str, list[str]] = {}
    if isinstance(server, SendingServer):
        found["server"] = str(server.address)
        server = None
    for field, text, clean in (
        ("server", server, clean_address),
        ("header", header, _header),
        ("source", source, _code),
    ):
        if text is None:
            continue
        try:
            found[field] = clean(text)
        except ValidationError as refused:
            faults[field] = refused.messages
    if faults:
        raise ValidationError(faults)
    return Subject(**found)


def open_among(vendors: Iterable[Vendor], at: datetime) -> set[int]:
    """The keys of those whose gate is open, in a fixed number of queries; in two where all is plain."""
    rows = {row.pk: row for row in vendors}
    found = plain.sort_out(rows.keys(), at)
    standings = facts.standings_of([rows[pk] for pk in found.others], at, is_whole=False) if found.others else {}
    return found.plain | {pk for pk, standing in standings.items() if decide(standing, Subject(), at).is_open}


def _header(text: str) -> str:
    return (clean_email(text) if "@" in text else clean_hostname(text)).lower()


def _code(text: str) -> str:
    if not 0 < len(tidy(text)) <= MOST:
        raise ValidationError(f"Write the code of one source, at most {MOST} characters.")
    return key_of(text)
