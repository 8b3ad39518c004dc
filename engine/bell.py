"""The doorbell: tell the workers that a stage has work now, instead of at its next sweep.

Only ever a courtesy. A ring that is lost, because the broker is down or everybody is busy, costs one sweep interval; so
it is never waited for and never raises.
"""

import logging
import threading
import time

from celery import current_app
from django.conf import settings
from django.db import transaction

QUIET = 0.2  # seconds; fifty orders at once ring once
_rung: dict[str, float] = {}  # stage: when this process last rang; a race only rings twice
_hands: dict[str, threading.Thread] = {}  # stage: whoever is at the bell; a broker that says nothing keeps them there
log = logging.getLogger(__name__)


def ring(stage: str) -> None:
    """Ring for `stage` (a name of the beat table) once the open transaction, if any, is committed."""
    transaction.on_commit(lambda: _ring(stage))


def _ring(stage: str) -> None:
    now = time.monotonic()
    busy = _hands.get(stage)
    if now - _rung.get(stage, -QUIET) < QUIET or (busy and busy.is_alive()):
        return
    _rung[stage] = now
    try:
        _hands[stage] = threading.Thread(target=_send, args=(stage,), name=f"bell {stage}", daemon=True)
        _hands[stage].start()
    except RuntimeError as error:  # no more threads
        log.warning("the bell for stage %s could not be rung: %s", stage, error)


def _send(stage: str) -> None:
    try:
        expires = max(2 * settings.SWEEP_SECONDS, 2)
        current_app.send_task(settings.ENGINE_TASKS[stage], expires=expires, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001  whatever is wrong with the broker, the duty stands in its row
        log.warning("the bell for stage %s could not be rung: %s", stage, error)
