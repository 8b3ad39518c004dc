"""The only way from a portal page to a row: the visitor's own vendor, and what belongs to it.

Anonymous visitors are sent to sign in. Staff, people without a vendor, and rows of another vendor get 404: whether they
exist is not theirs to know. What only owners may do is 403 for a member, who can see the page anyway. While an amended
policy waits for the vendor, most pages lead home, where it stands: lock.py has the list of those that stay open.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import Invitation
from accounts.signed_in import actor as actor
from accounts.signed_in import person as person
from halts.models import HaltOrder
from monitors.models import Delisting, Document, EvidenceRequest, Finding
from portal import lock
from questionnaires.models import Acceptance, Evidence, ListSource, Paper, Submission
from vendors.models import Contact, Domain, Member, SendingServer, Vendor

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Vendor, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
ROW = re.compile(r"[A-Za-z0-9_-]{0,32}", re.ASCII)  # the uid of a row of a form; "" for none


def member(page: Page[P]) -> View[P]:
    """A page for everybody who acts for a vendor; it is given the vendor."""

    @wraps(page)
    def view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.headers.get("HX-Request"):  # what saves itself must not take the sign-in page for an answer
                return render(request, "portal/signed_out.html", status=401)
            return redirect_to_login(request.get_full_path())
        vendor = vendor_of(request)
        if lock.shuts(request, vendor, kwargs):
            return redirect("portal:home")
        return page(request, vendor, *args, **kwargs)

    return view


def vendor_of(request: HttpRequest) -> Vendor:
    """The visitor's vendor. A person acts for one at most; staff, who may see all, act for none."""
    user = person(request)
    vendor = None if user.is_staff else Vendor.objects.for_actor(user).first()
    if vendor is None:
        raise Http404
    return vendor


def is_owner(request: HttpRequest, vendor: Vendor) -> bool:
    return vendor.members.filter(user=person(request), role=Member.Role.OWNER).exists()


def demand_owner(request: HttpRequest, vendor: Vendor) -> None:
    """403 for members who are not owners."""
    if not is_owner(request, vendor):
        raise PermissionDenied


def find_order(vendor: Vendor, number: str) -> HaltOrder:
    """One of the vendor's orders, by the number that people say: H-2026-0041."""
    return get_object_or_404(
        HaltOrder.objects.filter(vendor=vendor).select_related("vendor", "server", "finding").numbered(number)
    )


def find_finding(vendor: Vendor, number: str) -> Finding:
    """One of the vendor's own, by the number that people say: F-2031."""
    own = Finding.objects.filter(vendor=vendor).select_related("vendor", "server", "domain", "watch")
    return get_object_or_404(own.numbered(number))


def find_delisting(vendor: Vendor, uid: UUID) -> Delisting:
    """One that the vendor asked for itself."""
    own = Delisting.objects.filter(finding__vendor=vendor, party=Delisting.Party.VENDOR)
    return get_object_or_404(own.select_related("finding__vendor", "finding__watch"), uid=uid)


def find_invitation(vendor: Vendor, pk: int) -> Invitation:
    return get_object_or_404(Invitation, pk=pk, vendor_uid=vendor.uid)


def find_submission(vendor: Vendor, number: str) -> Submission:
    """One of the vendor's own, by the number that people say: S-2026-0125."""
    return get_object_or_404(Submission.objects.filter(vendor=vendor).select_related("vendor").numbered(number))


def row_of(request: HttpRequest) -> str:
    """The row that the request says it is about, "" for none. What cannot be the uid of a row is not found."""
    row = request.POST.get("row") or request.GET.get("row", "")
    if not ROW.fullmatch(row):
        raise Http404
    return row


def find_evidence(vendor: Vendor, uid: UUID) -> Evidence:
    return get_object_or_404(
        Evidence.objects.select_related("submission__vendor"), uid=uid, submission__vendor=vendor, removed_at=None
    )


def find_evidence_request(vendor: Vendor, number: str) -> EvidenceRequest:
    """One of the vendor's own, by the number that people say: E-0012."""
    return get_object_or_404(EvidenceRequest.objects.of(vendor).select_related("domain__vendor").numbered(number))


def find_document(vendor: Vendor, uid: UUID) -> Document:
    return get_object_or_404(Document, uid=uid, request__domain__vendor=vendor)


def find_acceptance(vendor: Vendor, number: str) -> Acceptance:
    """One of the vendor's own, by the number that people say: A-2026-0012."""
    return get_object_or_404(
        Acceptance.objects.filter(vendor=vendor).select_related("vendor", "submission").numbered(number)
    )


def find_paper(vendor: Vendor, number: str) -> Paper:
    """One of the vendor's own, by the number that people say: P-2026-0007."""
    return get_object_or_404(Paper.objects.filter(vendor=vendor).numbered(number))


def find_contact(vendor: Vendor, uid: UUID) -> Contact:
    return get_object_or_404(vendor.contacts.select_related("vendor"), uid=uid)


def find_server(vendor: Vendor, uid: UUID) -> SendingServer:
    return get_object_or_404(vendor.servers.select_related("vendor"), uid=uid)


def find_domain(vendor: Vendor, uid: UUID) -> Domain:
    return get_object_or_404(vendor.domains.select_related("vendor"), uid=uid)


def find_source(vendor: Vendor, uid: str) -> ListSource:
    """One of the vendor's own list sources; 404 also for what is no uid."""
    try:
        return get_object_or_404(vendor.list_sources.select_related("vendor"), uid=UUID(uid))
    except ValueError:
        raise Http404 from None
