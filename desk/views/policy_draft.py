"""Writing the next version of the policy: the draft, its clauses, its title and thresholds. Publishing it is in
policy_publish.py."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rights import Right
from desk.access import actor, find_clause, find_draft, may, person
from desk.forms import ReasonForm
from journal.record import MoveRefused
from policies import drafts, versions
from policies.clauses import Clause
from policies.drafts import VersionRefused
from policies.thresholds import BOUNDS, Thresholds
from policies.wording import TEXT_LIMIT, TITLE_LIMIT


class ClauseForm(forms.Form):
    """The words of a clause; what they may hold is policies.drafts' to say."""

    title = forms.CharField(label="Title", max_length=TITLE_LIMIT, error_messages={"required": "Write the title."})
    text = forms.CharField(
        label="Text",
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="One paragraph. A number that the machine goes by stands in braces, like {complaint_hours}.",
        error_messages={"required": "Write the text."},
    )


class NewClauseForm(ClauseForm):
    id = forms.CharField(
        label="Id",
        max_length=4,
        help_text="A letter of a group and a number that was never used, like R13. It cannot be changed later.",
        error_messages={"required": "Write the id, like R13."},
    )
    field_order = ("id", "title", "text")


class TermsForm(forms.Form):
    """The title, and a whole number for each threshold."""

    title = forms.CharField(
        label="Title of the policy", max_length=TITLE_LIMIT, error_messages={"required": "Write the title."}
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, bound in BOUNDS.items():
            said = f"Write {bound.least:,} to {bound.most:,} {bound.unit}, as a whole number."
            self.fields[name] = forms.IntegerField(
                label=f"{bound.label} ({bound.unit})",
                min_value=bound.least,
                max_value=bound.most,
                help_text=bound.hint,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), said),
            )


@require_POST
@may(Right.PUBLISH_POLICY)
def begin(request: HttpRequest) -> HttpResponse:
    try:
        drafts.begin_draft(**_stamp(request), by_name=str(person(request)))
    except VersionRefused as refused:
        messages.info(request, str(refused))
    return redirect("desk:policy_draft")


@dataclass(frozen=True, slots=True)
class Line:
    """A clause of the draft, and whether it differs from the latest version."""

    clause: Clause
    differs: bool


@require_safe
@may(Right.PUBLISH_POLICY)
def draft(request: HttpRequest) -> HttpResponse:
    """What it changes so far, and each clause with the way to its form."""
    version = find_draft()
    difference = versions.difference(version)
    changed = set(difference.ids) if difference else set()
    context = {
        "draft": version,
        "previous": versions.latest(),
        "difference": difference,
        "lines": [Line(one, one.id in changed) for one in version.read],
        "thresholds": [(bound, version.thresholds[name]) for name, bound in BOUNDS.items()],
    }
    return render(request, "desk/policy_draft.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.PUBLISH_POLICY)
def clause(request: HttpRequest, ident: str) -> HttpResponse:
    """Other words for one clause."""
    version = find_draft()
    found = find_clause(version, ident)
    form = ClauseForm(request.POST or None, initial={"title": found.title, "text": found.text})
    if form.is_valid():
        seen = request.POST.get("seen", "")
        try:
            drafts.change_clause(version, ident, **form.cleaned_data, **_stamp(request), seen=seen)
        except VersionRefused as refused:
            _say(form, refused)
        else:
            messages.success(request, f"{ident} is saved in the draft.")
            return redirect("desk:policy_draft")
    before = {one.id: one for one in versions.latest().read}.get(ident)
    stands = find_clause(version, ident)  # somebody else may have been faster
    context = {"draft": version, "clause": stands, "before": before, "form": form, "names": BOUNDS}
    return render(request, "desk/policy_clause.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.PUBLISH_POLICY)
def clause_new(request: HttpRequest) -> HttpResponse:
    version = find_draft()
    form = NewClauseForm(request.POST or None)
    if form.is_valid():
        ident = form.cleaned_data["id"]
        words = {name: form.cleaned_data[name] for name in ("title", "text")}
        try:
            drafts.add_clause(version, ident, **words, **_stamp(request))
        except VersionRefused as refused:
            _say(form, refused)
        else:
            messages.success(request, f"{ident} is a clause of the draft now.")
            return redirect("desk:policy_draft")
    return render(request, "desk/policy_clause.html", {"draft": version, "form": form, "names": BOUNDS})


@require_POST
@may(Right.PUBLISH_POLICY)
def clause_drop(request: HttpRequest, ident: str) -> HttpResponse:
    """Take a clause that is new out again."""
    version = find_draft()
    find_clause(version, ident)
    try:
        drafts.drop_clause(version, ident, **_stamp(request))
    except VersionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{ident} is taken out of the draft.")
    return redirect("desk:policy_draft")


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.PUBLISH_POLICY)
def terms(request: HttpRequest) -> HttpResponse:
    """The title and the thresholds."""
    version = find_draft()
    form = TermsForm(request.POST or None, initial={"title": version.title, **version.thresholds})
    if form.is_valid():
        title = form.cleaned_data.pop("title")
        try:
            drafts.change_title(version, title, **_stamp(request))
            drafts.change_thresholds(version, Thresholds.of(form.cleaned_data), **_stamp(request))
        except VersionRefused as refused:
            _say(form, refused)
        else:
            messages.success(request, "The title and the thresholds are saved in the draft.")
            return redirect("desk:policy_draft")
    return render(request, "desk/policy_form.html", {"form": form, "title": "Title and thresholds", "button": "Save"})


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.PUBLISH_POLICY)
def discard(request: HttpRequest) -> HttpResponse:
    version = find_draft()
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            drafts.discard(version, why=form.cleaned_data["reason"], **_stamp(request))
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The draft is discarded. The policy stays as it is.")
            return redirect("desk:clauses")
    said = "What was written in it is gone from the desk; the journal keeps it. The policy in force is not touched."
    context = {"form": form, "title": "Discard the draft", "lede": said, "button": "Discard the draft"}
    return render(request, "desk/policy_form.html", context)


def _say(form: forms.Form, refused: VersionRefused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def _stamp(request: HttpRequest) -> dict[str, Any]:
    return {"by": actor(request), "at": timezone.now()}
