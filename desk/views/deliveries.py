"""The outbox: every letter, one letter as it was sent, and a second chance for one that was given up."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rights import Right
from desk.access import actor, find_delivery, may, staff
from desk.forms import ReasonForm
from desk.listing import asked, paged
from desk.timeline import entries_about, events
from halts.models import HaltOrder
from journal.record import MoveRefused
from notices.models import Delivery
from notices.outbox import retry as retry_letter

SHOW = {"all": "All", **{state.value: str(state.label) for state in Delivery.State}}
STATES = {
    Delivery.State.DUE: "wait",
    Delivery.State.SENT: "open",
    Delivery.State.DEAD: "shut",
    Delivery.State.CANCELLED: "",
}
LETTERS = {
    "halt_order": "Halt order",
    "halt_unanswered": "Order without an answer",
    "halt_answered": "Order answered",
    "halt_lifted": "Order lifted",
    "blind": "Blocklists that we cannot see",
    "invitation": "Invitation",
    "signed_copy": "Signed copy",
    "section_assigned": "Section to fill in",
    "submission_returned": "Form sent back",
    "submission_declined": "Form declined",
    "acceptance": "Written acceptance",
    "acceptance_changed": "Acceptance suspended, resumed or withdrawn",
    "acceptance_expired": "Acceptance expired",
    "approval_revoked": "Header approval revoked",
    "contact_confirm": "Contact to confirm",
    "contact_declined": "Contact who declined",
    "contact_changed": "Contact changed",
    "address_code": "Code for an address",
}


def title_of(letter: Delivery) -> str:
    """What kind of letter it is, in words."""
    return LETTERS.get(letter.letter, letter.letter.replace("_", " ").capitalize())


@staff
def deliveries(request: HttpRequest) -> HttpResponse:
    columns = {
        "written": ["created_at", "pk"],
        "to": ["to_email", "pk"],
        "letter": ["letter", "pk"],
        "state": ["state", "pk"],
        "sent": ["sent_at", "pk"],
        "tries": ["attempts", "pk"],
    }
    wanted = asked(request, columns, "-written")
    show = request.GET.get("show", "all")
    show = show if show in SHOW else "all"
    rows = search(wanted.q)
    if show != "all":
        rows = rows.filter(state=show)
    page = paged(request, rows.defer("facts", "sent_text"), columns, wanted.sort)
    return render(
        request,
        "desk/deliveries.html",
        {"page": page, "q": wanted.q, "sort": wanted.sort, "show": show, "choices": SHOW, "letters": LETTERS},
    )


def search(q: str) -> QuerySet[Delivery]:
    """Letters by who they are to, their subject, or an order's number."""
    if not q:
        return Delivery.objects.all()
    found = Q(to_name__icontains=q) | Q(to_email__icontains=q) | Q(sent_subject__icontains=q)
    number = q.rpartition("-")[2]
    if q.upper().startswith("H-") and number.isascii() and number.isdigit():
        found |= Q(about=f"halt:{int(number)}")
    return Delivery.objects.filter(found)


@staff
def delivery(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _page(request, find_delivery(uid), ReasonForm())


@require_POST
@may(Right.ISSUE_HALT)
def retry(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put a letter that was given up back into the outbox, due at once."""
    row = find_delivery(uid)
    form = ReasonForm(
        request.POST, required="Write why another try may help, for example that their mail server works again."
    )
    if not form.is_valid():
        return _page(request, row, form)
    try:
        retry_letter(row, by=actor(request), at=timezone.now(), why=form.cleaned_data["reason"])
    except MoveRefused:
        form.add_error(None, "Only a letter that was given up can be tried again, and this one is not. Look at it now.")
        row.refresh_from_db()
        return _page(request, row, form)
    messages.success(request, f"The letter to {row.to_name or row.to_email} is in the outbox again.")
    return redirect("desk:delivery", uid=row.uid)


def _page(request: HttpRequest, row: Delivery, form: ReasonForm) -> HttpResponse:
    kind, _, number = row.about.partition(":")
    order = HaltOrder.objects.filter(pk=number).select_related("vendor").first() if kind == "halt" else None
    return render(
        request,
        "desk/delivery.html",
        {
            "delivery": row,
            "state": STATES[Delivery.State(row.state)],
            "title": title_of(row),
            "order": order,
            "tries": list(row.tries.all()),
            "events": events(entries_about({Delivery: [row.pk]})),
            "form": form,
        },
    )
