"""Letting stand what a registration does not show: evidence that is accepted, an exception. The verbs.

Each holds for one element of one record, until a day within a year. With SLUICE_FOUR_EYES an exception takes two
people. What a grant means to a registration is for monitors.probes.holder to say, in the look that follows at once.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings

from accounts.models import User
from journal.actor import ENGINE, Actor
from journal.record import MoveRefused, move, note, turn
from monitors import checks, evidence_letters, registrations
from monitors.evidence import LONGEST_TEXT
from monitors.models import ELEMENTS, EvidenceRequest, Grant, Watch
from monitors.probes.holder_tables import CALLED
from monitors.registrations import Seen
from vendors.models import Domain

LONGEST = timedelta(days=366)


class GrantRefused(Exception):
    """It cannot be let stand so; the sentence says why and what to do. Nothing was changed."""


def accept(
    request: EvidenceRequest, elements: Iterable[str], reason: str, until: date, record: str, *, by: Actor, at: datetime
) -> list[Grant]:
    """What was supplied shows these elements, for the record with this hash, until a day. A Document must be there that
    is said to show each."""
    with turn():
        wanted, seen = _checked(request.domain, elements, reason, until, record, at)
        if not EvidenceRequest.objects.select_for_update().get(pk=request.pk).is_live:
            raise GrantRefused(f"{request} is over. Ask again if something is missing.")
        supplied = {one for shown in request.documents.values_list("elements", flat=True) for one in shown}
        if bare := [one for one in wanted if one not in supplied]:
            raise GrantRefused(f"Nothing was supplied for the {CALLED[bare[0]]}.")
        return _grant(request.domain, request, wanted, Grant.Kind.DOCUMENTED, reason, until, seen, None, by, at)


def waive(
    domain: Domain,
    elements: Iterable[str],
    reason: str,
    until: date,
    record: str,
    *,
    user: User,
    by: Actor,
    at: datetime,
) -> list[Grant]:
    """An exception for these elements, for the record with this hash, until a day. With four eyes it waits for somebody
    else, who confirms it. It is IT's right: the desk checks."""
    with turn():
        wanted, seen = _checked(domain, elements, reason, until, record, at)
        request = EvidenceRequest.objects.live().filter(domain=domain).first()
        return _grant(domain, request, wanted, Grant.Kind.WAIVED, reason, until, seen, user, by, at)


def confirm(domain: Domain, *, user: User, by: Actor, at: datetime) -> list[Grant]:
    """The second person confirms the exceptions that wait for one."""
    with turn():
        proposed = list(Grant.objects.select_for_update().filter(domain=domain, state=Grant.State.PROPOSED))
        others = [one for one in proposed if one.first_eyes_id != user.pk]
        if proposed and not others:
            raise GrantRefused("You proposed it yourself. Somebody else has to confirm it.")
        seen = registrations.newest_of(domain)
        confirmed = [one for one in others if seen and one.record_hash == seen.record and at.date() < one.expires_on]
        if seen is None or not confirmed:
            raise GrantRefused("There is nothing to confirm any more: it was withdrawn, or the registration changed.")
        for grant in confirmed:
            _replace(domain, [grant.element], Grant.State.STANDING, by, at)
            names = f"{grant.approved_by} and {by.name}"
            move(grant, Grant.State.STANDING, by=by, at=at, why=grant.reason, changes={"approved_by": names})
        _tell(domain, confirmed, seen, at)
    return confirmed


def withdraw(grant: Grant, reason: str, *, by: Actor, at: datetime) -> None:
    """It holds no longer, at once. The vendor is told, unless it never stood."""
    if not reason.strip():
        raise GrantRefused("Write the reason. The vendor reads it.")
    stood = grant.state == Grant.State.STANDING
    try:
        with turn():
            _end([grant], Grant.State.WITHDRAWN, reason.strip()[:LONGEST_TEXT], by, at)
            if stood:
                evidence_letters.ended([grant], at)
            _look_soon(grant.domain, at)
    except MoveRefused as refused:
        raise GrantRefused(f"It is {grant.get_state_display().lower()} already.") from refused


# ── what the engine does ────────────────────────────────────────────────────
def compare(domain: Domain, grants: Sequence[Grant], seen: Seen | None, looked_at: datetime, at: datetime) -> None:
    """Hold a domain's grants against the record that was seen last: those of another one lapse. Nothing seen, nothing
    changed."""
    with turn():
        live = _still(grants)
        lapsed = [one for one in live if seen and seen.record and one.record_hash != seen.record]
        if lapsed and seen:
            old = registrations.before(domain, lapsed[0].record_hash)
            changed = registrations.difference(old, seen) if old else []
            said = f" ({'; '.join(changed)})" if changed else ""
            why = f"Registrant, registrar or name servers of {domain} are not those that it was given for{said}."
            stood = [one for one in lapsed if one.state == Grant.State.STANDING]
            _end(lapsed, Grant.State.LAPSED, why, ENGINE, at)
            evidence_letters.ended(stood, at)
        Grant.objects.filter(pk__in=[one.pk for one in live]).update(compared_at=looked_at)


