"""Changing the register: the domains in whose names a vendor sends. Each page is one form and one verb."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.rights import Right
from desk.access import find_domain, find_vendor, may
from desk.forms import ReasonForm
from desk.views.form_page import form_page, refusals_on, stamp
from vendors import domains
from vendors.forms import DomainForm
from vendors.models import Domain


@may(Right.EDIT_VENDORS)
def domain_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Declare a domain; `?name=` is one that was met in the DNS, and stays in the form to be declared."""
    vendor = find_vendor(uid)
    met = vendor.domains.filter(name=request.GET.get("name", ""), is_declared=False).first()
    initial = {"name": met.name, "uses": met.uses, "selectors": met.selectors} if met else {}
    form = DomainForm(request.POST or None, initial=initial)
    with refusals_on(form):
        if form.is_valid():
            domain = domains.add_domain(vendor, **form.cleaned_data, **stamp(request))
            messages.success(
                request, f"{domain} is a declared domain of {vendor} now, and watched from the next sweep on."
            )
            return redirect("desk:vendor", uid=vendor.uid)
    said = (
        "It was met in the DNS of their servers, and is watched already. Declare it when the vendor says it is theirs."
    )
    title = f"Declare {met}" if met else f"Add a domain of {vendor}"
    button = "Declare the domain" if met else "Add the domain"
    return form_page(request, form, vendor=vendor, title=title, lede=said if met else "", button=button)


@may(Right.EDIT_VENDORS)
def domain_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    domain = find_domain(uid)
    fields = ("uses", "selectors", "opt_out_url")
    form = DomainForm(
        request.POST or None, initial={field: getattr(domain, field) for field in fields}, fixed_name=True
    )
    with refusals_on(form):
        if form.is_valid():
            domains.change_domain(domain, **form.cleaned_data, **stamp(request))
            messages.success(request, f"{domain} is saved.")
            return redirect("desk:vendor", uid=domain.vendor.uid)
    said = "The name itself never changes: what was seen was seen of that name. Add another domain instead."
    return form_page(request, form, vendor=domain.vendor, title=f"Change {domain}", lede=said, button="Save the domain")


@may(Right.EDIT_VENDORS)
def domain_retire(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Retire an active domain, or take a retired one back."""
    domain = find_domain(uid)
    retires = domain.state == Domain.State.ACTIVE
    verb = domains.retire_domain if retires else domains.reinstate_domain
    form = ReasonForm(request.POST or None)
    with refusals_on(form):
        if form.is_valid():
            verb(domain, why=form.cleaned_data["reason"], **stamp(request))
            messages.success(request, f"{domain} is {'retired' if retires else 'back, and watched again'}.")
            return redirect("desk:vendor", uid=domain.vendor.uid)
    title = f"{'Retire' if retires else 'Reinstate'} {domain}"
    said = "It is not watched from now on. What was seen of it stays." if retires else "It is watched again."
    return form_page(request, form, vendor=domain.vendor, title=title, lede=said, button=title)
