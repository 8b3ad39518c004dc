"""The blocklists we ask, and whether each can be seen."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from desk.access import staff
from desk.words import counted, listed, sentence
from monitors import checks
from monitors.models import Sight, Watch
from monitors.probes.entry import Blocklist, Kind
from monitors.probes.reading import Verdict

STATES = {Sight.State.SEEING: "open", Sight.State.BLIND: "unkn", Sight.State.UNPROVED: "wait"}


@dataclass(frozen=True, slots=True)
class ListLine:
    """One list of the catalogue as staff see it."""

    entry: Blocklist
    sights: list[Sight]
    listed: int
    unknown: int
    watched: int

    @property
    def state(self) -> str:
        """The state of its worst path; attested lists and lists without a key are not seen by anybody."""
        if not self.entry.is_configured:
            return "wait"
        states = {sight.state for sight in self.sights}
        worst = next((state for state in (Sight.State.BLIND, Sight.State.UNPROVED) if state in states), None)
        return STATES[worst or Sight.State.SEEING] if states else "wait"

    @property
    def word(self) -> str:
        if self.entry.kind is Kind.ATTESTED:
            return "Needs a person"
        if not self.entry.is_configured:
            return "Not configured"
        return {"open": "Works", "unkn": "Cannot be trusted", "wait": "Not proved yet"}[self.state]


@staff
def blocklists(request: HttpRequest) -> HttpResponse:
    lines = list_lines()
    return render(
        request,
        "desk/blocklists.html",
        {
            "headline": headline(lines),
            "lines": lines,
            "asked": sum(line.entry.is_configured for line in lines),
            "paths": checks.paths(),
        },
    )


def headline(lines: list[ListLine]) -> str:
    """The page's answer: which lists cannot be believed."""
    blind = [line.entry.name for line in lines if line.state == "unkn"]
    if blind:
        return f"{listed(blind)} cannot be trusted now"
    asked = [line for line in lines if line.entry.is_configured]
    if any(line.state == "open" for line in asked):
        unproved = sum(line.state != "open" for line in asked)
        return (
            f"{sentence(counted(unproved, 'list'))} not proved yet"
            if unproved
            else "Every list that we ask can be seen"
        )
    return "No list has proved itself yet" if asked else "No list is asked"


def list_lines() -> list[ListLine]:
    """Every list of the catalogue in its order, in two queries."""
    sights: dict[str, list[Sight]] = defaultdict(list)
    for sight in Sight.objects.order_by("path"):
        sights[sight.list_id].append(sight)
    counts = {
        check_id: (listed, unknown, watched)
        for check_id, listed, unknown, watched in Watch.objects.running()
        .values_list("check_id")
        .annotate(
            listed=Count("pk", filter=Q(verdict=Verdict.ADVERSE)),
            unknown=Count("pk", filter=Q(verdict=Verdict.UNKNOWN)),
            watched=Count("pk"),
        )
    }
    return [
        ListLine(entry, sights[entry.id], *counts.get(checks.DNSBL + entry.id, (0, 0, 0)))
        for entry in checks.blocklists()
    ]
