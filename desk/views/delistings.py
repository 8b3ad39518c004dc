"""Notes on a finding's delisting: that somebody asked, and what came back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.rights import Right
from desk.access import actor, find_delisting, find_finding, may, person
from desk.views.form_page import form_page, posted, refusals_on
from monitors.delistings import DelistingRefused, answer_delisting, ask_delisting
from monitors.forms import AnsweredForm, AskedAtDeskForm
from monitors.models import Delisting


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.EDIT_VENDORS)
def delisting_new(request: HttpRequest, number: str) -> HttpResponse:
    finding = find_finding(number)
    now = timezone.now()
    first = {"asked_at": now, "asked_by": str(person(request)), "party": Delisting.Party.STAFF}
    form = AskedAtDeskForm(posted(request), initial=first)
    with refusals_on(form, DelistingRefused):
        if form.is_valid():
            ask_delisting(finding, **form.cleaned_data, by=actor(request), at=now)
            messages.success(request, f"Noted for {finding.number}, which closes when the entry is seen to be gone.")
            return redirect("desk:finding", number=finding.number)
    return form_page(
        request,
        form,
        vendor=finding.vendor,
        finding=finding,
        title=f"Delisting asked for, {finding.number}",
        lede=f"{finding.sentence} Note who asked for its end, when and how.",
        button="Note it",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.EDIT_VENDORS)
def delisting_answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    delisting = find_delisting(uid)
    finding, now = delisting.finding, timezone.now()
    form = AnsweredForm(posted(request), initial={"answered_at": now})
    with refusals_on(form, DelistingRefused):
        if form.is_valid():
            answer_delisting(delisting, **form.cleaned_data, by=actor(request), at=now)
            messages.success(request, f"The answer is noted for {finding.number}.")
            return redirect("desk:finding", number=finding.number)
    return form_page(
        request,
        form,
        vendor=finding.vendor,
        finding=finding,
        title=f"Answer to the delisting, {finding.number}",
        lede=f"{delisting.asked_by_name} asked on {delisting.asked_at:%d %B %Y, %H:%M} UTC: {delisting.how}",
        button="Note the answer",
    )
