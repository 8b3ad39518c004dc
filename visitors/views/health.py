"""Is the web process alive, and is the engine? For load balancers and monitors; never a 500, never a sign-in."""

from typing import Any

from django.db import Error as DatabaseFault
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from engine import health


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 while this process answers at all; asks nobody else."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def engine(request: HttpRequest) -> JsonResponse:
    """Every stage of the engine, from the database; 503 when one is late or the database does not answer."""
    now = timezone.now()
    try:
        stages = health.stages(now)
    except DatabaseFault as fault:
        sentence = f"The database does not answer ({type(fault).__name__}). Nothing is watched until it does."
        return JsonResponse({"status": "down", "sentence": sentence, "at": now, "stages": []}, status=503)
    late = [stage.stage for stage in stages if stage.late]
    answer = {
        "status": "late" if late else "well",
        "sentence": f"Late: {', '.join(late)}." if late else "Every stage of the engine is on time.",
        "at": now,
        "stages": [_stage(stage) for stage in stages],
    }
    return JsonResponse(answer, status=503 if late else 200)


def _stage(stage: health.StageHealth) -> dict[str, Any]:
    """Without the stage's last error, which may hold what the world should not read; the desk shows it."""
    return {
        "stage": stage.stage,
        "is_late": bool(stage.late),
        "why": stage.late,
        "finished_at": stage.finished_at,
        "claimed": stage.claimed,
        "failed": stage.failed,
    }
