"""What we ask the vendor to show of its domains: the requests, one of them with its answer, and a file got back."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from monitors import evidence, registrations
from monitors.evidence import LONGEST_TEXT, EvidenceRefused
from monitors.models import EvidenceRequest, Grant
from monitors.probes.holder import MET
from monitors.probes.holder_tables import CALLED
from notices.attachment import attachment
from portal import access
from questionnaires.uploads import inspected
from vendors.models import Vendor

ENDED = 20  # requests that are over, and are still shown


@dataclass(frozen=True, slots=True)
class Element:
    """One that was asked for, as it stands by now."""

    called: str
    is_done: bool
    sentence: str


class AnswerForm(forms.Form):
    """What is sent: for which elements, and a note. The files are read from the request, one by one."""

    elements = forms.MultipleChoiceField(
        label="What does it show?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what it shows.", "invalid_choice": "Tick only what is shown here."},
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What we should look at. Without a file, write what you did.",
        error_messages={"max_length": f"Keep the note under {LONGEST_TEXT:,} characters."},
    )

    def __init__(self, *args: object, choices: list[tuple[str, str]], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["elements"].choices = choices  # type: ignore[attr-defined]


@require_safe
@access.member
def requests(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    own = EvidenceRequest.objects.of(vendor).select_related("domain")
    page = {
        "vendor_name": vendor.name,
        "live": [(one, [CALLED[each] for each in one.elements]) for one in own.live().order_by("due_on", "pk")],
        "ended": own.exclude(state__in=EvidenceRequest.LIVE).order_by("-ended_at", "-pk")[:ENDED],
        "grants": Grant.objects.standing().of(vendor).select_related("domain").order_by("expires_on", "pk"),
    }
    return render(request, "portal/evidence.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def answer(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponse:
    """GET shows what is asked for and what was sent; POST takes in what is sent now, all or nothing."""
    row = access.find_evidence_request(vendor, number)
    elements = elements_of(row)
    choices = [(name, one.called[:1].upper() + one.called[1:]) for name, one in elements.items() if not one.is_done]
    is_sent = request.method == "POST"
    form = AnswerForm(
        request.POST if is_sent else None,
        choices=choices or [(name, CALLED[name]) for name in elements],
        initial={"elements": [name for name, _ in choices]},
    )
    if is_sent and form.is_valid():
        shown, problems = inspected(request.FILES.getlist("files"))
        if not problems:
            try:
                made = evidence.answer(
                    row, shown, form.cleaned_data["note"], form.cleaned_data["elements"],
                    by=access.actor(request), at=timezone.now(),
                )  # fmt: skip
            except EvidenceRefused as refused:
                problems.append(str(refused))
            else:
                what = ", ".join(one.file_name for one in made if one.file_name) or "Your note"
                messages.success(request, f"{what} is with us now. We look at it, and write to you.")
                return redirect("portal:evidence_request", number=row.number)
        for problem in problems:
            form.add_error(None, problem)
    page = {
        "vendor_name": vendor.name,
        "asked": row,
        "elements": elements.values(),
        "documents": [(one, [CALLED[each] for each in one.elements]) for one in row.documents.all()],
        "grants": row.domain.grants.filter(state=Grant.State.STANDING).order_by("expires_on", "pk"),
        "form": form,
    }
    return render(request, "portal/evidence_request.html", page, status=422 if form.errors else 200)


def elements_of(row: EvidenceRequest) -> dict[str, Element]:
    """What was asked for, and what is missing besides by now, as the registration was last seen."""
    asked = {one["element"]: one for one in row.asked}
    found = registrations.newest_of(row.domain)
    now = {one["element"]: one for one in found.elements} if found else {}
    told = {}
    for name, called in CALLED.items():
        one = now.get(name) or asked.get(name)
        if one is None or (name not in asked and one["state"] in MET):
            continue
        told[name] = Element(called, one["state"] in MET, one["sentence"])
    return told


@require_safe
@access.member
def document(request: HttpRequest, vendor: Vendor, uid: UUID) -> HttpResponseBase:
    """The file, to save: never shown in the browser."""
    found = access.find_document(vendor, uid)
    if not found.place:
        raise Http404
    return attachment(found.place, found.file_name, found.media_type)
