"""One blocklist: its paths and their proofs, its codes, what it names; its switches, its release from quarantine."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from desk.access import actor, find_list, find_quarantine, may, person, staff
from desk.forms import ReasonForm
from desk.list_forms import SwitchForm
from desk.queries.lists import list_line, listed_now, named
from desk.timeline import entries_about, events
from journal.record import MoveRefused
from monitors import list_entries, quarantine
from monitors.fields import CatalogueRefused
from monitors.models import ListEntry, Quarantine, Sight
from monitors.probes.entry import Blocklist

REASON_HINT = "What you saw at the list and at some of the addresses. Kept in the journal."
REASON_NEEDED = "Write why its word counts again: orders may follow from it."


@require_safe
@staff
def blocklist(request: HttpRequest, list_id: str) -> HttpResponse:
    return _page(request, find_list(list_id))


@require_POST
@may(Right.MANAGE_LISTS)
def release(request: HttpRequest, list_id: str) -> HttpResponse:
    entry, row = find_list(list_id), find_quarantine(list_id)
    form = ReasonForm(request.POST, hint=REASON_HINT, required=REASON_NEEDED, auto_id="release_%s")
    if not form.is_valid():
        return _page(request, entry, release_form=form)
    try:
        quarantine.release(
            row,
            reason=form.cleaned_data["reason"],
            by=actor(request),
            by_name=str(person(request)),
            at=timezone.now(),
        )
    except MoveRefused:
        messages.info(request, f"{entry.name} was released already, by somebody else.")
    else:
        messages.success(
            request, f"{entry.name} is believed again. Everything that it is asked about is looked at now."
        )
    return redirect("desk:blocklist", list_id=list_id)


@require_POST
@may(Right.MANAGE_LISTS)
def switch(request: HttpRequest, list_id: str) -> HttpResponse:
    entry = find_list(list_id)
    form = _switches(entry, request)
    if not form.is_valid():
        return _page(request, entry, switch_form=form)
    try:
        list_entries.change(
            list_id,
            form.fields_laid(),
            by=actor(request),
            by_name=str(person(request)),
            at=timezone.now(),
        )
    except CatalogueRefused as refused:
        form.add_error(None, str(refused))
        return _page(request, entry, switch_form=form)
    messages.success(request, f"{entry.name} is changed. Every process goes by it within some seconds.")
    return redirect("desk:blocklist", list_id=list_id)


def _switches(entry: Blocklist, request: HttpRequest | None = None) -> SwitchForm:
    row = ListEntry.objects.filter(list_id=entry.id).first()
    given = request.POST if request is not None else None
    return SwitchForm(given, entry=entry, laid=row.fields if row else {}, auto_id="switch_%s")


def _page(
    request: HttpRequest,
    entry: Blocklist,
    *,
    release_form: ReasonForm | None = None,
    switch_form: SwitchForm | None = None,
) -> HttpResponse:
    line = list_line(entry, timezone.now())
    about = {
        Sight: Sight.objects.filter(list_id=entry.id),
        Quarantine: Quarantine.objects.filter(list_id=entry.id),
        ListEntry: ListEntry.objects.filter(list_id=entry.id),
    }
    return render(
        request,
        "desk/blocklist.html",
        {
            "line": line,
            "entry": entry,
            "named": named(line.quarantine) if line.quarantine else [],
            "listed": listed_now(entry.id),
            "limits_off": not settings.LIST_LIMITS,
            "released": Quarantine.objects.filter(list_id=entry.id, state=Quarantine.State.RELEASED).first(),
            "events": events(entries_about(about)[:30]),
            "release_form": release_form or ReasonForm(hint=REASON_HINT, auto_id="release_%s"),
            "switch_form": switch_form or _switches(entry),
            "refused": release_form or switch_form,
        },
    )
