"""Celery's side of the look and remind stages."""

from celery import shared_task

from engine.cycle import ring
from questionnaires import looks, sweep


@shared_task
def sweep_looks() -> None:
    ring("look", looks.sweep)


@shared_task
def sweep_reminders() -> None:
    ring("remind", sweep.sweep)
