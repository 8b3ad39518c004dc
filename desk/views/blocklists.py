"""The blocklists we ask, whether each can be seen, and what is wrong with our resolvers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from desk.access import actor, may, staff
from desk.queries.lists import ListLine, list_lines, named
from desk.words import counted, listed, sentence
from monitors import catalogue, checks, list_entries, self_test
from monitors.models import Sight
from monitors.sight import prove_now


@require_safe
@staff
def blocklists(request: HttpRequest) -> HttpResponse:
    list_entries.look_again()
    lines = list_lines(timezone.now())
    shown = [line for line in lines if line.entry.is_enabled]
    return render(
        request,
        "desk/blocklists.html",
        {
            "headline": headline(shown),
            "lines": shown,
            "left_out": [line for line in lines if not line.entry.is_enabled],
            "misfits": sorted(checks.misfits().items()),
            "held": [(line, named(line.quarantine)) for line in lines if line.quarantine],
            "asked": sum(line.entry.is_configured for line in shown),
            "reports": self_test.stored(),
            "never": sorted(catalogue.never_asked().items()),
        },
    )


@require_POST
@may(Right.MANAGE_LISTS)
def prove(request: HttpRequest) -> HttpResponse:
    count = prove_now(by=actor(request), at=timezone.now())
    messages.success(request, f"{sentence(counted(count, 'proof'))} asked for. They are here within a minute.")
    return redirect("desk:blocklists")


def headline(lines: list[ListLine]) -> str:
    """The page's answer: which lists cannot be believed."""
    if held := [line.entry.name for line in lines if line.quarantine]:
        return f"{listed(held)} {'is' if len(held) == 1 else 'are'} in quarantine"
    asked = [line for line in lines if line.entry.is_configured]
    if blind := [line.entry.name for line in asked if line.worst == Sight.State.BLIND]:
        return f"{listed(blind)} cannot be trusted now"
    if doubtful := [line.entry.name for line in asked if line.worst in Sight.TROUBLED]:
        return f"{listed(doubtful)} {'is' if len(doubtful) == 1 else 'are'} not believed just now"
    if any(line.state == "open" for line in asked):
        unproved = sum(line.state != "open" for line in asked)
        return (
            f"{sentence(counted(unproved, 'list'))} not proved yet"
            if unproved
            else "Every list that we ask can be seen"
        )
    return "No list has proved itself yet" if asked else "No list is asked"
