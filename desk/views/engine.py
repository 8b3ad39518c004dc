"""The engine: each stage's last sweep, and what it says for itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from desk.access import staff
from desk.queries import blindness
from desk.words import counted, sentence
from engine import health
from notices.models import Delivery

WORK = {
    "enrol": "gives servers their watches",
    "watch": "looks at servers that are due",
    "survey": "looks at registrations, websites and networks that are due",
    "evidence": "asks for what registrations do not show, and ends what was let stand for another record",
    "sight": "proves that blocklists can be seen",
    "attest": "lets a person's word end in time, and reminds of what has to be looked up by hand",
    "order": "turns findings into halt orders",
    "step": "tells the next people when nobody answers",
    "deliver": "sends letters",
    "look": "looks at what vendors type into their forms",
    "remind": "reminds of what waits or ends, and begins the forms of an amended policy",
    "tally": "counts how each vendor stood over time",
    "prune": "deletes readings that are too old to matter",
}


@staff
def engine(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    stages = health.stages(now)
    late = [stage for stage in stages if stage.late]
    return render(
        request,
        "desk/engine.html",
        {
            "headline": headline(len(late), len(stages)),
            "lines": [(stage, WORK.get(stage.stage, ""), settings.ENGINE_STAGES[stage.stage]) for stage in stages],
            "late": late,
            "letters": Delivery.objects.waiting().count(),
            "paths": blindness.paths(),
        },
    )


def headline(late: int, stages: int) -> str:
    if not late:
        return "The engine runs."
    if late == stages:
        return "The engine does not run."
    return f"{sentence(counted(late, 'stage'))} of the engine {'is' if late == 1 else 'are'} late."
