"""What a contact has shown: asking them to confirm, and keeping what came of a test call."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rights import Right
from desk.access import actor, find_contact, may, person
from desk.forms import TestCallForm
from desk.views.form_page import refusals_on
from notices.confirmations import AskRefused, ask_contact
from vendors.confirmation import log_test_call
from vendors.fields import write_phone


@require_POST
@may(Right.EDIT_VENDORS)
def ask(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write to the contact, with a link of their own."""
    contact = find_contact(uid)
    try:
        ask_contact(contact, by=actor(request), at=timezone.now())
    except AskRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"A letter to {contact} is on its way. They confirm by the link in it.")
    return redirect("desk:vendor", uid=contact.vendor.uid)


@may(Right.EDIT_VENDORS)
def test_call(request: HttpRequest, uid: UUID) -> HttpResponse:
    """GET says whom to call and where; POST keeps the outcome."""
    contact = find_contact(uid)
    form = TestCallForm(request.POST or None)
    with refusals_on(form):
        if form.is_valid():
            call = log_test_call(
                contact, **form.cleaned_data, user=person(request), by=actor(request), at=timezone.now()
            )
            messages.success(request, f"The call to {contact} is logged. {call.get_outcome_display()}.")
            return redirect("desk:vendor", uid=contact.vendor.uid)
    if contact.phone:
        said = f"Call {write_phone(contact.phone)} and ask for {contact}. Ask who can stop the mailings tonight."
    else:
        said = f"{contact} has no telephone number on file. Add it first, then call."
    page = {"vendor": contact.vendor, "contact": contact, "title": f"Test call to {contact}", "lede": said}
    return render(request, "desk/form.html", page | {"form": form, "button": "Log the call"})
