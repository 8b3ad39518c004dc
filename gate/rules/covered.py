"""Does the acceptance cover what is to be mailed with: this server, this header, this source of addresses? What the
letter does not list is not accepted. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from gate.reason import Reason, State, met, shut, wait
from gate.rules.overdue import overdue
from gate.standing import Accepted, Server, Source, Standing, Subject, midnight
from notices.clockface import write_moment

SHOWN = 3  # servers named in one sentence
OTHERS = "Nothing may be mailed to this source; others are not touched."
REPORTED = "the vendor has reported it in Exhibit A, and the letter that lists it has been received."


# ── servers ─────────────────────────────────────────────────────────────────
def server(standing: Standing, subject: Subject, at: datetime) -> Iterator[Reason]:
    """The server asked about lies in the scope and is in use. One that lies in an accepted network and is not on file
    is not watched: that is our blindness, and is said as such."""
    accepted = standing.accepted
    if not subject.server:
        yield from _strangers(standing)
        return
    known = next((one for one in standing.servers if one.address == subject.server), None)
    name = called(standing, subject.server)
    if known and not known.is_active:
        sentence = f"{name} is retired: nothing is sent from it any more."
        cure = f"Opens when {standing.advertiser} takes the server back into use."
        yield shut("server_retired", "R1", sentence, cure, word="Retired")
    if accepted is None:
        return  # granted.py says that nothing is accepted
    if not _lies_in(accepted, subject.server):
        sentence = f"{name} is not among the servers that {accepted.number} accepts."
        yield shut(
            "server_not_accepted", "R1", sentence, f"Opens when {REPORTED}", word="Not covered", ref=accepted.number
        )
    elif known is None:
        sentence = f"{name} lies in an accepted network, but is not on file: we do not watch it."
        cure = "Ends when the vendor has named the server and it is on file."
        yield Reason("server_not_watched", State.UNKNOWN, sentence, "R5", None, cure, word="Not seen")
    elif known.is_active:
        yield met("server_accepted", "R1", f"{accepted.number} accepts {name}.", ref=accepted.number)


def _strangers(standing: Standing) -> Iterator[Reason]:
    """Of the vendor as a whole: servers on file that the acceptance does not list."""
    accepted = standing.accepted
    if accepted is None:
        return
    active = [one for one in standing.servers if one.is_active]
    strange = [one.name or one.address for one in active if not _lies_in(accepted, one.address)]
    if strange:
        more = f" and {len(strange) - SHOWN} more" if len(strange) > SHOWN else ""
        names = ", ".join(strange[:SHOWN]) + more
        sentence = f"On file, but not among the servers that {accepted.number} accepts: {names}."
        cure = f"Nothing may be mailed from such a server until {REPORTED}"
        yield wait("servers_not_accepted", "R1", sentence, cure, word="Not covered", ref=accepted.number)


def any_server(standing: Standing, subject: Subject, at: datetime) -> Iterator[Reason]:
    """One accepted server at least is left to mail from, whatever is asked about."""
    accepted = standing.accepted
    if accepted is None:
        return
    out = {one.address for one in standing.servers if not one.is_active}
    out |= {one.server for one in standing.orders if one.server}
    out |= {one.server for one in standing.faults if one.server and one.is_halting and not one.is_judged}
    addresses = [ip_address(one) for one in out]
    if any(one.num_addresses > sum(address in one for address in addresses) for one in accepted.networks):
        return
    sentence = "No accepted server is left to mail from: each is halted, in bad standing or retired."
    cure = "Opens with the first server that may be used again."
    if not accepted.networks:
        sentence, cure = f"{accepted.number} accepts no server.", f"Opens for a server when {REPORTED}"
    yield shut("no_server", "R1", sentence, cure, word="No server", ref=accepted.number)


def called(standing: Standing, address: str) -> str:
    """The server as people call it."""
    found = next((one for one in standing.servers if one.address == address), Server(address))
    return found.name or address


def _lies_in(accepted: Accepted, server: str) -> bool:
    address = ip_address(server)
    return any(address in network for network in accepted.networks)


# ── headers ─────────────────────────────────────────────────────────────────
def header(standing: Standing, subject: Subject, at: datetime) -> Iterator[Reason]:
    """A domain is accepted when the letter lists it, or an address of it; an address when it is listed itself, for
    whatever header, or has a form that is listed for Return-Path (bounce addresses differ with each message): nobody
    says which header is asked about. The advertiser's own domains need IT's approval besides (R11)."""
    if not subject.header:
        yield from _approvals_gone(standing, at)
        return
    domain = subject.header.rpartition("@")[2]
    if own := _own(standing, domain):
        yield _approval(standing, domain, own, at)
    accepted = standing.accepted
    if accepted is None:
        return
    addresses = accepted.headers | accepted.forms
    if domain == subject.header:
        listed = domain in accepted.domains or any(one.endswith(f"@{domain}") for one in addresses)
    else:
        has_form = any(_has_form(subject.header, form) for form in accepted.forms)
        listed = has_form or subject.header in accepted.headers
    number = accepted.number
    if listed:
        yield met("header_accepted", "R10", f"{number} accepts {subject.header} in headers.", ref=number)
    else:
        sentence = f"{subject.header} is not among the header domains and addresses that {number} accepts."
        yield shut("header_not_accepted", "R10", sentence, f"Opens when {REPORTED}", word="Not covered", ref=number)


def _has_form(address: str, form: str) -> bool:
    """Has it the form of bounce+{recipient}@example.com?"""
    before, _, rest = form.partition("{")
    after = rest.partition("}")[2]
    return len(address) > len(before + after) and address.startswith(before) and address.endswith(after)


def _own(standing: Standing, domain: str) -> str:
    """The advertiser's domain that this is, or lies below; empty when it is somebody else's."""
    owned = (one for one in sorted(standing.advertiser_domains) if domain == one or domain.endswith(f".{one}"))
    return next(owned, "")


def _approvals_gone(standing: Standing, at: datetime) -> Iterator[Reason]:
    """Of the vendor as a whole: what the letter lists of the advertiser's domains and is not approved any more."""
    if standing.accepted is None:
        return
    addresses = (one.rpartition("@")[2] for one in standing.accepted.headers | standing.accepted.forms)
    for domain in sorted({*standing.accepted.domains, *addresses}):
        if own := _own(standing, domain):
            reason = _approval(standing, domain, own, at)
            if reason.state is State.SHUT:
                cure = f"Nothing may be mailed with {domain} in its headers; other mail is not touched. {reason.cure}"
                yield replace(reason, state=State.WAIT, cure=cure)


