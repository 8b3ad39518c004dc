"""What the demo is filled with, and the story it tells: a listing becomes an order in somebody's hand."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from accounts.models import Role, User
from halts import orders
from halts.models import HaltOrder
from lab.demo_past import remember
from lab.demo_vendors import Desk, settle
from lab.run import Lab
from lab.seed import LISTS, VENDORS, reason
from monitors.models import Finding, Watch
from notices import links
from notices.models import Delivery
from vendors.models import Vendor

T = TypeVar("T")
PASSWORD = "three quiet herons"
STAFF = {
    "administrator": ("Ada Lindqvist", Role.ADMINISTRATOR),
    "IT: issues and lifts orders": ("Dana Mercer", Role.IT),
    "reviewer": ("Rita Vass", Role.REVIEWER),
    "auditor: sees all, changes nothing": ("Orla Quinn", Role.AUDITOR),
}
VICTIM = VENDORS[0]


def fill(lab: Lab) -> dict[str, str]:
    """People, vendors in every state, and orders with a past. Returns who signs in with which address."""
    now = timezone.now()
    secret = make_password(PASSWORD)  # once: it takes a while, as it should
    people = {}
    for who, (name, role) in STAFF.items():
        email = f"{name.split()[0].lower()}@harrow.example.com"
        User.objects.create(email=email, name=name, role=role, password=secret)
        people[who] = email
    desk = Desk(rita=User.objects.get(role=Role.REVIEWER), dana=User.objects.get(role=Role.IT))
    vendors, vendors_people = settle(PASSWORD, desk, now, lab.web.port)
    _past_orders(vendors, now)
    remember(now)
    return people | vendors_people | {"password": PASSWORD}


def _past_orders(vendors: dict[str, Vendor], now: datetime) -> None:
    """One order answered and standing, one answered and lifted."""
    dana = User.objects.get(role=Role.IT)
    for name, words, lifted in (
        ("Tallowmere Direct", "Recipients report mail after they had opted out. Stop until we have spoken.", False),
        ("Quillhaven Post", "A message went out without the opt-out link.", True),
    ):
        vendor = vendors[name]
        issued = now - timedelta(hours=26 if lifted else 3)
        order, _ = orders.issue(
            vendor, reason=words, clause="O4" if lifted else "O1", by=dana.actor(), user=dana, at=issued
        )
        contact = vendor.contacts.get()
        token = links.make(orders.ACKNOWLEDGE, order.about, issued, contact=contact, holder_name=contact.name)
        if link := links.find(token, orders.ACKNOWLEDGE, issued):
            orders.acknowledge(order, name=contact.name, link=link, at=issued + timedelta(minutes=9))
        if lifted:
            end = issued + timedelta(hours=5)
            orders.lift(
                order, reason="The template was mended; we saw the proof.", by=dana.actor(), by_name=dana.name, at=end
            )


def tell(lab: Lab, inject_after: float) -> None:
    """List a clean server after a while, and print each step of the line as its row appears."""
    time.sleep(inject_after)
    server, listed_on = VICTIM.servers[2], LISTS[0]
    deadline = time.monotonic() + 60
    seen = Watch.objects.by_dns().filter(server__address=server.address)  # what a person looks up stays unknown
    while seen.exclude(verdict="clear").exists():
        if time.monotonic() > deadline:  # somebody played with the lab's moods; go on all the same
            break
        time.sleep(0.2)
    lab.world.list(listed_on.zone, server.address, codes=(listed_on.code,), text=reason(listed_on.zone, server.address))
    began = timezone.now()
    _say(began, began, f"{server.address} ({server.hostname}) is put on {listed_on.zone}")
    finding = _await(lambda: Finding.objects.open().filter(server__address=server.address).first())
    _say(began, finding.opened_at, f"finding {finding.number}: seen twice, on two paths, with the list proved")
    order = _await(lambda: HaltOrder.objects.filter(finding=finding).first())
    _say(began, order.issued_at, f"halt order {order.number} to {order.vendor}")
    mail = _await(lambda: Delivery.objects.about(order.about).filter(state=Delivery.State.SENT).first())
    _say(began, mail.sent_at or began, f"the mail server took the order for {mail.to_name} <{mail.to_email}>")
    print(f"\n  Read it in the lab, {lab.control_url}/ , and press its button.\n", flush=True)
    _await(lambda: HaltOrder.objects.filter(pk=order.pk, acknowledged_at__isnull=False).first(), patience=86400)
    order.refresh_from_db()
    answer = order.acknowledgements.get()
    _say(began, answer.at, f"{answer.name} answered {order.number}: the mailings are being stopped")
    connection.close()


def _await(find: Callable[[], T | None], patience: float = 120) -> T:
    ends = time.monotonic() + patience
    while (found := find()) is None:
        if time.monotonic() > ends:
            raise SystemExit("The story got stuck; the desk shows where.")
        time.sleep(0.1)
    return found


def _say(began: datetime, at: datetime, sentence: str) -> None:
    print(f"  {at:%H:%M:%S}  +{(at - began).total_seconds():4.1f} s  {sentence}", flush=True)
