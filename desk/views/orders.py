"""Halt orders: all of them, one of them, issuing and lifting."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rights import Right
from desk.access import actor, find_order, may, person, staff
from desk.forms import ReasonForm
from desk.listing import asked, paged
from desk.telling import LETTERS, steps_to_come, tell
from desk.timeline import entries_about, events
from halts.models import HaltOrder
from halts.orders import OrderRefused, lift
from monitors.models import Finding
from notices.models import Delivery

SHOW = {"standing": "In force", "issued": "No answer", "acknowledged": "Answered", "lifted": "Lifted", "all": "All"}
LIFT_HINT = "Everybody who got the order reads this. Say what was cured, and how you know."
LIFT_NEEDS_REASON = "Write why the order is lifted: everybody who got it reads the reason."


@staff
def orders(request: HttpRequest) -> HttpResponse:
    columns = {
        "issued": ["issued_at", "pk"],
        "vendor": ["vendor__name", "pk"],
        "state": ["state", "pk"],
        "answered": ["acknowledged_at", "pk"],
    }
    wanted = asked(request, columns, "-issued")
    show = request.GET.get("show", "standing")
    show = show if show in SHOW else "standing"
    rows = shown(search(wanted.q), show).select_related("vendor", "server")
    page = paged(request, rows, columns, wanted.sort)
    return render(
        request,
        "desk/orders.html",
        {"page": page, "q": wanted.q, "sort": wanted.sort, "show": show, "choices": SHOW},
    )


def search(q: str) -> QuerySet[HaltOrder]:
    """Orders by their number, the vendor, the server or the reason."""
    if not q:
        return HaltOrder.objects.all()
    found = Q(vendor__name__icontains=q) | Q(reason__icontains=q) | Q(server__address__istartswith=q)
    number = q.rpartition("-")[2]
    if number.isascii() and number.isdigit() and len(number) < 16:
        found |= Q(pk=int(number))
    return HaltOrder.objects.filter(found)


def shown(rows: QuerySet[HaltOrder], show: str) -> QuerySet[HaltOrder]:
    if show == "standing":
        return rows.exclude(state=HaltOrder.State.LIFTED)
    return rows if show == "all" else rows.filter(state=show)


@staff
def order(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, find_order(number), ReasonForm(hint=LIFT_HINT, auto_id="lift_%s"))


@require_POST
@may(Right.LIFT_HALT)
def lift_order(request: HttpRequest, number: str) -> HttpResponse:
    row = find_order(number)
    form = ReasonForm(request.POST, hint=LIFT_HINT, required=LIFT_NEEDS_REASON, auto_id="lift_%s")
    if not form.is_valid():
        return _page(request, row, form)
    try:
        lift(
            row,
            reason=form.cleaned_data["reason"],
            by=actor(request),
            at=timezone.now(),
            by_name=str(person(request)),
        )
    except OrderRefused as refused:
        form.add_error(None, str(refused))
        row.refresh_from_db()
        return _page(request, row, form)
    messages.success(request, f"{row.number} is lifted. Everybody who was told of it is told of this too.")
    return redirect("desk:order", number=row.number)


def _page(request: HttpRequest, row: HaltOrder, form: ReasonForm) -> HttpResponse:
    now = timezone.now()
    contacts = list(row.vendor.contacts.emergency())
    deliveries = list(Delivery.objects.about(row.about).prefetch_related("tries").order_by("created_at", "pk"))
    answers = list(row.acknowledgements.select_related("contact"))
    told = tell(row, [one for one in deliveries if one.letter in LETTERS], contacts, next(iter(answers), None), now)
    sent = [delivery.sent_at for delivery in deliveries if delivery.sent_at and delivery.letter == "halt_order"]
    return render(
        request,
        "desk/order.html",
        {
            "order": row,
            "told": told,
            "delivered_at": min(sent, default=None),
            "contacts": contacts,
            "deliveries": deliveries,
            "answers": answers,
            "still_adverse": _still_adverse(row),
            "coming": steps_to_come(row, contacts),
            "events": events(entries_about({HaltOrder: [row.pk]})[:20]),
            "form": form,
        },
    )


def _still_adverse(order: HaltOrder) -> list[Finding]:
    """The open findings of what the order is about: lifting it does not make them go away."""
    about = Q(server=order.server) if order.server else Q(vendor=order.vendor)
    return list(Finding.objects.open().filter(about)[:5])
