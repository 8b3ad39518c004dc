"""The remind stage: make signed copies that could not be made, let acceptances expire, begin the forms of amendments
and ask in those under way what they ask anew, put drafts away, write reminders, forget what nobody needs.

Every duty is found by a query over rows; nothing is remembered between sweeps but the reminders that were written.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from engine.cycle import Sweep
from questionnaires import amendments, overtaken, pruning, reminders, signed_copies

BATCH = 50  # rows of one kind a query
BUDGET = 15.0  # seconds a sweep may go on taking new rows

Duty = tuple[Callable[[datetime], "QuerySet[Any]"], Callable[[Any, datetime], Any]]


def duties() -> Iterator[Duty]:
    """What is due, and what is done about one of it."""
    yield signed_copies.waiting, signed_copies.hand_out
    yield reminders.expired, reminders.expire
    yield overtaken.waiting, overtaken.catch_up
    yield amendments.to_begin, amendments.begin
    yield amendments.to_tell_of_lapse, amendments.tell_of_lapse
    yield reminders.forgotten, reminders.put_away
    for kind in reminders.KINDS:
        yield kind.due, kind.remind


def sweep(state: Sweep, budget: float = BUDGET) -> None:
    """One batch of each kind; a longer queue goes on at the next ring."""
    started = time.monotonic()
    for due, act in duties():
        for row in due(state.now)[:BATCH]:
            if time.monotonic() - started > budget:
                return
            state.claimed += 1
            with state.each(row):
                act(row, state.now)
    with state.each("what nobody needs"):
        state.claimed += pruning.prune_at_times(state.now)
    with state.each("conditions"):
        state.claimed += reminders.tell_of_conditions(state.now)
