"""One person: their role, closing and opening the account, and a second factor that was lost."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import people, second_factor
from accounts.models import Role, User
from accounts.people import PersonRefused
from accounts.rights import Right
from accounts.signed_in import proved_anew_to_send
from desk.access import actor, may
from desk.forms import ReasonForm
from desk.timeline import entries_about, events

EVENTS = 20


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=Role.choices, help_text="A change ends all sessions of this person.")


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.MANAGE_PEOPLE)
@proved_anew_to_send
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the person; POST with a role changes it."""
    found = get_object_or_404(User.objects.prefetch_related("memberships__vendor"), pk=pk)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        try:
            people.change_role(found, form.cleaned_data["role"], by=actor(request), at=timezone.now())
        except PersonRefused as refused:
            form.add_error("role", str(refused))
        else:
            messages.success(request, f"{found} is {found.get_role_display()} now, and has to sign in again.")
            return redirect("desk:person", pk=pk)
    return _page(request, found, form, ReasonForm())


@require_POST
@may(Right.MANAGE_PEOPLE)
@proved_anew_to_send
def close(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, people.deactivate, "The account of {} is closed. They are signed out.")


@require_POST
@may(Right.MANAGE_PEOPLE)
@proved_anew_to_send
def forget_factor(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(
        request, pk, second_factor.forget, "The second step of {} is gone. They set up a new one at the next sign-in."
    )


@require_POST
@may(Right.MANAGE_PEOPLE)
@proved_anew_to_send
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(User, pk=pk)
    people.reactivate(found, by=actor(request), at=timezone.now())
    messages.success(request, f"The account of {found} is open again, with the password it had.")
    return redirect("desk:person", pk=pk)


def _with_reason(request: HttpRequest, pk: int, verb: Callable[..., None], done: str) -> HttpResponse:
    found = get_object_or_404(User.objects.prefetch_related("memberships__vendor"), pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            verb(found, by=actor(request), at=timezone.now(), why=form.cleaned_data["reason"])
        except PersonRefused as refused:
            form.add_error("reason", str(refused))
        else:
            messages.success(request, done.format(found))
            return redirect("desk:person", pk=pk)
    return _page(request, found, RoleForm(initial={"role": found.role}), form)


def _page(request: HttpRequest, found: User, form: RoleForm, reason: ReasonForm) -> HttpResponse:
    context = {
        "found": found,
        "form": form,
        "reason": reason,
        "membership": next(iter(found.memberships.all()), None),
        "has_factor": second_factor.factors_of(found.pk).exists(),
        "events": events(entries_about({User: [found.pk]})[:EVENTS]),
    }
    return render(request, "desk/person.html", context)
