"""Issuing a halt order by hand: one page, its confirmation on it, and one order however often it is sent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.rights import Right
from desk.access import actor, find_finding, find_vendor, may, person
from desk.forms import EVERYTHING, OrderForm
from halts.models import HaltOrder
from halts.orders import OrderRefused, issue
from monitors.models import Finding
from vendors.models import Vendor


@may(Right.ISSUE_HALT)
def order_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    vendor = find_vendor(uid)
    finding = _finding(request, vendor)
    form = OrderForm(request.POST or None, vendor=vendor, initial=_typed_ahead(request, finding))
    if request.method == "POST" and form.is_valid():
        order = _issue(request, vendor, finding, form)
        if order is not None:
            return redirect("desk:order", number=order.number)
    contacts = list(vendor.contacts.emergency())
    context = {
        "vendor": vendor,
        "finding": finding,
        "form": form,
        "contacts": contacts,
        "standing": HaltOrder.objects.standing().filter(vendor=vendor).select_related("server"),
    }
    return render(request, "desk/order_new.html", context)


def _finding(request: HttpRequest, vendor: Vendor) -> Finding | None:
    number = request.GET.get("finding", "")
    if not number:
        return None
    finding = find_finding(number)
    if finding.vendor_id != vendor.pk:
        raise Http404
    return finding


def _typed_ahead(request: HttpRequest, finding: Finding | None) -> dict[str, Any]:
    if finding is not None:
        return {"server": str(finding.server.uid) if finding.server else EVERYTHING, "reason": finding.sentence}
    return {"server": request.GET.get("server") or EVERYTHING}


def _issue(request: HttpRequest, vendor: Vendor, finding: Finding | None, form: OrderForm) -> HaltOrder | None:
    """The order, or None with the refusal on the form."""
    server = form.cleaned_data["server"]
    of_finding = finding is not None and server == finding.server
    user = person(request)
    try:
        order, is_new = issue(
            vendor,
            reason=form.cleaned_data["reason"],
            by=actor(request),
            at=timezone.now(),
            server=server,
            finding=finding if of_finding else None,
            clause=finding.clause if finding else "R12",
            user=user,
            idempotency_key=f"desk:{user.pk}:{form.cleaned_data['key']}",
        )
    except OrderRefused as refused:
        form.add_error(None, str(refused))
        return None
    if is_new:
        messages.success(request, f"{order.number} is issued. The first letter leaves within seconds.")
    else:
        messages.info(request, f"{order.number} was issued already; nothing was sent twice.")
    return order
