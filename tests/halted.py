"""A vendor that was told to stop: halt orders, the links to them, and letters about them."""

from datetime import datetime
from itertools import count

from halts import orders
from halts.models import HaltOrder
from journal.actor import ENGINE, Actor
from journal.record import move
from monitors.models import Finding
from notices import links, outbox
from notices.models import Attempt, Delivery
from tests.world import NOON
from vendors.models import Contact, SendingServer, Vendor

_numbers = count(1)


def make_order(
    vendor: Vendor,
    *,
    server: SendingServer | None = None,
    finding: Finding | None = None,
    reason: str = "Your server is on the blocklist Quarry.",
    by: Actor = ENGINE,
    at: datetime = NOON,
) -> HaltOrder:
    order, _ = orders.issue(vendor, server=server, finding=finding, reason=reason, by=by, at=at)
    return order


def make_order_token(order: HaltOrder, contact: Contact, *, at: datetime = NOON) -> str:
    """The token of the link that `contact` got with `order`; the page is at /halt/TOKEN."""
    return links.make(
        orders.ACKNOWLEDGE,
        order.about,
        at,
        contact=contact,
        holder_name=contact.name,
        holder_email=contact.email,
    )


def make_delivery(
    order: HaltOrder,
    *,
    to: str = "abuse@alder.example.net",
    name: str = "Theo Marsh",
    state: str = Delivery.State.DUE,
    answer: str = "550 5.1.1 no such user",
    at: datetime = NOON,
) -> Delivery:
    """A letter about `order`: waiting, accepted, or given up with `answer`."""
    letter = outbox.write(
        "halt_order",
        outbox.Recipient(name, to),
        key=f"{order.about}:{next(_numbers)}",
        about=order.about,
        facts={"number": order.number},
        at=at,
        link_purpose=orders.ACKNOWLEDGE,
    )
    if state == Delivery.State.DUE:
        return letter
    accepted = state == Delivery.State.SENT
    Attempt.objects.create(
        delivery=letter, started_at=at, ended_at=at, accepted=accepted, answer="250" if accepted else answer
    )
    done = {"sent_at": at} if accepted else {"last_error": answer}
    move(letter, state, by=ENGINE, at=at, changes={"attempts": 1, "next_action_at": None} | done)
    if accepted:
        Delivery.objects.filter(pk=letter.pk).update(
            sent_subject=f"Stop: halt order {order.number}", sent_text=f"Stop now. Order {order.number}."
        )
    letter.refresh_from_db()
    return letter
