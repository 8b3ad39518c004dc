"""Submissions: what waits for the desk first, then what is with the vendors, then what is decided."""

from django.db.models import Case, Count, IntegerField, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.access import staff
from desk.listing import asked, paged
from questionnaires.models import Return, Submission

State = Submission.State
SHOW = {
    "open": "Open",
    "desk": "Waiting for us",
    "vendor": "With the vendor",
    **{state.value: str(state.label) for state in State},
    "all": "All",
}
EXHIBITS = {"": "Both exhibits", "A": "Exhibit A", "B": "Exhibit B"}
STATES = {  # the class of each state's tag; none for what is over without acceptance
    State.DRAFT: "",
    State.SUBMITTED: "wait",
    State.IN_REVIEW: "wait",
    State.RETURNED: "",
    State.ACCEPTED: "open",
    State.DECLINED: "shut",
    State.WITHDRAWN: "",
}


@require_safe
@staff
def submissions(request: HttpRequest) -> HttpResponse:
    columns = {
        "turn": ["turn", "waits_since", "pk"],
        "vendor": ["vendor__name", "pk"],
        "number": ["pk"],
        "state": ["state", "pk"],
        "since": ["waits_since", "pk"],
    }
    wanted = asked(request, columns, "turn")
    show, exhibit = request.GET.get("show", "open"), request.GET.get("exhibit", "")
    show, exhibit = show if show in SHOW else "open", exhibit if exhibit in EXHIBITS else ""
    rows = shown(search(wanted.q), show).select_related("vendor")
    if exhibit:
        rows = rows.filter(exhibit=exhibit)
    page = paged(request, in_turn(rows), columns, wanted.sort)
    return render(
        request,
        "desk/submissions.html",
        {
            "page": page,
            "states": STATES,
            "q": wanted.q,
            "sort": wanted.sort,
            "show": show,
            "choices": SHOW,
            "exhibit": exhibit,
            "exhibits": EXHIBITS,
            "waiting": Submission.objects.with_desk().count(),
        },
    )


def search(q: str) -> QuerySet[Submission]:
    """Submissions by number or vendor."""
    if not q:
        return Submission.objects.all()
    found = Q(vendor__name__icontains=q)
    number = q.rpartition("-")[2]
    if number.isascii() and number.isdigit() and len(number) < 16:
        found |= Q(pk=int(number))
    return Submission.objects.filter(found)


def shown(rows: QuerySet[Submission], show: str) -> QuerySet[Submission]:
    match show:
        case "all":
            return rows
        case "open":
            return rows.filter(state__in=Submission.OPEN)
        case "desk":
            return rows.filter(state__in=[State.SUBMITTED, State.IN_REVIEW])
        case "vendor":
            return rows.filter(state__in=Submission.EDITABLE)
    return rows.filter(state=show)


def in_turn(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """With whose turn it is, since when it waits there, and how many answers are marked or sent back."""
    ours = Q(state__in=[State.SUBMITTED, State.IN_REVIEW])
    theirs = Q(state__in=Submission.EDITABLE)
    return rows.annotate(
        turn=Case(When(ours, then=0), When(theirs, then=1), default=2, output_field=IntegerField()),
        waits_since=Case(
            When(ours, then=Coalesce("submitted_at", "created_at")),
            When(theirs, then="touched_at"),
            default=Coalesce("ended_at", "touched_at"),
        ),
        back=Count("returns", filter=Q(returns__state__in=[Return.State.NOTED, Return.State.OPEN])),
    )
