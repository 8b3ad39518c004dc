"""Confirming a contact's address by the six digits that we mailed there: for a contact who cannot open the link.

It confirms the address only. The authority is the contact's own to state, by their link.
"""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from notices.codes import CodeRefused, check_code, send_code
from portal import access
from vendors.confirmation import ConfirmationRefused, confirm_email
from vendors.models import AddressCode, Vendor

CONTACT = "contact"  # the purpose of these codes


class CodeForm(forms.Form):
    """The digits, however they are spaced."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="Six digits, from the newest letter.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "Enter the code from the letter.", "max_length": "A code has six digits."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def code(request: HttpRequest, vendor: Vendor, uid: UUID) -> HttpResponse:
    """GET shows the field and changes nothing; POST checks what was typed."""
    contact = access.find_contact(vendor, uid)
    access.demand_owner(request, vendor)
    now = timezone.now()
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        by = access.actor(request)
        try:
            check_code(vendor, contact.email, CONTACT, form.cleaned_data["code"], by=by, at=now)
            confirm_email(contact, by=by, at=now)
        except (CodeRefused, ConfirmationRefused) as refused:
            form.add_error("code", str(refused))
        else:
            messages.success(request, f"{contact.email} is confirmed.")
            return redirect("portal:contacts")
    newest = AddressCode.objects.of(vendor, contact.email, CONTACT).first()
    page = {
        "vendor_name": vendor.name,
        "contact": contact,
        "form": form,
        "sent": newest if newest and not newest.confirmed_at else None,
        "send_url": reverse("portal:contact_code_send", args=[contact.uid]),
    }
    return render(request, "portal/contact_code.html", page)


@require_POST
@access.member
def code_sent(request: HttpRequest, vendor: Vendor, uid: UUID) -> HttpResponse:
    """Mail a code to the contact."""
    contact = access.find_contact(vendor, uid)
    access.demand_owner(request, vendor)
    try:
        send_code(vendor, contact.email, CONTACT, name=contact.name, by=access.actor(request), at=timezone.now())
    except CodeRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"A code is on its way to {contact.email}.")
    return redirect("portal:contact_code", uid=contact.uid)
