"""An engine that has run."""

from datetime import datetime

from django.conf import settings

from engine.models import Cycle
from tests.world import NOON


def make_engine_run(at: datetime = NOON) -> None:
    """Every stage finished a sweep at `at`."""
    for stage in settings.ENGINE_STAGES:
        Cycle.objects.update_or_create(stage=stage, defaults={"started_at": at, "finished_at": at})