def expire(grants: Sequence[Grant], at: datetime) -> None:
    """The day of these, all of one domain, has come."""
    with turn():
        over = [one for one in _still(grants) if one.expires_on <= at.date()]
        stood = [one for one in over if one.state == Grant.State.STANDING]
        _end(over, Grant.State.EXPIRED, f"It was given until {grants[0].expires_on}.", ENGINE, at)
        evidence_letters.ended(stood, at)
        _look_soon(grants[0].domain, at)


def remind(grants: Sequence[Grant], at: datetime) -> None:
    """Their day comes near: vendor and staff are told, once."""
    with turn():
        still = [one for one in _still(grants) if one.state == Grant.State.STANDING and one.reminded_at is None]
        if still:
            Grant.objects.filter(pk__in=[one.pk for one in still]).update(reminded_at=at)
            evidence_letters.ending(still, at)


# ── common to several ───────────────────────────────────────────────────────
def _checked(
    domain: Domain, elements: Iterable[str], reason: str, until: date, record: str, at: datetime
) -> tuple[list[str], Seen]:
    wanted = [one for one in ELEMENTS if one in set(elements)]
    if not wanted:
        raise GrantRefused("Tick what is to be let stand.")
    if not reason.strip():
        raise GrantRefused("Write the reason. The vendor reads it, and it is kept in the journal.")
    if not at.date() < until <= at.date() + LONGEST:
        raise GrantRefused("It ends on a day after today, within a year.")
    seen = registrations.newest_of(domain)
    if seen is None or not seen.record:
        raise GrantRefused(f"No registration of {domain} was read, so there is no record that it could be pinned to.")
    if seen.record != record:
        raise GrantRefused("The registration changed since the page was loaded. Look at it again first.")
    valid = {one["element"] for one in seen.elements if one["state"] == "valid"}
    if shown := [one for one in wanted if one in valid]:
        raise GrantRefused(f"The registration shows the {CALLED[shown[0]]}: that needs no exception.")
    return wanted, seen


def _grant(
    domain: Domain,
    request: EvidenceRequest | None,
    elements: Sequence[str],
    kind: str,
    reason: str,
    until: date,
    seen: Seen,
    first_eyes: User | None,
    by: Actor,
    at: datetime,
) -> list[Grant]:
    state = Grant.State.PROPOSED if first_eyes and settings.FOUR_EYES else Grant.State.STANDING
    _replace(domain, elements, state, by, at)
    grants = []
    for element in elements:
        grant = Grant.objects.create(
            domain=domain, request=request, element=element, kind=kind, reason=reason.strip()[:LONGEST_TEXT],
            approved_by=by.name, first_eyes=first_eyes, granted_at=at, expires_on=until, record_hash=seen.record,
            state=state,
        )  # fmt: skip
        note(
            grant, "granted" if state == Grant.State.STANDING else "proposed", by=by, at=at, why=grant.reason,
            domain=domain, element=element, kind=kind, expires_on=until, record=seen.record,
        )  # fmt: skip
        grants.append(grant)
    if state == Grant.State.STANDING:
        _tell(domain, grants, seen, at)
    return grants


def _replace(domain: Domain, elements: Iterable[str], state: str, by: Actor, at: datetime) -> None:
    """Of an element one grant stands and one waits, at most: the newer one takes the place."""
    earlier = list(Grant.objects.filter(domain=domain, element__in=list(elements), state=state))
    _end(earlier, Grant.State.WITHDRAWN, "A newer one takes its place.", by, at)


def _still(grants: Iterable[Grant]) -> list[Grant]:
    """Those that are live in the database too, as they are there."""
    rows = Grant.objects.live().filter(pk__in=[one.pk for one in grants])
    return list(rows.select_related("domain__vendor", "request").order_by("pk"))


def _end(grants: Iterable[Grant], to: str, why: str, by: Actor, at: datetime) -> None:
    for grant in grants:
        move(grant, to, by=by, at=at, why=why, changes={"ended_at": at, "ending": why})


def _tell(domain: Domain, grants: Sequence[Grant], seen: Seen, at: datetime) -> None:
    standing = set(Grant.objects.standing().filter(domain=domain, record_hash=seen.record).values_list("element"))
    left = [one for one in seen.missing if (one["element"],) not in standing]
    evidence_letters.given(grants, [one["element"] for one in left], at)
    _look_soon(domain, at)


def _look_soon(domain: Domain, at: datetime) -> None:
    """What was decided shows with the next look: at once, unless one is under way."""
    free = Watch.objects.filter(domain=domain, check_id=checks.REGISTRATION, lease_until=None)
    free.update(next_action_at=at)
