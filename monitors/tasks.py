"""Celery's side of the stages of this application."""

from celery import shared_task

from engine.cycle import ring
from monitors import attest_sweep, enrolment, evidence_sweep, pruning, sight, survey, sweep, tallying


@shared_task
def sweep_enrolment() -> None:
    ring("enrol", enrolment.sweep)


@shared_task
def sweep_watches() -> None:
    ring("watch", sweep.sweep, at_once=2)


@shared_task
def sweep_surveys() -> None:
    ring("survey", survey.sweep)


@shared_task
def sweep_evidence() -> None:
    ring("evidence", evidence_sweep.sweep)


@shared_task
def sweep_sight() -> None:
    ring("sight", sight.sweep)


@shared_task
def sweep_attestations() -> None:
    ring("attest", attest_sweep.sweep)


@shared_task
def sweep_track_records() -> None:
    ring("tally", tallying.sweep)


@shared_task
def sweep_observations() -> None:
    ring("prune", pruning.sweep)
