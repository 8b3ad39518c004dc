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

QUIET = 0.2  # seconds between two rings of a stage; fifty orders at once ring when the first is there, and once after
_hands: dict[str, "_Hand"] = {}  # stage: whoever is at its bell in this process
_hands_lock = threading.Lock()
log = logging.getLogger(__name__)


def ring(stage: str) -> None:
    """Ring for `stage` (a name of the beat table) once the open transaction, if any, is committed."""
    transaction.on_commit(lambda: _ring(stage))


def _ring(stage: str) -> None:
    with _hands_lock:
        hand = _hands.get(stage)
        if hand is None or not hand.is_alive():  # the first ring of this process, or the first after a fork
            hand = _hands[stage] = _Hand(stage)
            try:
                hand.start()
            except RuntimeError as error:  # no more threads
                log.warning("the bell for stage %s could not be rung: %s", stage, error)
                return
    hand.wanted.set()


class _Hand(threading.Thread):
    """Rings as often as wanted, with a little quiet in between; a broker that says nothing keeps only this one
    waiting."""

    def __init__(self, stage: str) -> None:
        super().__init__(name=f"bell {stage}", daemon=True)
        self.stage = stage
        self.wanted = threading.Event()

    def run(self) -> None:
        while self.wanted.wait():
            self.wanted.clear()
            self._send()
            time.sleep(QUIET)

    def _send(self) -> None:
        try:
            expires = max(2 * settings.SWEEP_SECONDS, 2)
            current_app.send_task(settings.ENGINE_TASKS[self.stage], expires=expires, retry=False, ignore_result=True)
        except Exception as error:  # noqa: BLE001  whatever is wrong with the broker, the duty stands in its row
            log.warning("the bell for stage %s could not be rung: %s", self.stage, error)
