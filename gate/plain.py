"""The quick way to say which of many gates are open, for lists: one look that sorts out the vendors with whom all is
plain.

It does not know the rules. It tells those of whom nothing is on file that any rule could object to, and those who lack
what every rule asks first; all others are judged one by one (ask.py). A test holds both ways to the same answers.
"""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Exists, Max, OuterRef, QuerySet

from gate.facts import network
from halts.models import HaltOrder
from halts.policy import HALTING
from monitors.models import Finding
from policies.models import PolicyVersion
from questionnaires.models import Acceptance
from vendors.models import Contact, SendingServer, Vendor


class Sorted(NamedTuple):
    """Keys of vendors. Who is in neither lacks a received acceptance or a contact who proved it, and is shut."""

    plain: set[int]  # open
    others: set[int]  # to be judged


def sort_out(ids: Collection[int], at: datetime) -> Sorted:
    """In two queries."""
    newest = PolicyVersion.objects.effective(at).material().order_by().aggregate(newest=Max("number"))["newest"] or 0
    plain: set[int] = set()
    others: set[int] = set()
    for vendor, number, until, conditions, first, is_troubled in _held().filter(vendor__in=ids):
        is_plain = not is_troubled and not conditions and number >= newest and until > at and network(first or "")
        (plain if is_plain else others).add(vendor)
    return Sorted(plain, others)


@cache
def _held() -> "QuerySet[Acceptance, Any]":
    """Received acceptances of active vendors with a proven contact. Built once, which takes longer than to run it."""
    same = OuterRef("vendor")
    contacts = Contact.objects.proven().filter(is_emergency=True, vendor=same).order_by()
    orders = HaltOrder.objects.standing().filter(vendor=same).order_by()
    findings = Finding.objects.open().filter(severity__in=HALTING, vendor=same).order_by()
    retired = SendingServer.objects.filter(state=SendingServer.State.RETIRED, vendor=same).order_by()
    return (
        Acceptance.objects.in_force()
        .filter(Exists(contacts), exhibit="A", vendor__state=Vendor.State.ACTIVE)
        .order_by()
        .annotate(is_troubled=Exists(orders) | Exists(findings) | Exists(retired))
        .values_list(
            "vendor", "policy__number", "valid_until", "conditions", "scope__servers__0__network", "is_troubled"
        )
    )
