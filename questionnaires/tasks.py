"""Celery's side of the remind stage."""

from celery import shared_task

from engine.cycle import ring
from questionnaires.sweep import sweep


@shared_task
def sweep_reminders() -> None:
    ring("remind", sweep)
