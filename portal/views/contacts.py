"""The vendor's contacts: what each has shown and what is missing. Owners add, change, remove and have them asked.

A change takes effect at once: a person who left must not be the one we call. Staff are told by letter.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notices import own_contacts
from notices.confirmations import AskRefused, ask_contact, last_letters
from portal import access
from vendors.forms import OwnContactForm
from vendors.models import Vendor

FIELDS = ("name", "email", "phone", "rank")


@require_safe
@access.member
def contacts(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    rows = list(vendor.contacts.order_by("-is_emergency", "rank", "pk").with_calls())
    letters = last_letters(rows)
    page = {
        "vendor_name": vendor.name,
        "contacts": [(row, letters.get(row.pk)) for row in rows],
        "has_proven": any(row.is_emergency and row.is_proven for row in rows),
        "is_owner": access.is_owner(request, vendor),
    }
    return render(request, "portal/contacts.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def contact_new(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    access.demand_owner(request, vendor)
    form = OwnContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            contact, is_asked = own_contacts.add(vendor, form.cleaned_data, **_stamp(request))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"{contact} is an emergency contact now.{_asked(is_asked)}")
            return redirect("portal:contacts")
    return render(request, "portal/contact_form.html", {"vendor_name": vendor.name, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def contact_edit(request: HttpRequest, vendor: Vendor, uid: UUID) -> HttpResponse:
    contact = access.find_contact(vendor, uid)
    access.demand_owner(request, vendor)
    name = contact.name
    initial = {field: getattr(contact, field) for field in FIELDS}
    form = OwnContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            is_asked = own_contacts.change(contact, form.cleaned_data, **_stamp(request))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"{contact} is saved.{_asked(is_asked) if is_asked else ''}")
            return redirect("portal:contacts")
    page = {"vendor_name": vendor.name, "form": form, "contact": contact, "name": name}
    return render(request, "portal/contact_form.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def contact_remove(request: HttpRequest, vendor: Vendor, uid: UUID) -> HttpResponse:
    """GET asks whether it is meant; POST removes."""
    contact = access.find_contact(vendor, uid)
    access.demand_owner(request, vendor)
    if request.method == "POST":
        try:
            own_contacts.remove(contact, **_stamp(request))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, f"{contact} is no longer a contact. They get no more orders.")
        return redirect("portal:contacts")
    return render(request, "portal/contact_remove.html", {"vendor_name": vendor.name, "contact": contact})


@require_POST
@access.member
def ask(request: HttpRequest, vendor: Vendor, uid: UUID) -> HttpResponse:
    """Write to the contact again."""
    contact = access.find_contact(vendor, uid)
    access.demand_owner(request, vendor)
    try:
        ask_contact(contact, by=access.actor(request), at=timezone.now())
    except AskRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"A letter to {contact.email} is on its way.")
    return redirect("portal:contacts")


def _stamp(request: HttpRequest) -> dict[str, Any]:
    return {"who": str(access.person(request)), "by": access.actor(request), "at": timezone.now()}


def _asked(is_asked: bool) -> str:
    if is_asked:
        return " We have written to them: they confirm it themselves, by the link in that letter."
    return " No letter was written now, because many were within the last hour. Have them asked later."
