"""Celery's side of the order and step stages."""

from celery import shared_task

from engine.cycle import ring
from halts import sweep


@shared_task
def sweep_findings() -> None:
    ring("order", sweep.sweep_findings)


@shared_task
def sweep_orders() -> None:
    ring("step", sweep.sweep_orders)
