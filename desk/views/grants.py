"""Exceptions and accepted evidence of registrations: all of them, and ending one."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import Right
from desk.access import find_grant, may, staff
from desk.forms import ReasonForm
from desk.listing import asked, paged
from desk.views.form_page import posted, refusals_on, registration_form_page, stamp
from monitors import grants
from monitors.grants import GrantRefused
from monitors.models import Grant

SHOW = {"standing": "Standing", "proposed": "Waiting for a second person", "ended": "Ended", "all": "All"}


@require_safe
@staff
def all_grants(request: HttpRequest) -> HttpResponse:
    """Those that stand, the ones that end first on top."""
    columns = {
        "ends": ["expires_on", "pk"],
        "vendor": ["domain__vendor__name", "pk"],
        "domain": ["domain__name", "element", "pk"],
        "given": ["granted_at", "pk"],
    }
    wanted = asked(request, columns, "ends")
    show = request.GET.get("show", "standing")
    show = show if show in SHOW else "standing"
    rows = Grant.objects.select_related("domain__vendor", "request")
    if show == "ended":
        rows = rows.exclude(state__in=Grant.LIVE)
    elif show != "all":
        rows = rows.filter(state=show)
    if wanted.q:
        rows = rows.filter(Q(domain__name__icontains=wanted.q) | Q(domain__vendor__name__icontains=wanted.q))
    return render(
        request,
        "desk/grants.html",
        {
            "page": paged(request, rows, columns, wanted.sort),
            "q": wanted.q,
            "sort": wanted.sort,
            "show": show,
            "choices": SHOW,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.REVIEW)
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    grant = find_grant(uid)
    form = ReasonForm(posted(request), hint="The vendor reads it.")
    with refusals_on(form, GrantRefused):
        if form.is_valid():
            grants.withdraw(grant, form.cleaned_data["reason"], **stamp(request))
            messages.success(request, f"Withdrawn for the {grant.called}. The registration is looked at anew.")
            return redirect("desk:registration", uid=grant.domain.uid)
    return registration_form_page(
        request,
        form,
        grant.domain,
        title=f"Withdraw what is let stand for the {grant.called}",
        lede=f"{grant.get_kind_display()} for {grant.domain}, until {grant.expires_on}. It ends at once.",
        button="Withdraw it",
        nothing="" if grant.state in Grant.LIVE else "It has ended already.",
    )