def _approval(standing: Standing, domain: str, own: str, at: datetime) -> Reason:
    """An approval covers the domain that it names, and none below it. The one that lasts longest speaks."""
    found = [one for one in standing.approvals if one.domain == domain]
    running = [one for one in found if one.revoked_at is None or one.revoked_at > at]
    today = at.astimezone(UTC).date()
    cure = f"Opens when the IT department of {standing.advertiser} approves it in writing."
    if not found:
        belongs = "is a domain" if domain == own else f"is below {own}, a domain"
        sentence = f"{domain} {belongs} of {standing.advertiser}, and its use is not approved."
        return shut("header_not_approved", "R11", sentence, cure, word="Missing")
    if not running:
        last = max(found, key=lambda one: (one.revoked_at or at, one.number))
        because = f" {last.revoked_why}" if last.revoked_why else ""
        sentence, since = f"Approval {last.number} of {domain} was revoked.{because}", last.revoked_at
        return shut("header_approval_revoked", "R11", sentence, cure, word="Revoked", since=since, ref=last.number)
    best = max(running, key=lambda one: (one.since <= today <= one.until, one.until, one.number))
    last_day = write_moment(midnight(best.until), "day")
    if best.until < today:
        since = midnight(best.until) + timedelta(days=1)
        sentence = f"Approval {best.number} of {domain} ended with {last_day}."
        return shut("header_approval_ended", "R11", sentence, cure, word="Ended", since=since, ref=best.number)
    if best.since > today:
        sentence = f"Approval {best.number} of {domain} begins on {write_moment(midnight(best.since), 'day')}."
        return shut("header_approval_ahead", "R11", sentence, "Opens on that day.", word="Not yet", ref=best.number)
    sentence = f"IT approved {domain} in headers until {last_day} ({best.number})."
    return met("header_approved", "R11", sentence, ref=best.number)


