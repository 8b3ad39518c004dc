"""Does the vendor hold what it needs before any message leaves: a received acceptance, the policy in force, a contact
who can stop the mail? Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from gate.reason import Reason, met, shut, wait
from gate.rules.overdue import overdue
from gate.standing import Accepted, Amendment, Person, Standing, Subject
from notices.clockface import write_moment

SOON = timedelta(days=30)  # before its last day an acceptance is said to end


def activity(standing: Standing, subject: Subject, at: datetime) -> Iterator[Reason]:
    """A retired vendor mails nothing."""
    if not standing.is_active:
        cure = f"Opens when {standing.advertiser} takes the vendor back."
        yield shut("retired", "R1", "The vendor is retired.", cure, word="Retired", since=standing.retired_at)


# ── acceptance ──────────────────────────────────────────────────────────────
def acceptance(standing: Standing, subject: Subject, at: datetime) -> Iterator[Reason]:
    """Exhibit A is accepted, and the letter that says so is received, in force and not past its last day (R1)."""
    accepted = standing.accepted
    if accepted is None:
        yield _not_accepted(standing)
        return
    if reason := _not_in_force(accepted, standing.advertiser, at):
        yield reason
    else:
        ends = write_moment(accepted.valid_until, "minute")
        sentence = f"Written acceptance {accepted.number} was received and counts until {ends}."
        yield met("accepted", "R1", sentence, since=accepted.changed_at, ref=accepted.number)
        if at + SOON >= accepted.valid_until:
            cure = "The gate shuts then, unless a renewed Exhibit A is accepted and its letter received before."
            sentence = f"Written acceptance {accepted.number} ends on {ends}."
            yield wait("expires_soon", "R1", sentence, cure, word="Ends soon", ref=accepted.number)
    yield from _conditions(accepted, standing.advertiser, at)


def _not_accepted(standing: Standing) -> Reason:
    applied = standing.application
    sentence, word = "Exhibit A has not been sent.", "Not begun"
    cure = "Exhibit A is completed and signed first."
    if applied and applied.state == "draft":
        sentence, word = f"Exhibit A ({applied.number}) is not finished.", "In progress"
    elif applied and applied.state == "returned":
        sentence, word = f"Exhibit A ({applied.number}) was sent back with questions.", "Sent back"
        cure = "The answers that were sent back are mended and signed again first."
    elif applied:
        sentence, word = f"Exhibit A ({applied.number}) is signed and in review.", "In review"
        cure = f"{standing.advertiser} decides first."
    return shut(
        "not_accepted",
        "R1",
        sentence,
        f"{cure} The gate opens when the written acceptance has been received.",
        word=word,
        since=applied.since if applied else None,
        ref=applied.number if applied else "",
    )


def _not_in_force(accepted: Accepted, advertiser: str, at: datetime) -> Reason | None:
    number, since = accepted.number, accepted.changed_at
    letter = f"Written acceptance {number}"
    because = f" {accepted.reason}" if accepted.reason else ""
    if accepted.state == "withdrawn":
        cure = "Opens when a new Exhibit A is accepted and its letter received."
        sentence = f"{letter} was withdrawn.{because}"
        return shut("withdrawn", "R1", sentence, cure, word="Withdrawn", since=since, ref=number)
    if accepted.state == "expired" or at >= accepted.valid_until:
        cure = "Opens when a renewed Exhibit A is accepted and its letter received."
        sentence = f"{letter} has ended."
        return shut("expired", "R1", sentence, cure, word="Expired", since=accepted.valid_until, ref=number)
    if accepted.state == "suspended":
        sentence, cure = f"{letter} is suspended.{because}", f"Opens when {advertiser} resumes it."
        return shut("suspended", "R1", sentence, cure, word="Suspended", since=since, ref=number)
    if accepted.state != "received":
        cure = "Opens when the vendor confirms the receipt, in the portal or by the letter's own link."
        sentence = f"{letter} was issued, and nobody has confirmed its receipt."
        return shut("not_received", "R1", sentence, cure, word="To confirm", since=accepted.issued_at, ref=number)
    return None


def _conditions(accepted: Accepted, advertiser: str, at: datetime) -> Iterator[Reason]:
    """A waiver ends with its day, and with it what it let pass. Whether a condition was met is for people to judge:
    nothing here knows, so one that is past its day is only said."""
    for one in overdue(((accepted.number, condition) for condition in accepted.conditions), at):
        if one.is_waiver:
            sentence = f"A waiver of {one.number} ended with {one.day}: {one.text}"
            cure = "Opens when a new Exhibit A without what it let pass is accepted, and its letter received."
            yield shut("waiver_ended", "R1", sentence, cure, word="Ended", since=one.since, ref=one.number)
        else:
            sentence = f"A condition of {one.number} was due on {one.day}: {one.text}"
            cure = f"Does not shut the gate by itself: {advertiser} judges whether it is met."
            yield wait("condition_due", "R1", sentence, cure, word="Due", since=one.since, ref=one.number)


# ── the policy ──────────────────────────────────────────────────────────────
def policy(standing: Standing, subject: Subject, at: datetime) -> Iterator[Reason]:
    """Every material version in force is agreed to, with an Exhibit A that is accepted (N1)."""
    if standing.accepted is None:
        return  # the signature under Exhibit A will be under the version of its day
    missing = [one for one in standing.amendments if one.number > standing.agreed]
    now = [one for one in missing if one.effective_at <= at]
    if now:
        yield _lapsed(standing, now)
    else:
        yield met("policy_agreed", "N1", "The policy in force is agreed to.")
    for one in missing:
        if one.effective_at > at and not _is_in_review(standing, one) and not _is_awaited(standing, one):
            begins = write_moment(one.effective_at, "minute")
            sentence = f"Version {one.number} of the policy counts from {begins}.{_changes([one])}"
            cure = "The gate shuts then, unless the vendor has agreed to it before."
            yield wait("policy_changes", "N1", sentence, cure, word="Coming", ref=str(one.number))


def _lapsed(standing: Standing, missing: list[Amendment]) -> Reason:
    newest = max(missing, key=lambda one: one.number)
    since = min(one.effective_at for one in missing)
    sentence = f"The policy changed, and version {newest.number} is not agreed to.{_changes(missing)}"
    cure, word = f"Opens when the vendor agrees to version {newest.number}.", "Lapsed"
    if _is_in_review(standing, newest):
        sentence = f"Version {newest.number} of the policy is signed, and the changed answers are in review."
        cure, word = f"Opens when {standing.advertiser} accepts them, and the letter has been received.", "In review"
    elif standing.awaiting and _is_awaited(standing, newest):
        letter = standing.awaiting.number
        sentence = (
            f"Version {newest.number} of the policy is signed and accepted in {letter}, which nobody has received."
        )
        cure = f"Opens when the vendor confirms the receipt of {letter}."
        return shut("lapsed", "N1", sentence, cure, word="To confirm", since=since, ref=letter)
    return shut("lapsed", "N1", sentence, cure, word=word, since=since, ref=str(newest.number))


def _is_awaited(standing: Standing, amendment: Amendment) -> bool:
    return standing.awaiting is not None and standing.awaiting.policy >= amendment.number


def _is_in_review(standing: Standing, amendment: Amendment) -> bool:
    applied = standing.application
    if applied is None or applied.state not in {"submitted", "in_review"}:
        return False
    return (applied.policy or 0) >= amendment.number


def _changes(amendments: list[Amendment]) -> str:
    clauses = list(dict.fromkeys(ident for one in amendments for ident in one.changed))
    if not clauses:
        return ""
    return f" It changes {', '.join(clauses[:-1])} and {clauses[-1]}." if clauses[1:] else f" It changes {clauses[0]}."


# ── who can stop the mail ───────────────────────────────────────────────────
def contact(standing: Standing, subject: Subject, at: datetime) -> Iterator[Reason]:
    """One emergency contact at least has confirmed the address and the authority (R12)."""
    people = standing.people
    proven = next((one for one in people if one.proven_at), None)
    if proven:
        yield met("contact_proven", "R12", f"{proven.name} can stop the mail.", since=proven.proven_at)
    elif people:
        since = min(one.named_at for one in people)
        sentence = " ".join(_unproven(one) for one in people)
        cure = "Opens when an emergency contact confirms both, by the link in the letter that they got."
        yield shut("contact_unproven", "R12", sentence, cure, word="To confirm", since=since)
    else:
        cure = "Opens when the vendor has named a person who can stop all mail, and that person has confirmed it."
        yield shut("no_contact", "R12", "No emergency abuse contact is on file.", cure, word="Missing")
    told = [one for one in people if proven or not one.has_declined]  # what is said above is not said twice
    for sentence in (warning for one in told for warning in one.warnings):
        yield wait("contact_warning", "R12", sentence, "Until then a halt order may reach nobody.", word="Attention")


def _unproven(person: Person) -> str:
    if person.has_declined:
        return f"{person.name} says that they are not the contact, or cannot stop the mail."
    if not person.has_address:
        return f"{person.name} has confirmed neither the address nor the authority to stop the mail."
    return f"{person.name} has not confirmed the authority to stop the mail."
