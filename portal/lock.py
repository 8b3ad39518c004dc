"""What stays open while an amended policy that counts already waits for the vendor: the amended policy, the standing
orders with what they rest on, the form that accepts it, whom we call in an emergency, and nothing else.

The mail is stopped by the gate, not by this. The way back is the page that home shows meanwhile.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from halts.wording import word
from questionnaires import amendments
from questionnaires.amendments import Amendment
from questionnaires.models import Evidence, Submission
from vendors.models import Vendor

OPEN = frozenset({  # pages that are open whatever waits
    "home",
    "order",
    "delisting",
    "delisting_answer",
    "contacts",
    "contact_new",
    "contact_edit",
    "contact_remove",
    "contact_ask",
    "contact_code",
    "contact_code_send",
    "form_begin",  # begins the form that accepts it, or one that does so as well
})  # fmt: skip
OF_THE_FORM = frozenset({  # and those of the one form that accepts it
    "form",
    "form_give_up",
    "form_assign",
    "form_carry_over",
    "check",
    "sign",
    "signed",
    "notices_address",
    "notices_address_send",
    "copy_pdf",
    "copy_json",
    "files",
    "talk",
    "conflict",
    "row_remove",
    "look",
    "step",
    "file",
    "file_remove",
})  # fmt: skip


def of(vendor: Vendor, at: datetime) -> Amendment | None:
    """The amendment that locks the vendor's pages; None while there is none, or its day has not come."""
    amendment = amendments.waiting_for(vendor, at)
    return amendment if amendment and amendment.is_in_force(at) else None


def shuts(request: HttpRequest, vendor: Vendor, arguments: dict[str, Any]) -> bool:
    """Is this page shut to the vendor now? `arguments` are those of its address."""
    match = request.resolver_match
    page = match.url_name if match else ""
    if page in OPEN:
        return False
    amendment = of(vendor, timezone.now())
    if amendment is None:
        return False
    if page not in OF_THE_FORM or amendment.submission is None:
        return True
    return not _is_about(amendment.submission, arguments)


def _is_about(submission: Submission, arguments: dict[str, Any]) -> bool:
    if "uid" in arguments:
        return Evidence.objects.filter(uid=arguments["uid"], submission=submission).exists()
    return bool(arguments.get("number") == submission.number)


def page(request: HttpRequest, vendor: Vendor, amendment: Amendment) -> HttpResponse:
    """What home is meanwhile."""
    orders = vendor.halt_orders.select_related("vendor", "server").prefetch_related("acknowledgements")
    facts = {
        "vendor_name": vendor.name,
        "amendment": amendment,
        "standing": [word(order) for order in orders.standing()],
    }
    return render(request, "portal/locked.html", facts)
