"""Delisting, tracked: who asked for it, when and how, and what came back. Notes of what people did; they open and close
nothing, because a finding ends by what is seen."""

from datetime import datetime, timedelta

from journal.actor import Actor
from journal.record import note, turn
from monitors import checks
from monitors.models import Delisting, Finding

LONGEST = 4000  # characters of each text
SLACK = timedelta(minutes=5)  # a browser's clock may be a little ahead of ours
MOST = 50  # of one finding


class DelistingRefused(Exception):
    """It cannot be noted so; the sentence says why."""


def is_of_a_list(finding: Finding) -> bool:
    """Whether there is somebody to ask: a list names it, over DNS or to a person who looks."""
    return finding.watch.check_id.startswith((checks.DNSBL, checks.ATTESTED))


def ask_delisting(
    finding: Finding,
    *,
    party: str,
    asked_by: str,
    how: str,
    asked_at: datetime,
    remark: str = "",
    by: Actor,
    at: datetime,
) -> Delisting:
    """Note that somebody asked that the entry behind `finding` be taken away. `party` is a Delisting.Party, `asked_by`
    the person, `how` the form, address or call. Not for a finding that is closed, nor for one that no list makes."""
    texts = {"asked_by": asked_by.strip(), "how": how.strip(), "remark": remark.strip()}
    if not texts["asked_by"] or not texts["how"]:
        raise DelistingRefused("Write who asked, and how: by which form, mail or call.")
    _refuse_long(*texts.values())
    if not is_of_a_list(finding):
        raise DelistingRefused(f"No list names {finding.subject} here, so there is nobody to ask.")
    if party not in Delisting.Party.values:
        raise DelistingRefused("Say who asked: we, or the vendor.")
    _refuse_future(asked_at, at)
    with turn():
        still = Finding.objects.select_for_update().get(pk=finding.pk)
        if still.state != Finding.State.OPEN:
            raise DelistingRefused(f"{still.number} is closed: nothing is listed there any more.")
        if still.delistings.count() >= MOST:
            raise DelistingRefused(f"{MOST} requests are noted for {still.number}, and that is the most.")
        row = Delisting.objects.create(
            finding=still, party=party, asked_by_name=texts["asked_by"][:200], how=texts["how"], note=texts["remark"],
            asked_at=min(asked_at, at), noted_at=at, noted_by_name=by.name,
        )  # fmt: skip
        note(row, "asked", by=by, at=at, finding=still, party=party, asked_at=row.asked_at, how=row.how)
    return row


def answer_delisting(
    delisting: Delisting, *, outcome: str, answer: str, answered_at: datetime, by: Actor, at: datetime
) -> None:
    """Note what came back. One request has one answer; another answer belongs to another request."""
    answer = answer.strip()
    if outcome not in Delisting.Outcome.values:
        raise DelistingRefused("Choose what came back.")
    if not answer and outcome == Delisting.Outcome.OTHER:
        raise DelistingRefused("Write what they said.")
    _refuse_long(answer)
    _refuse_future(answered_at, at)
    if answered_at < delisting.asked_at:
        raise DelistingRefused("The answer cannot have come before it was asked.")
    values = {
        "outcome": outcome,
        "answer": answer,
        "answered_at": min(answered_at, at),
        "answer_noted_by_name": by.name,
    }
    with turn():
        if not Delisting.objects.filter(pk=delisting.pk, answered_at=None).update(**values):
            raise DelistingRefused("An answer to this request is noted already. Note another request, if one was made.")
        note(
            delisting, "answered", by=by, at=at, why=answer, finding=delisting.finding, outcome=outcome,
            answered_at=values["answered_at"],
        )  # fmt: skip
    for field, value in values.items():
        setattr(delisting, field, value)


def _refuse_long(*texts: str) -> None:
    if any(len(text) > LONGEST for text in texts):
        raise DelistingRefused(f"Keep each text under {LONGEST:,} characters.")


def _refuse_future(moment: datetime, now: datetime) -> None:
    if moment > now + SLACK:
        raise DelistingRefused("That moment is still to come. Write when it was, in UTC.")
