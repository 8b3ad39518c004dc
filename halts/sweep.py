"""The order and step stages: findings that deserve an order get one; orders without an answer climb one rung."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from engine.claim import claim, due, release
from engine.cycle import Sweep
from halts import policy
from halts.models import HaltOrder
from halts.orders import ACKNOWLEDGE, issue
from journal.actor import ENGINE
from journal.record import note, turn
from monitors.models import Finding
from monitors.quarantine import believed
from notices import outbox
from notices.clockface import write_span
from notices.models import Delivery
from notices.outbox import Recipient
from notices.staff import staff
from vendors.fields import write_phone

BATCH = 200
CHUNK = 25  # rows a transaction: fifty orders at once must not wait fifty times for their turn to write
T = TypeVar("T")


def without_order() -> QuerySet[Finding]:
    """Open findings that deserve an order and never had one.

    A fault that went away and came back while its order stands adds no second one: that order is not lifted yet. One
    that a person lifted is not issued again by itself. What a list in quarantine named waits with the list.
    """
    standing = HaltOrder.objects.standing().exclude(finding=None).values("finding__watch")
    grave = Finding.objects.open().filter(halt_orders=None, severity__in=policy.HALTING)
    return believed(grave).exclude(watch__in=standing).select_related("vendor", "server")


def sweep_findings(state: Sweep) -> None:
    """Issue an order for every open finding that deserves one and has none."""
    waiting = without_order()
    for findings in _chunks(list(waiting.order_by("opened_at")[:BATCH])):
        state.claimed += len(findings)
        with turn():
            # While we waited for our turn a list may have been put into quarantine, or a finding closed.
            still = set(without_order().filter(pk__in=[one.pk for one in findings]).values_list("pk", flat=True))
            for finding in findings:
                if finding.pk not in still:
                    continue
                with state.each(finding), transaction.atomic():
                    issue(
                        finding.vendor,
                        server=finding.server,
                        finding=finding,
                        reason=finding.sentence,
                        clause=finding.clause,
                        by=ENGINE,
                        at=state.now,
                    )
    state.oldest_due_at = waiting.order_by("opened_at").values_list("opened_at", flat=True).first()


def sweep_orders(state: Sweep) -> None:
    """Take one step on the ladder for each unanswered order whose moment has come."""
    ladder = policy.Ladder.parse(settings.ESCALATION)
    unanswered = HaltOrder.objects.unanswered().select_related("vendor", "server")
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    hasten(state)
    for orders in _chunks(claim(unanswered, now=state.now, lease=lease, limit=BATCH)):
        state.claimed += len(orders)
        with turn():
            for order in orders:
                with state.each(order), transaction.atomic():
                    take_step(order, ladder, state)
    state.oldest_due_at = (
        due(unanswered, state.now).order_by("next_action_at").values_list("next_action_at", flat=True).first()
    )


def _chunks(rows: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def hasten(state: Sweep) -> None:
    """Where every letter of the last step was given up, let the next step be due now: waiting is for answers."""
    unanswered = HaltOrder.objects.unanswered()
    waiting = {order.about: order for order in unanswered.filter(next_action_at__gt=state.now, step__gt=0)}
    written = Delivery.objects.filter(about__in=waiting, letter="halt_order")
    letters: dict[str, list[str]] = defaultdict(list)
    for about, key, letter_state in written.values_list("about", "key", "state"):
        if key.startswith(f"{about}:step{waiting[about].step - 1}:"):
            letters[about].append(letter_state)
    for order in (waiting[about] for about, states in letters.items() if policy.has_failed(states)):
        with state.each(order), turn():
            if unanswered.filter(pk=order.pk, step=order.step).update(next_action_at=state.now):
                note(order, "hastened", by=ENGINE, at=state.now, why="Every letter of the last step was given up.")


def take_step(order: HaltOrder, ladder: policy.Ladder, state: Sweep) -> None:
    """Write to everybody whose turn it is. An answer or a lift waits for this, or this sees it and writes nothing."""
    people = _people(order)
    told = policy.tell(ladder, order.step, (person for person, _ in people))
    recipients = dict(people)
    with turn():
        if not HaltOrder.objects.unanswered().filter(pk=order.pk, lease_token=order.lease_token).exists():
            return  # answered, lifted or taken over since it was claimed
        for person in told:
            outbox.write(
                "halt_order" if person.audience != "staff" else "halt_unanswered",
                recipients[person],
                key=f"{order.about}:step{order.step}:{person.key}",
                about=order.about,
                facts=_facts(order, ladder, people),
                at=state.now,
                link_purpose=ACKNOWLEDGE if person.audience != "staff" else "",
                priority=Delivery.Priority.ORDER,
            )
        note(order, "step", by=ENGINE, at=state.now, step=order.step, told=[person.key for person in told])
        release(order, step=order.step + 1, next_action_at=state.now + ladder.rung(order.step).wait)


def _people(order: HaltOrder) -> list[tuple[policy.Person, Recipient]]:
    """Everybody who can be told: the emergency contacts in rank order (the first is the contact), then staff."""
    gone = {email.lower() for email in _given_up(order)}
    found = [
        (
            policy.Person(
                f"contact{contact.pk}", "contact" if place == 0 else "backup", contact.email.lower() not in gone
            ),
            Recipient(contact.name, contact.email, contact),
        )
        for place, contact in enumerate(order.vendor.contacts.emergency())
    ]
    return found + [(policy.Person(f"staff:{one.email}", "staff"), one) for one in staff()]


def _given_up(order: HaltOrder) -> QuerySet[Delivery, str]:
    """The addresses to which a letter about the order was given up."""
    dead = Delivery.objects.about(order.about).filter(letter="halt_order", state=Delivery.State.DEAD)
    return dead.values_list("to_email", flat=True)


def _facts(
    order: HaltOrder, ladder: policy.Ladder, people: list[tuple[policy.Person, Recipient]]
) -> dict[str, str | int | bool | list[str]]:
    server = order.server
    return {
        "number": order.number,
        "code": order.spoken_code,
        "vendor": order.vendor.name,
        "scope": order.scope,
        "server": str(server) if server else "",
        "reason_lines": [line.strip() for line in order.reason.splitlines() if line.strip()],
        "clause": order.clause,
        "issued_at": f"{order.issued_at:%d %B %Y, %H:%M:%S} UTC",
        "issued_by": order.issued_by_name,
        "step": order.step,
        "contacts": [_contact(person, one) for person, one in people if one.contact],
        "next_wait": write_span(ladder.rung(order.step).wait.total_seconds()),
        "is_last": policy.is_last(ladder, order.step),
        "order_url": f"{settings.PUBLIC_URL}/desk/orders/{order.number}/",
    }


def _contact(person: policy.Person, one: Recipient) -> str:
    phone = write_phone(one.contact.phone) if one.contact and one.contact.phone else "no telephone on file"
    return f"{one.name}, {phone}, {one.email}" + ("" if person.is_reachable else " (mail to this address was refused)")
