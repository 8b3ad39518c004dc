"""The deliver stage: take what is due, one at a time, send it, and mark it sent after the other side said yes."""

import time
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error
from django.utils import timezone

from engine.claim import claim, due, release
from engine.cycle import Sweep
from journal.actor import ENGINE
from journal.record import MoveRefused, move, turn
from notices import codes, links
from notices.files import Enclosure
from notices.letters import Letter, render
from notices.models import Attempt, Delivery
from notices.transports import Outcome, send_mail
from vendors.models import AddressCode

BACKOFF = (5, 15, 30, 60)  # seconds after the 1st, 2nd, 3rd, 4th failed try
LATER = 120  # seconds after every further one
GIVE_UP_AFTER = timedelta(hours=24)
BUDGET = 20.0  # seconds a sweep may go on taking new rows


def sweep(state: Sweep, budget: float = BUDGET) -> None:
    """Deliver until nothing is due or the `budget`, in seconds, is spent. One row a claim: a tarpit holds up one
    thread, no more."""
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    waiting = Delivery.objects.waiting().select_related("contact")
    started = time.monotonic()
    while time.monotonic() - started < budget:
        claimed = claim(waiting.order_by("priority", "next_action_at", "pk"), now=timezone.now(), lease=lease, limit=1)
        if not claimed:
            break
        state.claimed += 1
        with state.each(claimed[0]):
            if not deliver(claimed[0]):
                state.failed += 1
    state.oldest_due_at = (
        due(waiting, timezone.now()).order_by("next_action_at").values_list("next_action_at", flat=True).first()
    )


def deliver(delivery: Delivery) -> bool:
    """Send one claimed delivery and record the try; False when it was not accepted and is still wanted."""
    started = timezone.now()
    if delivery.unwanted:
        _take_back(delivery, started)
        return True
    letter, outcome = _send(delivery, started)
    ended = timezone.now()
    with turn():
        Attempt.objects.create(
            delivery=delivery,
            started_at=started,
            ended_at=ended,
            accepted=outcome.accepted,
            answer=outcome.answer[:1000],
        )
        _settle(delivery, letter, outcome, ended)
    return outcome.accepted


def _send(delivery: Delivery, at: datetime) -> tuple[Letter | None, Outcome]:
    # Outside the try: a database that fails is our trouble, and the letter is tried again when the lease lapses.
    secret, shown = _secret(delivery, at)
    if delivery.letter == codes.LETTER and not secret:
        return None, Outcome(False, "The code ended before the letter could leave.", permanent=True)
    try:
        letter = render(delivery.letter, delivery.facts | secret | {"to_name": delivery.to_name})
    except Error:  # the database's trouble, not the letter's: it is sent when the lease has lapsed
        raise
    except Exception as error:  # noqa: BLE001  one poisoned row must not stop the others
        return None, Outcome(False, f"The letter could not be written: {type(error).__name__}: {error}", permanent=True)
    outcome = send_mail(
        letter,
        to_name=delivery.to_name,
        to_email=delivery.to_email,
        message_id=delivery.message_id,
        about=delivery.about,
        enclosures=[Enclosure(**enclosure) for enclosure in delivery.enclosures],
    )
    kept = letter.text
    for name, value in secret.items():
        kept = kept.replace(value, shown[name])
    return Letter(letter.subject, kept, ""), outcome


def _secret(delivery: Delivery, at: datetime) -> tuple[dict[str, str], dict[str, str]]:
    """What only the letter that leaves may say, and what stands in its place in the copy that is kept."""
    if delivery.link_purpose:
        purpose = delivery.link_purpose
        return {"link": links.url(purpose, _token(delivery, at))}, {"link": links.url(purpose, "…")}
    if delivery.letter == codes.LETTER:
        code = AddressCode.objects.about(delivery.about).usable(at).first()
        return ({"code": codes.digits_of(code)} if code else {}), {"code": "……"}
    return {}, {}


def _token(delivery: Delivery, at: datetime) -> str:
    return links.make(
        delivery.link_purpose,
        delivery.about,
        at,
        contact=delivery.contact,
        holder_name=delivery.to_name,
        holder_email=delivery.to_email,
    )


def _take_back(delivery: Delivery, at: datetime) -> None:
    with suppress(MoveRefused):
        move(
            delivery,
            Delivery.State.CANCELLED,
            by=ENGINE,
            at=at,
            why=delivery.unwanted,
            changes={"next_action_at": None, "lease_token": None, "lease_until": None},
            only_if={"lease_token": delivery.lease_token},
        )


def _settle(delivery: Delivery, letter: Letter | None, outcome: Outcome, at: datetime) -> None:
    tries = delivery.attempts + 1
    held = {"lease_token": delivery.lease_token}
    free = {"lease_token": None, "lease_until": None}
    try:
        if outcome.accepted and letter:
            move(
                delivery,
                Delivery.State.SENT,
                by=ENGINE,
                at=at,
                changes={"attempts": tries, "next_action_at": None, "last_error": "", "sent_at": at} | free,
                sealed={"sent_subject": letter.subject, "sent_text": letter.text},
                only_if=held,
            )
        elif outcome.permanent or at - delivery.tried_since > GIVE_UP_AFTER:
            move(
                delivery,
                Delivery.State.DEAD,
                by=ENGINE,
                at=at,
                why=outcome.answer,
                changes={"attempts": tries, "next_action_at": None, "last_error": outcome.answer} | free,
                only_if=held,
            )
        else:
            again = at + timedelta(seconds=BACKOFF[tries - 1] if tries <= len(BACKOFF) else LATER)
            release(delivery, attempts=tries, next_action_at=again, last_error=outcome.answer)
    except MoveRefused:  # the lease lapsed while we sent and another has it: its copy carries the same Message-ID
        return
