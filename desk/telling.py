"""Who was told of a halt order and what comes next, as sentences.

Reads what the outbox holds and the ladder in force; decides nothing and sends nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from desk.words import clock, counted, listed, sentence
from halts.models import Acknowledgement, HaltOrder
from halts.policy import Ladder
from notices.models import Delivery
from vendors.models import Contact

LETTERS = ("halt_order", "halt_unanswered")


@dataclass(frozen=True, slots=True)
class Telling:
    """`said` is what has happened, and `brief` the same for a single line; `coming` is what happens next unless
    somebody answers, `call` whom to telephone now."""

    order: HaltOrder
    said: str
    brief: str
    coming: str
    call: Contact | None


def tellings(orders: Sequence[HaltOrder], now: datetime) -> list[Telling]:
    """For each order, in three queries however many there are."""
    deliveries: dict[str, list[Delivery]] = defaultdict(list)
    letters = Delivery.objects.filter(about__in=[order.about for order in orders], letter__in=LETTERS)
    for delivery in letters.order_by("created_at", "pk"):
        deliveries[delivery.about].append(delivery)
    contacts: dict[int, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.emergency().filter(vendor__in={order.vendor_id for order in orders}):
        contacts[contact.vendor_id].append(contact)
    answers: dict[int, Acknowledgement] = {}
    for answer in Acknowledgement.objects.filter(order__in=orders).order_by("-at"):
        answers[answer.order_id] = answer  # the first one counts
    return [
        tell(order, deliveries[order.about], contacts[order.vendor_id], answers.get(order.pk), now) for order in orders
    ]


def tell(
    order: HaltOrder,
    deliveries: Sequence[Delivery],
    contacts: Sequence[Contact],
    answer: Acknowledgement | None,
    now: datetime,
) -> Telling:
    """The sentences for one order, from rows that the caller has."""
    said = _answered(answer, now) if answer else _told(deliveries, now)
    if order.state != HaltOrder.State.ISSUED:
        return Telling(order, said, said, "", None)
    with_phone = [contact for contact in contacts if contact.phone]
    call = with_phone[min(max(order.step - 1, 0), len(with_phone) - 1)] if with_phone else None
    names = list(dict.fromkeys(one.to_name or one.to_email for one in deliveries if one.sent_at))
    brief = f"Mailed to {listed(names)}." if names else said
    return Telling(order, said, brief, _coming(order, contacts, now), call)


def _answered(answer: Acknowledgement, now: datetime) -> str:
    return f"{answer.name} answered at {clock(answer.at, now)}: they are stopping the mailings."


def _told(deliveries: Iterable[Delivery], now: datetime) -> str:
    sent: Mapping[str, list[str]] = defaultdict(list)
    waiting, dead = [], []
    for delivery in deliveries:
        name = delivery.to_name or delivery.to_email
        if delivery.sent_at:
            sent[name].append(clock(delivery.sent_at, now))
        elif delivery.state == Delivery.State.DEAD:
            dead.append(name)
        elif delivery.state == Delivery.State.DUE:
            waiting.append((name, delivery.attempts))
    said = [f"Mailed to {name} at {listed(times)}." for name, times in sent.items()]
    said += [f"The mail to {name} was given up." for name in dict.fromkeys(dead)]
    for name, attempts in dict(waiting).items():
        so_far = f"has not left after {counted(attempts, 'try', 'tries')}" if attempts else "is about to leave"
        said.append(f"The mail to {name} {so_far}.")
    return " ".join(said) or "Nobody has been mailed yet."


def _coming(order: HaltOrder, contacts: Sequence[Contact], now: datetime) -> str:
    if order.next_action_at is None:
        return ""
    audience = Ladder.parse(settings.ESCALATION).rung(order.step).audience
    if order.next_action_at <= now:
        return "The next letter is being written now."
    return f"Next: {who(audience, contacts)} at {clock(order.next_action_at, now)}."


def who(audience: str, contacts: Sequence[Contact]) -> str:
    """The people of a rung by name; where a rung has nobody, staff stand in for them (halts.policy)."""
    if audience == "contact" and contacts:
        return contacts[0].name
    if audience == "backup" and len(contacts) > 1:
        return listed([contact.name for contact in contacts[1:]])
    return "our own staff"


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder that is still to come."""

    people: str
    at: datetime
    wait: float  # seconds until the next one


def steps_to_come(order: HaltOrder, contacts: Sequence[Contact]) -> list[Rung]:
    """What happens, and when, while nobody answers: up to the last step of the ladder, which then repeats."""
    if order.state != HaltOrder.State.ISSUED or order.next_action_at is None:
        return []
    ladder, at, found = Ladder.parse(settings.ESCALATION), order.next_action_at, []
    for step in range(order.step, max(len(ladder.rungs), order.step + 1)):
        rung = ladder.rung(step)
        found.append(Rung(sentence(who(rung.audience, contacts)), at, rung.wait.total_seconds()))
        at += rung.wait
    return found
