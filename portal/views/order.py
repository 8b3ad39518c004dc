"""One halt order of the vendor, to read. It is answered from its link, which only the emergency contact has."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from halts.wording import word
from portal import access
from vendors.models import Vendor


@require_safe
@access.member
def order(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponse:
    found = access.find_order(vendor, number)
    page = {"vendor_name": vendor.name, "order": word(found), "finding": found.finding}
    return render(request, "portal/order.html", page)
