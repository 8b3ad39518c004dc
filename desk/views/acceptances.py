"""Written acceptances: all of them, one with what it covers, its letter, and the ways in which it may end."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import Right
from desk.access import actor, find_acceptance, find_paper, may, staff
from desk.forms import ReasonForm
from desk.listing import asked, paged
from desk.sentences.review import MINOR
from desk.timeline import entries_about, events
from desk.views.deliveries import title_of
from desk.views.overview import RECEIPT_OVERDUE
from notices.attachment import attachment
from notices.models import Delivery
from questionnaires import acceptances as verbs
from questionnaires import codes
from questionnaires.acceptances import AcceptanceRefused
from questionnaires.models import Acceptance, Submission

State = Acceptance.State
SHOW = {"standing": "Standing", **{state.value: str(state.label) for state in State}, "all": "All"}
STATES = {  # the class of each state's tag
    State.ISSUED: "wait",
    State.RECEIVED: "open",
    State.SUSPENDED: "shut",
    State.EXPIRED: "shut",
    State.SUPERSEDED: "",
    State.WITHDRAWN: "shut",
}
EVENTS = 20
SHUTS = {  # what it means that one of Exhibit A or B does not count
    "A": "The gate is shut.",
    "B": "What it covers may not be mailed; other mail is not touched.",
}
REASON_HINT = "The vendor reads it in the letter that goes out at once."


@require_safe
@staff
def acceptances(request: HttpRequest) -> HttpResponse:
    columns = {
        "issued": ["issued_at", "pk"],
        "vendor": ["vendor__name", "pk"],
        "state": ["state", "pk"],
        "until": ["valid_until", "pk"],
        "received": ["received_at", "pk"],
    }
    wanted = asked(request, columns, "-issued")
    show = request.GET.get("show", "standing")
    show = show if show in SHOW else "standing"
    rows = shown(search(wanted.q), show).select_related("vendor").defer("scope")
    context = {
        "page": paged(request, rows, columns, wanted.sort),
        "states": STATES,
        "q": wanted.q,
        "sort": wanted.sort,
        "show": show,
        "choices": SHOW,
    }
    return render(request, "desk/acceptances.html", context)


def search(q: str) -> QuerySet[Acceptance]:
    """Acceptances by number, vendor, or the code of the letter."""
    if not q:
        return Acceptance.objects.all()
    found = Q(vendor__name__icontains=q) | Q(code=codes.normalise(q))
    number = q.rpartition("-")[2]
    if number.isascii() and number.isdigit() and len(number) < 16:
        found |= Q(pk=int(number))
    return Acceptance.objects.filter(found)


def shown(rows: QuerySet[Acceptance], show: str) -> QuerySet[Acceptance]:
    if show == "standing":
        return rows.filter(state__in=Acceptance.STANDING)
    return rows if show == "all" else rows.filter(state=show)


@require_safe
@staff
def acceptance(request: HttpRequest, number: str) -> HttpResponse:
    row = find_acceptance(number)
    context = {
        "acceptance": row,
        "state": STATES[State(row.state)],
        "code": codes.show(row.code),
        "is_overdue": row.state == State.ISSUED and row.issued_at <= timezone.now() - RECEIPT_OVERDUE,
        "letters": [(title_of(one), one) for one in Delivery.objects.about(row.about).order_by("created_at", "pk")],
        "events": events(
            entries_about({Acceptance: [row.pk], Submission: [row.submission_id]}).exclude(verb__in=MINOR)[:EVENTS]
        ),
    }
    return render(request, "desk/acceptance.html", context)


@require_safe
@staff
def letter(request: HttpRequest, number: str) -> HttpResponseBase:
    row = find_acceptance(number)
    return attachment(row.letter_place, f"{row.number}.pdf", "application/pdf")


@require_safe
@staff
def paper(request: HttpRequest, number: str) -> HttpResponseBase:
    """A letter that declines, suspends or withdraws."""
    row = find_paper(number)
    return attachment(row.place, f"{row.number}.pdf", "application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.SUSPEND_ACCEPTANCE)
def suspend(request: HttpRequest, number: str) -> HttpResponse:
    return _with_reason(
        request,
        number,
        verbs.suspend,
        "Suspend {}",
        "It does not count until somebody resumes it. {} is told at once.",
        "{} is suspended. {}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.RESUME_ACCEPTANCE)
def resume(request: HttpRequest, number: str) -> HttpResponse:
    return _with_reason(
        request, number, verbs.resume, "Resume {}", "It counts again as it did before. {} is told.", "{} is resumed."
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.SUSPEND_ACCEPTANCE)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    return _with_reason(
        request,
        number,
        verbs.withdraw,
        "Withdraw {}",
        "It ends for good: {} would have to apply anew. To stop for a while, suspend it.",
        "{} is withdrawn. {}",
    )


def _with_reason(request: HttpRequest, number: str, verb: Any, title: str, lede: str, done: str) -> HttpResponse:
    """One form and one verb; the page of the acceptance when it is done."""
    row = find_acceptance(number)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        hint=REASON_HINT,
        required="Write the reason. It goes to the vendor.",
    )
    if request.method == "POST" and form.is_valid():
        try:
            verb(row, form.cleaned_data["reason"], by=actor(request), at=timezone.now())
        except AcceptanceRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done.format(row.number, SHUTS[row.exhibit]))
            return redirect("desk:acceptance", number=row.number)
    context = {
        "acceptance": row,
        "form": form,
        "title": title.format(row.number),
        "lede": lede.format(row.vendor),
        "button": title.format(row.number),
    }
    return render(request, "desk/acceptance_form.html", context)
