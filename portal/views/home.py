"""The vendor's first page: may we mail now, with orders in force at the top, to compare with what came by mail; then
what we know of them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from halts.models import HaltOrder
from halts.wording import word
from monitors.models import EvidenceRequest
from portal import access, lock
from portal.verdict import verdict
from questionnaires import amendments
from vendors.models import SendingServer, Vendor

EARLIER = 10  # lifted orders shown


@require_safe
@access.member
def home(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    now = timezone.now()
    amendment = amendments.waiting_for(vendor, now)
    if amendment and amendment.is_in_force(now):
        return lock.page(request, vendor, amendment)
    orders = vendor.halt_orders.select_related("vendor", "server").prefetch_related("acknowledgements")
    standing = [word(order) for order in orders.standing()]
    page = {
        "vendor_name": vendor.name,
        "vendor": vendor,
        "verdict": verdict(vendor, standing, now, settings.ADVERTISER_NAME),
        "amendment": amendment,
        "evidence": EvidenceRequest.objects.of(vendor)
        .filter(state__in=[EvidenceRequest.State.OPEN, EvidenceRequest.State.OVERDUE])
        .select_related("domain")
        .order_by("due_on", "pk"),
        "standing": standing,
        "earlier": [word(order) for order in orders.filter(state=HaltOrder.State.LIFTED)[:EARLIER]],
        "servers": vendor.servers.filter(state=SendingServer.State.ACTIVE),
        "contacts": vendor.contacts.order_by("-is_emergency", "rank", "pk"),  # in the order of telling
        "members": vendor.members.select_related("user").filter(user__is_active=True).order_by("user__name"),
    }
    return render(request, "portal/home.html", page)
