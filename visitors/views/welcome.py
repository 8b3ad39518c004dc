"""The first administrator's page, behind the one-time link that `manage.py serve` prints."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from accounts import people
from accounts.client import ip_of
from accounts.people import PersonRefused
from journal.actor import Actor
from notices import links
from visitors.entry import enter
from visitors.forms import FoundingForm
from visitors.links import behind_link, unknown_link

WELCOME = "welcome"  # the purpose of the link, and the first part of its URL


@behind_link
@sensitive_post_parameters("password")
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the form; POST makes the first administrator. It works only while there is none."""
    now = timezone.now()
    link = links.find(token, WELCOME, now)
    if link is None or people.has_administrator():
        return unknown_link(request, "visitors/welcome_unknown.html")
    is_answer = request.method == "POST"
    form = FoundingForm(request.POST if is_answer else None)
    if is_answer and form.is_valid():
        by = Actor("link", "welcome", ip_of(request))
        try:
            user = people.found(**form.cleaned_data, by=by, at=now)
        except PersonRefused as refused:
            form.add_error("email", str(refused))
        else:
            links.expire(link.about, WELCOME, now)
            return enter(request, user)
    return render(request, "visitors/welcome.html", {"form": form})
