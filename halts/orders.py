"""The verbs of a halt order: issue, acknowledge, lift. Each is one transaction with its journal entry."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError

from accounts.models import User
from engine import bell
from halts.models import Acknowledgement, HaltOrder
from journal.actor import ENGINE, Actor
from journal.record import MoveRefused, move, note, turn
from monitors.models import Finding
from notices import links, outbox
from notices.clockface import write_moment
from notices.models import Delivery, Link
from notices.outbox import Recipient
from vendors.models import SendingServer, Vendor

ACKNOWLEDGE = "halt"  # the purpose of the link, and the first part of its URL
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: it is read over the telephone
LINK_LIVES_AFTER_LIFT = timedelta(days=7)


class OrderRefused(Exception):
    """The order cannot be issued as asked; the sentence says why and what to do."""


def issue(
    vendor: Vendor,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    server: SendingServer | None = None,
    finding: Finding | None = None,
    clause: str = "R12",
    user: User | None = None,
    by_name: str = "",
    idempotency_key: str | None = None,
) -> tuple[HaltOrder, bool]:
    """The order, and whether it is new: a finding has at most one standing, and an idempotency key gives the same
    order again.

    Raises OrderRefused for a server of another vendor, an empty reason, or a key that was used for another order.
    """
    if not reason.strip():
        raise OrderRefused("A halt order needs a reason: the vendor reads it at the top of the order.")
    if server is not None and server.vendor_id != vendor.pk:
        raise OrderRefused(f"{server} is not a server of {vendor}. Choose one of its own, or order the whole vendor.")
    same = (
        HaltOrder.objects.standing().filter(finding=finding)
        if finding
        else HaltOrder.objects.filter(idempotency_key=idempotency_key)
    )
    if (finding or idempotency_key) and (existing := same.first()):
        return _same(existing, vendor, server), False
    if finding and idempotency_key and (existing := HaltOrder.objects.filter(idempotency_key=idempotency_key).first()):
        return _same(existing, vendor, server), False
    try:
        with turn():
            order = HaltOrder.objects.create(
                vendor=vendor,
                scope=HaltOrder.Scope.SERVER if server else HaltOrder.Scope.VENDOR,
                server=server,
                finding=finding,
                reason=reason.strip(),
                clause=clause,
                code="".join(secrets.choice(CODE_LETTERS) for _ in range(8)),
                issued_at=at,
                issued_by=user,
                issued_by_name=by_name or (str(user) if user else "Sluice" if by == ENGINE else by.name),
                idempotency_key=idempotency_key,
                next_action_at=at,
            )
            bell.ring("step")
            note(
                order,
                "issued",
                by=by,
                at=at,
                why=order.reason,
                vendor=vendor,
                server=server,
                finding=finding,
                clause=clause,
            )
    except IntegrityError:  # somebody issued it between our look and our insert
        return _same(same.get(), vendor, server), False
    return order, True


def _same(existing: HaltOrder, vendor: Vendor, server: SendingServer | None) -> HaltOrder:
    if existing.vendor_id != vendor.pk or existing.server_id != (server.pk if server else None):
        raise OrderRefused(
            f"This idempotency key was already used for {existing.number}, which is another order. Use a new key."
        )
    return existing


def acknowledge(order: HaltOrder, *, name: str, link: Link, at: datetime, ip: str = "") -> bool:
    """Record that `name` is stopping the mail; True when this was the first answer. Idempotent: a repeat changes
    nothing.

    Letters about the order that have not left are taken back. The order stays in force.
    """
    by = Actor("link", f"link {link.pk} (contact {link.contact_id})", ip)
    with turn():
        order.refresh_from_db()
        repeated = order.acknowledgements.filter(contact=link.contact, name=name).exists()
        if not repeated and order.state != HaltOrder.State.LIFTED:
            Acknowledgement.objects.create(
                order=order, at=at, name=name, contact=link.contact, channel="link", ip=ip or None
            )
        try:
            move(
                order,
                HaltOrder.State.ACKNOWLEDGED,
                by=by,
                at=at,
                changes={"acknowledged_at": at, "next_action_at": None},
            )
        except MoveRefused:  # answered or lifted before; the further answer is kept, the state is not touched
            if not repeated and order.state != HaltOrder.State.LIFTED:
                note(order, "acknowledged again", by=by, at=at)
            return False
        _take_back_letters(order, "The order was acknowledged.", by, at)
        for told in _told(order, "halt_unanswered"):
            _write_again(order, "halt_answered", told, at, {"answered_by": name, "answered_at": _moment(at)})
        return True


def lift(order: HaltOrder, *, reason: str, by: Actor, at: datetime, by_name: str) -> None:
    """End the order and tell everybody who was told of it. Raises OrderRefused without a reason, or when it is lifted
    already."""
    if not reason.strip():
        raise OrderRefused("Lifting a halt order needs a reason: everybody who got the order reads it.")
    with turn():
        order.refresh_from_db()
        if order.state == HaltOrder.State.LIFTED:
            raise OrderRefused(f"{order.number} was already lifted.")
        changes = {"lifted_at": at, "lifted_by_name": by_name, "lift_reason": reason.strip(), "next_action_at": None}
        move(order, HaltOrder.State.LIFTED, by=by, at=at, why=reason.strip(), changes=changes)
        _take_back_letters(order, "The order was lifted.", by, at)
        links.expire(order.about, ACKNOWLEDGE, at + LINK_LIVES_AFTER_LIFT)
        for told in _told(order, "halt_order", "halt_unanswered"):
            facts = {"reason": order.lift_reason, "lifted_at": _moment(at), "lifted_by": by_name}
            _write_again(order, "halt_lifted", told, at, facts)


def _take_back_letters(order: HaltOrder, why: str, by: Actor, at: datetime) -> None:
    for letter in ("halt_order", "halt_unanswered"):
        outbox.cancel(order.about, letter, at=at, why=why, by=by)


def _told(order: HaltOrder, *letters: str) -> list[Delivery]:
    """One delivery for each address that got one of these letters about the order, or may be getting it now."""
    found: dict[str, Delivery] = {}
    written = Delivery.objects.about(order.about).filter(letter__in=letters).select_related("contact")
    for delivery in written.filter(state__in=[Delivery.State.SENT, Delivery.State.DUE]):
        found.setdefault(delivery.to_email.lower(), delivery)
    return list(found.values())


def _write_again(order: HaltOrder, letter: str, told: Delivery, at: datetime, facts: dict[str, str]) -> None:
    """A further letter to somebody who was told of the order."""
    outbox.write(
        letter,
        Recipient(told.to_name, told.to_email, told.contact),
        key=f"{order.about}:{letter}:{told.to_email.lower()}",
        about=order.about,
        facts={"number": order.number, "vendor": order.vendor.name, "code": order.spoken_code} | facts,
        at=at,
        priority=Delivery.Priority.ORDER,
    )


def _moment(at: datetime) -> str:
    return write_moment(at, "minute")
