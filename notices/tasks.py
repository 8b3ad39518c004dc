"""Celery's side of the deliver stage."""

from celery import shared_task

from engine.cycle import ring
from notices.sweep import sweep


@shared_task
def sweep_deliveries() -> None:
    ring("deliver", sweep, at_once=4)
