"""IT's approvals of the advertiser's domains in vendors' headers: those in force, those that were, a new one."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import Right
from desk.access import actor, find_approval, find_vendor, may, staff
from desk.forms import ReasonForm
from desk.listing import asked, paged
from desk.review_forms import ApprovalForm
from questionnaires.header_approvals import ApprovalRefused, approve, ended, in_force, revoke
from questionnaires.models import HeaderApproval

SHOW = {"standing": "In force", "ended": "Ended", "all": "All"}


@require_safe
@staff
def header_approvals(request: HttpRequest) -> HttpResponse:
    columns = {
        "approved": ["at", "pk"],
        "vendor": ["vendor__name", "pk"],
        "domain": ["domain", "pk"],
        "until": ["until", "pk"],
    }
    wanted = asked(request, columns, "-approved")
    show = request.GET.get("show", "standing")
    show = show if show in SHOW else "standing"
    today = timezone.now().date()
    rows = {"standing": in_force(today), "ended": ended(today), "all": HeaderApproval.objects.all()}[show]
    if wanted.q:
        rows = rows.filter(vendor__name__icontains=wanted.q) | rows.filter(domain__icontains=wanted.q)
    context = {
        "page": paged(request, rows.select_related("vendor"), columns, wanted.sort),
        "today": today,
        "q": wanted.q,
        "sort": wanted.sort,
        "show": show,
        "choices": SHOW,
    }
    return render(request, "desk/header_approvals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.APPROVE_HEADERS)
def approval_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    vendor = find_vendor(uid)
    now = timezone.now()
    domains = list(settings.ADVERTISER_DOMAINS)
    form = ApprovalForm(
        request.POST if request.method == "POST" else None,
        domains=domains,
        initial={"since": now.date(), "until": now.date() + timedelta(days=365)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            approval = approve(vendor, **form.cleaned_data, own_domains=domains, by=actor(request), at=now)
        except ApprovalRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{approval.number}: {vendor} may use {approval.domain} until {approval.until}.")
            return redirect("desk:vendor", uid=vendor.uid)
    context = {
        "vendor": vendor,
        "form": form,
        "title": f"Approve a domain of ours for {vendor}",
        "lede": "Without this, one of our domains in a header stops acceptance, and shuts the gate (R11).",
        "button": "Approve it in writing",
    }
    return render(request, "desk/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.APPROVE_HEADERS)
def approval_revoke(request: HttpRequest, uid: UUID) -> HttpResponse:
    approval = find_approval(uid)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke(approval, form.cleaned_data["reason"], by=actor(request), at=timezone.now())
        except ApprovalRefused as refused:
            form.add_error(None, str(refused))
        else:
            vendor = approval.vendor
            messages.success(
                request, f"{approval.number} is revoked: {vendor} may not use {approval.domain}. It is told."
            )
            return redirect("desk:header_approvals")
    context = {
        "vendor": approval.vendor,
        "form": form,
        "title": f"Revoke {approval.number}",
        "lede": f"From now on {approval.vendor} may not use {approval.domain} in a header. "
        "The reason goes to its owners and to the address for notices.",
        "button": f"Revoke {approval.number}",
    }
    return render(request, "desk/form.html", context)
