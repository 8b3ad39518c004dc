"""The journal: everything that happened, newest first, each entry with its place in the chain."""

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from desk.access import find_entry, staff
from desk.journal_objects import NOUNS
from desk.listing import ROWS, asked
from desk.timeline import events
from journal.models import Entry, Head


@staff
def journal(request: HttpRequest) -> HttpResponse:
    wanted = asked(request, {}, "")
    show = request.GET.get("show", "")
    show = show if show in NOUNS else ""
    rows = search(wanted.q)
    if show:
        rows = rows.filter(object_type=show)
    page = Paginator(rows.order_by("-position"), ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/journal.html",
        {
            "page": page,
            "events": events(page),
            "head": Head.objects.filter(id=1).first(),
            "q": wanted.q,
            "show": show,
            "choices": {"": "Everything", **NOUNS},
        },
    )


@staff
def entry(request: HttpRequest, position: int) -> HttpResponse:
    row = find_entry(position)
    return render(request, "desk/entry.html", {"entry": row, "event": events([row])[0]})


def search(q: str) -> QuerySet[Entry]:
    """Entries by position, verb, who did it, or why."""
    if not q:
        return Entry.objects.all()
    found = Q(verb__icontains=q) | Q(actor__icontains=q) | Q(why__icontains=q)
    number = q.rpartition("-")[2]
    if number.isascii() and number.isdigit() and len(number) < 16:
        found |= Q(position=int(number)) | Q(object_id=str(int(number)))
    return Entry.objects.filter(found)
