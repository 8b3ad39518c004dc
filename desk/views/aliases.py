"""Changing the register: the other names that a vendor is known under. Each page is one form and one verb."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.rights import Right
from desk.access import find_alias, find_vendor, may, person
from desk.forms import ReasonForm
from desk.views.form_page import form_page, refusals_on, stamp
from vendors.aliases import approve_alias, withdraw_alias
from vendors.forms import AliasForm


@may(Right.EDIT_VENDORS)
def alias_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Approve another name. Who is signed in saw the evidence."""
    vendor = find_vendor(uid)
    form = AliasForm(request.POST or None)
    with refusals_on(form):
        if form.is_valid():
            by_name = str(person(request))
            alias = approve_alias(vendor, **form.cleaned_data, by_name=by_name, **stamp(request))
            messages.success(request, f"{vendor} is known as “{alias}” too now.")
            return redirect("desk:vendor", uid=vendor.uid)
    said = "What stands in a register in this name counts as theirs. Your name stands beside it."
    title = f"Approve another name of {vendor}"
    return form_page(request, form, vendor=vendor, title=title, lede=said, button="Approve the name")


@may(Right.EDIT_VENDORS)
def alias_withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    alias = find_alias(uid)
    vendor, name = alias.vendor, alias.name
    form = ReasonForm(request.POST or None)
    with refusals_on(form):
        if form.is_valid():
            withdraw_alias(alias, why=form.cleaned_data["reason"], **stamp(request))
            messages.success(request, f"“{name}” is no name of {vendor} any more.")
            return redirect("desk:vendor", uid=vendor.uid)
    said = (
        "What stands in a register in this name does not count as theirs any more. The journal keeps name and evidence."
    )
    return form_page(
        request, form, vendor=vendor, title=f"Withdraw the name “{name}”", lede=said, button="Withdraw the name"
    )
