"""Celery's side of the look stage."""

from celery import shared_task

from engine.cycle import ring
from questionnaires import looks


@shared_task
def sweep_looks() -> None:
    ring("look", looks.sweep)
