"""Publishing the draft of the policy: what kind of change, since when, what vendors are told; then a page that shows
whom it shuts out and what it asks anew; then it is done and cannot be undone."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.rights import Right
from accounts.signed_in import proved_anew
from desk.access import actor, find_draft, may, person
from desk.queries.shut_out import shut_out_by
from policies import drafts, versions
from policies.drafts import VersionRefused
from policies.models import PolicyVersion
from policies.wording import NOTE_LIMIT
from questionnaires.reopening import reopened_by

KINDS = [
    (PolicyVersion.Kind.EDITORIAL, "Editorial: other words for the same. Acceptances stay as they are."),
    (PolicyVersion.Kind.MATERIAL, "Material: something else is asked. Vendors have to accept again."),
]
MINUTE = "%Y-%m-%dT%H:%M"  # what a browser's own picker sends (HTML, local date and time)


class PublishForm(forms.Form):
    kind = forms.ChoiceField(
        label="What kind of change is it?",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the change is editorial or material."},
    )
    note = forms.CharField(
        label="What changes, for vendors",
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Vendors read this beside the differences. Say what they have to do otherwise than before.",
        error_messages={"required": "Write what changes: vendors read it."},
    )
    effective_at = forms.DateTimeField(
        label="In force from (UTC)",
        required=False,
        input_formats=[MINUTE, "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE),
        help_text="Left empty: from the moment you publish it.",
        error_messages={"invalid": "Write a day and a time like 2026-12-01 09:00, or leave it empty."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.PUBLISH_POLICY)
def publish(request: HttpRequest) -> HttpResponse:
    """GET is the form. POST without `seen` shows what it would do; with `seen`, the fingerprint of the draft that was
    shown, it publishes, and asks for the password before that."""
    draft = find_draft()
    form = PublishForm(request.POST or None)
    if "again" in request.POST or not form.is_valid():
        return _form(request, draft, form)
    return _publish(request, draft, form) if request.POST.get("seen") else _confirm(request, draft, form)


def _confirm(request: HttpRequest, draft: PolicyVersion, form: PublishForm) -> HttpResponse:
    """What it would do; or the form again, with what is in the way."""
    try:
        changed = drafts.check(draft, **form.cleaned_data, at=timezone.now()).ids
    except VersionRefused as refused:
        return _form(request, draft, form, refused)
    is_material = form.cleaned_data["kind"] == PolicyVersion.Kind.MATERIAL
    context: dict[str, Any] = {
        "draft": draft,
        "number": (versions.latest().number or 0) + 1,
        "form": form,
        "wanted": form.cleaned_data,
        "is_material": is_material,
        "changed": changed,
        "vendors": shut_out_by(draft) if is_material else [],
        "questions": reopened_by(changed) if is_material else [],
    }
    return render(request, "desk/policy_confirm.html", context)


@proved_anew
def _publish(request: HttpRequest, draft: PolicyVersion, form: PublishForm) -> HttpResponse:
    now, seen = timezone.now(), request.POST["seen"]
    try:
        drafts.publish(draft, **form.cleaned_data, by=actor(request), at=now, by_name=str(person(request)), seen=seen)
    except VersionRefused as refused:
        return _form(request, draft, form, refused)
    since = "It is in force." if draft.effective_at == now else "It takes effect at the moment that you chose."
    messages.success(request, f"Version {draft.number} is published. {since}")
    return redirect("desk:clauses")


def _form(
    request: HttpRequest, draft: PolicyVersion, form: PublishForm, refused: VersionRefused | None = None
) -> HttpResponse:
    if refused is not None:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    context = {"draft": draft, "form": form, "previous": versions.latest(), "difference": versions.difference(draft)}
    return render(request, "desk/policy_publish.html", context)