# ── sources ─────────────────────────────────────────────────────────────────
def source(standing: Standing, subject: Subject, at: datetime) -> Iterator[Reason]:
    """New addresses of one source, counted together until an exhibit covers them, are not above the threshold (R2), and
    what was waived for those that are covered is waived still."""
    if not subject.source:
        for one in standing.sources.values():
            if one.uncovered > standing.threshold:
                yield _uncovered(one, standing, State.WAIT)
            yield from _conditions(one, standing, State.WAIT, at)
        return
    found = standing.sources.get(subject.source)
    past = list(_conditions(found, standing, State.SHUT, at)) if found else []
    yield from past
    is_accepted = standing.accepted is not None and subject.source in standing.accepted.sources
    if found and found.uncovered > standing.threshold:
        yield _uncovered(found, standing, State.SHUT)
    elif found and found.dropped and standing.accepted:
        yield _dropped(found, standing.accepted)
    elif any(one.state is State.SHUT for one in past):
        return
    elif found or is_accepted:
        new, code = (found.uncovered, found.code) if found else (0, subject.source)
        sentence = f"Source {code} has {new:,} new addresses. Exhibit B is needed above {standing.threshold:,}."
        yield met("source_covered", "R2", sentence)
    else:
        sentence = (
            f"Nothing was declared for source {subject.source}, and no letter lists it. Up to {standing.threshold:,} "
            "new addresses of it may be mailed without an Exhibit B, and no more."
        )
        cure = "Ends when the vendor has declared how many addresses it has, before they are mailed."
        yield wait("source_unknown", "R2", sentence, cure, word="New")


def _conditions(found: Source, standing: Standing, state: State, at: datetime) -> Iterator[Reason]:
    """As with Exhibit A (granted.py), but for the addresses that this Exhibit B covers, and for no others."""
    for one in overdue(found.conditions, at):
        if one.is_waiver:
            sentence = f"A waiver of {one.number} for source {found.code} ended with {one.day}: {one.text}"
            cure = "Opens when a new Exhibit B covers these addresses without what it let pass, and it was received."
            if state is State.WAIT:
                cure = f"{OTHERS} {cure}"
            yield Reason("source_waiver_ended", state, sentence, "R2", one.since, cure, one.number, word="Ended")
        else:
            sentence = f"A condition of {one.number} for source {found.code} was due on {one.day}: {one.text}"
            cure = f"Does not shut the gate by itself: {standing.advertiser} judges whether it is met."
            yield wait("source_condition_due", "R2", sentence, cure, word="Due", since=one.since, ref=one.number)


def _uncovered(found: Source, standing: Standing, state: State) -> Reason:
    sentence = (
        f"Source {found.code} has {found.uncovered:,} new addresses that no accepted Exhibit B covers. Up to "
        f"{standing.threshold:,} need none."
    )
    cure = "Opens when Exhibit B for them is accepted, and its letter received."
    if found.dropped:
        cure = (
            f"{found.dropped} listed it, and the letter that counts does not. Opens when it is listed again in Exhibit "
            "A, or Exhibit B for it is accepted, and the letter received."
        )
    if found.awaiting:
        cure = f"Opens when the vendor confirms the receipt of {found.awaiting}, as far as that covers them."
    if found.suspended:
        cure = f"Opens when {standing.advertiser} resumes {found.suspended}, as far as that covers them."
    if state is State.WAIT:
        cure = f"{OTHERS} {cure}"
    since = found.over_since(standing.threshold)
    ref, word = found.suspended or found.awaiting, "Suspended" if found.suspended else "Exhibit B"
    return Reason("source_uncovered", state, sentence, "R2", since, cure, ref, word=word)


def _dropped(found: Source, accepted: Accepted) -> Reason:
    sentence = f"{found.dropped} listed source {found.code}, and {accepted.number} does not: nothing of it is accepted."
    cure = "Opens when it is listed again in Exhibit A, or Exhibit B for it is accepted, and the letter received."
    return shut("source_dropped", "R2", sentence, cure, word="Not covered", ref=accepted.number)
