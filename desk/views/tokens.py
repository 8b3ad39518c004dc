"""Tokens of machines: list, create (shown once), revoke."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import tokens as verbs
from accounts.models import ApiToken, Role
from accounts.rights import Right
from accounts.signed_in import proved_anew
from desk.access import actor, may, person
from desk.listing import asked, paged
from journal.record import MoveRefused
from vendors.fields import clean_name

COLUMNS = {
    "name": ("name", "pk"),
    "role": ("role", "name", "pk"),
    "used": ("-last_used_at", "pk"),
    "made": ("-created_at", "-pk"),
}


class TokenForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="Which machine has it, for example “mail gateway, Frankfurt”.",
        error_messages={"required": "Enter a name, so that you know later which token this is."},
    )
    role = forms.ChoiceField(label="Role", choices=Role.choices, help_text="It may do what this role may do.")
    scopes = forms.MultipleChoiceField(
        label="Scopes",
        choices=ApiToken.Scope.choices,
        widget=forms.CheckboxSelectMultiple(),
        initial=[ApiToken.Scope.READ],
        help_text="And of that, only this. No token manages people or tokens.",
        error_messages={"required": "Tick at least one scope."},
    )
    days = forms.IntegerField(
        label="Days", min_value=1, max_value=3650, initial=verbs.LIFETIME.days, help_text="How long it lives."
    )

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


@require_safe
@may(Right.MANAGE_TOKENS)
def tokens(request: HttpRequest) -> HttpResponse:
    wanted = asked(request, COLUMNS, "made")
    rows = ApiToken.objects.select_related("created_by")
    if wanted.q:
        rows = rows.filter(name__icontains=wanted.q) | rows.filter(public_id__icontains=wanted.q)
    context = {"page": paged(request, rows, COLUMNS, wanted.sort), "q": wanted.q, "sort": wanted.sort}
    return render(request, "desk/tokens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.MANAGE_TOKENS)
@proved_anew
def token_new(request: HttpRequest) -> HttpResponse:
    """The form; after POST the token itself, on this one answer only."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _shown(request, *_create(request, **form.cleaned_data))
        except verbs.TokenRefused as refused:
            form.add_error("scopes", str(refused))
    return render(request, "desk/tokens_new.html", {"form": form})


def _create(request: HttpRequest, *, name: str, role: str, scopes: list[str], days: int) -> tuple[ApiToken, str]:
    return verbs.create(
        role=role,
        name=name,
        scopes=scopes,
        lifetime=timedelta(days=days),
        user=person(request),
        by=actor(request),
        at=timezone.now(),
    )


def _shown(request: HttpRequest, token: ApiToken, plain: str) -> HttpResponse:
    context: dict[str, Any] = {"token": token, "plain": plain}
    response = render(request, "desk/tokens_created.html", context)
    response["Cache-Control"] = "no-store, private"
    return response


@require_POST
@may(Right.MANAGE_TOKENS)
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    token = get_object_or_404(ApiToken, public_id=public_id)
    try:
        verbs.revoke(token, by=actor(request), at=timezone.now())
    except MoveRefused:
        messages.info(request, f"{token} was revoked before.")
    else:
        messages.success(request, f"{token} is revoked: its next request is refused.")
    return redirect("desk:tokens")
