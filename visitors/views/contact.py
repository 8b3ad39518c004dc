"""The page of an emergency contact, for the person who got it by mail: what it means, and yes or no to all of it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.client import ip_of
from notices import confirmations
from vendors.confirmation import ConfirmationRefused, promises
from vendors.models import Contact
from visitors.links import behind_link, unknown_link


def _tick(sentence: str) -> forms.BooleanField:
    return forms.BooleanField(error_messages={"required": sentence})


class PromiseForm(forms.Form):
    """Three ticks, all needed: one who cannot make all three promises cannot be the emergency contact."""

    person = _tick("Tick that this is you and your address. If it is not, say so at the end of the page.")
    authority = _tick(
        "Tick that you can stop all mailings without asking anybody. If you would have to ask, say so at the end of "
        "the page."
    )
    obedience = _tick("Tick that you will follow an instruction to stop at once. The contact exists for that.")

    def __init__(self, *args: Any, contact: Contact, **options: Any) -> None:
        super().__init__(*args, **options)
        for field, sentence in zip(self.fields.values(), promises(contact), strict=True):
            field.label = sentence


# No CSRF cookie is asked for, for the reasons of the halt order's page: the address is the secret and the authority.
@csrf_exempt
@behind_link
def contact(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what is asked, or what was answered, and changes nothing; POST says yes with three ticks, or no with
    `answer=no`, as often as it is sent."""
    now = timezone.now()
    found = confirmations.asked(token, now)
    if found is None:
        return unknown_link(request, "visitors/contact_unknown.html")
    link, person = found
    answer = request.POST.get("answer") if request.method == "POST" else None
    form = PromiseForm(request.POST if answer == "yes" else None, contact=person)
    try:
        if answer == "no":
            confirmations.decline(link, person, at=now, ip=ip_of(request))
            return HttpResponseRedirect(request.path, status=303)
        if answer == "yes" and form.is_valid():
            confirmations.accept(link, person, at=now, ip=ip_of(request))
            return HttpResponseRedirect(request.path, status=303)
    except ConfirmationRefused:
        return unknown_link(request, "visitors/contact_unknown.html")
    page = {"contact": person, "vendor": person.vendor, "form": form}
    if person.declined_at:
        return render(request, "visitors/contact_declined.html", page)
    if person.is_proven:
        return render(request, "visitors/contact_confirmed.html", page)
    return render(request, "visitors/contact.html", page)
