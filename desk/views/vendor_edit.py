"""Changing the register: vendors, their servers and their contacts. Each page is one form and one verb."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.rights import Right
from desk.access import find_contact, find_server, find_vendor, may
from desk.forms import ContactPageForm, ReasonForm
from desk.views.form_page import form_page, refusals_on, stamp
from notices.confirmations import take_back
from notices.own_contacts import ask_if_unproven
from vendors import register
from vendors.forms import ServerForm, VendorForm
from vendors.models import Contact, SendingServer, Vendor


@may(Right.EDIT_VENDORS)
def vendor_new(request: HttpRequest) -> HttpResponse:
    form = VendorForm(request.POST or None)
    with refusals_on(form):
        if form.is_valid():
            vendor = register.add_vendor(**form.cleaned_data, **stamp(request))
            messages.success(request, f"{vendor} is {vendor.number} in the register. Now add servers and contacts.")
            return redirect("desk:vendor", uid=vendor.uid)
    return form_page(request, form, title="Add a vendor", button="Add the vendor")


@may(Right.EDIT_VENDORS)
def vendor_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    vendor = find_vendor(uid)
    form = VendorForm(request.POST or None, initial={"name": vendor.name})
    with refusals_on(form):
        if form.is_valid():
            register.rename_vendor(vendor, **form.cleaned_data, **stamp(request))
            messages.success(request, f"The vendor is called {vendor} now.")
            return redirect("desk:vendor", uid=vendor.uid)
    return form_page(request, form, vendor=vendor, title=f"Rename {vendor}", button="Save the name")


@may(Right.EDIT_VENDORS)
def vendor_retire(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Retire an active vendor, or take a retired one back."""
    vendor = find_vendor(uid)
    retires = vendor.state == Vendor.State.ACTIVE
    verb = register.retire_vendor if retires else register.reinstate_vendor
    form = ReasonForm(request.POST or None)
    with refusals_on(form):
        if form.is_valid():
            verb(vendor, why=form.cleaned_data["reason"], **stamp(request))
            done = "is retired: nothing of theirs is watched now" if retires else "is back, and its servers are watched"
            messages.success(request, f"{vendor} {done}.")
            return redirect("desk:vendor", uid=vendor.uid)
    said = (
        "Nothing of theirs will be watched. What was seen and ordered stays, and a halt order stays in force."
        if retires
        else "Its active servers are watched again from now on."
    )
    title = f"{'Retire' if retires else 'Reinstate'} {vendor}"
    return form_page(request, form, vendor=vendor, title=title, lede=said, button=title)


@may(Right.EDIT_VENDORS)
def server_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    vendor = find_vendor(uid)
    form = ServerForm(request.POST or None)
    with refusals_on(form):
        if form.is_valid():
            server = register.add_server(vendor, **form.cleaned_data, **stamp(request))
            messages.success(request, f"{server} is added. Its first checks are on their way.")
            return redirect("desk:vendor", uid=vendor.uid)
    return form_page(request, form, vendor=vendor, title=f"Add a server of {vendor}", button="Add the server")


@may(Right.EDIT_VENDORS)
def server_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    server = find_server(uid)
    names = {"hostname": server.hostname, "helo": server.helo}
    form = ServerForm(request.POST or None, initial=names, fixed_address=True)
    with refusals_on(form):
        if form.is_valid():
            register.change_server(server, **form.cleaned_data, **stamp(request))
            messages.success(request, f"The names of {server.address} are saved.")
            return redirect("desk:server", uid=server.uid)
    said = "The address itself never changes: what was seen was seen of that address. Add another server instead."
    title = f"Names of {server.address}"
    return form_page(
        request, form, vendor=server.vendor, server=server, title=title, lede=said, button="Save the names"
    )


@may(Right.EDIT_VENDORS)
def server_retire(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Retire an active server, or take a retired one back."""
    server = find_server(uid)
    retires = server.state == SendingServer.State.ACTIVE
    verb = register.retire_server if retires else register.reinstate_server
    form = ReasonForm(request.POST or None)
    with refusals_on(form):
        if form.is_valid():
            verb(server, why=form.cleaned_data["reason"], **stamp(request))
            messages.success(request, f"{server} is {'retired' if retires else 'back, and watched again'}.")
            return redirect("desk:server", uid=server.uid)
    title = f"{'Retire' if retires else 'Reinstate'} {server}"
    said = "It is not watched from now on. What was seen of it stays." if retires else "It is watched again."
    return form_page(request, form, vendor=server.vendor, server=server, title=title, lede=said, button=title)


@may(Right.EDIT_VENDORS)
def contact_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    vendor = find_vendor(uid)
    form = ContactPageForm(request.POST or None)
    with refusals_on(form):
        if form.is_valid():
            contact = register.add_contact(vendor, **form.cleaned_data, **stamp(request))
            messages.success(request, f"{contact} is a contact of {vendor} now.{_asked(request, contact)}")
            _warn(request, contact)
            return redirect("desk:vendor", uid=vendor.uid)
    return form_page(request, form, vendor=vendor, title=f"Add a contact of {vendor}", button="Add the contact")


@may(Right.EDIT_VENDORS)
def contact_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    contact = find_contact(uid)
    vendor = contact.vendor
    fields = ("name", "email", "phone", "is_emergency", "has_authority", "rank")
    form = ContactPageForm(request.POST or None, initial={field: getattr(contact, field) for field in fields})
    with refusals_on(form):
        if form.is_valid():
            was = (contact.name, contact.email)
            register.change_contact(contact, **form.cleaned_data, **stamp(request))
            asked = _asked(request, contact) if was != (contact.name, contact.email) else ""
            messages.success(request, f"{contact} is saved. Letters already written keep the old address.{asked}")
            _warn(request, contact)
            return redirect("desk:vendor", uid=vendor.uid)
    title = f"Change {contact}"
    return form_page(request, form, vendor=vendor, contact=contact, title=title, button="Save the contact")


@may(Right.EDIT_VENDORS)
def contact_remove(request: HttpRequest, uid: UUID) -> HttpResponse:
    contact = find_contact(uid)
    vendor, name = contact.vendor, contact.name
    form = ReasonForm(request.POST or None)
    with refusals_on(form):
        if form.is_valid():
            take_back(contact, "The contact was removed.", **stamp(request))
            register.remove_contact(contact, why=form.cleaned_data["reason"], **stamp(request))
            messages.success(request, f"{name} is no longer a contact of {vendor}.")
            return redirect("desk:vendor", uid=vendor.uid)
    said = "They get no more letters. Letters already written and answers already given stay."
    if contact.is_emergency and not vendor.contacts.emergency().exclude(pk=contact.pk).exists():
        said += f" {name} is the only emergency contact: after this, a halt order reaches only our own staff."
    return form_page(request, form, vendor=vendor, title=f"Remove {name}", lede=said, button=f"Remove {name}")


# ── what they share ─────────────────────────────────────────────────────────


def _warn(request: HttpRequest, contact: Contact) -> None:
    for sentence in contact.warnings:
        messages.warning(request, sentence)


def _asked(request: HttpRequest, contact: Contact) -> str:
    """Have somebody new confirm who they are, and say so."""
    if ask_if_unproven(contact, **stamp(request)):
        return " We have written to them, to confirm address and authority."
    return ""
