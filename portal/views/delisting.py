"""One finding of the vendor's, and what was asked of the list that names it: noted here, and what came back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from monitors import checks
from monitors.delistings import DelistingRefused, answer_delisting, ask_delisting, is_of_a_list
from monitors.forms import AnsweredForm, AskedForm
from monitors.models import Delisting, Finding
from portal import access
from vendors.models import Vendor


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def delisting(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponse:
    """GET shows the finding; POST notes that its end was asked for."""
    finding = access.find_finding(vendor, number)
    form = _asked_form(request, request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        by, party = access.actor(request), Delisting.Party.VENDOR
        try:
            ask_delisting(finding, **form.cleaned_data, party=party, by=by, at=timezone.now())
        except DelistingRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Noted for {finding.number}. It closes when we see that the entry is gone.")
            return redirect("portal:delisting", number=finding.number)
    page = context_of(request, finding)
    if form:
        page |= {"asked_form": form, "form": form}
    return _shown(request, vendor, page)


@require_POST
@access.member
def delisting_answer(request: HttpRequest, vendor: Vendor, uid: UUID) -> HttpResponse:
    """What came back to one of the vendor's own requests."""
    found = access.find_delisting(vendor, uid)
    form = _answered_form(found, request.POST)
    if form.is_valid():
        try:
            answer_delisting(found, **form.cleaned_data, by=access.actor(request), at=timezone.now())
        except DelistingRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"The answer is noted for {found.finding.number}.")
            return redirect("portal:delisting", number=found.finding.number)
    page = context_of(request, found.finding)
    page["delistings"] = [(one, form if one == found else empty) for one, empty in page["delistings"]]
    return _shown(request, vendor, page | {"form": form})


def context_of(request: HttpRequest, finding: Finding) -> dict[str, Any]:
    """What portal/delisting.html needs, wherever it stands. Our own requests are answered at the desk."""
    waiting = {"answered_at": None, "party": Delisting.Party.VENDOR}
    open_ones = set(finding.delistings.filter(**waiting).values_list("pk", flat=True))
    list_id = finding.watch.check_id.partition(":")[2]
    return {
        "finding": finding,
        "is_list": is_of_a_list(finding),
        "entry": next((one for one in checks.blocklists() if one.id == list_id), None),
        "asked_form": _asked_form(request, None),
        "delistings": [
            (one, _answered_form(one, None) if one.pk in open_ones else None) for one in finding.delistings.all()
        ],
    }


def _shown(request: HttpRequest, vendor: Vendor, page: dict[str, Any]) -> HttpResponse:
    is_refused = "form" in page
    return render(
        request,
        "portal/finding_delisting.html",
        {"form": None, "vendor_name": vendor.name} | page,
        status=422 if is_refused else 200,
    )


def _asked_form(request: HttpRequest, posted: Mapping[str, Any] | None) -> AskedForm:
    first = {"asked_by": str(access.person(request)), "asked_at": timezone.now()}
    return AskedForm(posted, initial=first)


def _answered_form(one: Delisting, posted: Mapping[str, Any] | None) -> AnsweredForm:
    """Several may stand on one page: their fields go by the request's key."""
    return AnsweredForm(posted, initial={"answered_at": timezone.now()}, prefix=f"a{one.pk}")
