"""The page of an invitation: who invites to what, and a form that makes the account."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from accounts.client import ip_of
from accounts.invitations import InvitationRefused
from accounts.models import Invitation, User
from journal.actor import Actor
from notices import links
from notices.invitations import INVITE
from vendors import members
from visitors.entry import enter
from visitors.forms import AccountForm
from visitors.links import behind_link, unknown_link


@behind_link
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the invitation; POST with a name and a password accepts it, once, and signs in."""
    now = timezone.now()
    link = links.find(token, INVITE, now)
    found = Invitation.objects.about(link.about).select_related("invited_by").first() if link else None
    if found is None:
        return unknown_link(request, "visitors/invitation_unknown.html")
    if ended := _ended(found, now):
        return render(request, "visitors/invitation_ended.html", {"invitation": found, "ended": ended}, status=410)
    is_answer = request.method == "POST"
    form = AccountForm(request.POST if is_answer else None, email=found.email, initial={"name": found.name})
    try:
        vendor = members.inviting_vendor(found)
        if is_answer and form.is_valid():
            by = Actor("link", found.about, ip_of(request))
            return enter(request, members.accept(found, **form.cleaned_data, by=by, at=now))
    except InvitationRefused as refused:
        return render(request, "visitors/invitation_ended.html", {"sentence": str(refused)}, status=410)
    return render(request, "visitors/invitation.html", {"invitation": found, "vendor": vendor, "form": form})


def _ended(found: Invitation, now: datetime) -> str:
    """Why it opens nothing any more, for the page to word; empty while it is good."""
    if found.state != Invitation.State.OPEN:
        return found.state
    if User.objects.filter(email=found.email, is_active=True).exists():
        return "needless"
    return "expired" if found.expires_at <= now else ""
