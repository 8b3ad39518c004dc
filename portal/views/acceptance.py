"""A written acceptance of the vendor: the letter, what it covers, and saying that it was received."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from notices.attachment import attachment
from portal import access
from questionnaires import acceptances
from questionnaires.acceptances import AcceptanceRefused
from questionnaires.models import Acceptance
from vendors.models import Vendor


@require_safe
@access.member
def acceptance(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponse:
    found = access.find_acceptance(vendor, number)
    stands = Acceptance.objects.beside(vendor, found.exhibit)
    page = {"vendor_name": vendor.name, "acceptance": found, "stands": stands}
    return render(request, "portal/acceptance.html", page)


@require_safe
@access.member
def letter(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponseBase:
    found = access.find_acceptance(vendor, number)
    return attachment(found.letter_place, f"{found.number}.pdf", "application/pdf")


@require_safe
@access.member
def paper(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponseBase:
    """A letter that declines, suspends or withdraws."""
    found = access.find_paper(vendor, number)
    return attachment(found.place, f"{found.number}.pdf", "application/pdf")


@require_POST
@access.member
def receive(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponse:
    """We have it. From now on it counts."""
    found = access.find_acceptance(vendor, number)
    try:
        acceptances.receive(
            found,
            Acceptance.Receipt.PORTAL,
            access.person(request).name,
            by=access.actor(request),
            at=timezone.now(),
        )
    except AcceptanceRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Receipt of {found.number} is recorded.")
    return redirect("portal:acceptance", found.number)
