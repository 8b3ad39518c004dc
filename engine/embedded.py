"""The embedded default: one process that is web server, worker, beat and watchdog.

Threads, not processes: `kill -9` leaves nothing behind, and a stage that stops ends the process, so that whoever
started it (systemd, a container, a person) starts it again. What was in the worker's memory is lost, which is fine:
duties are rows.
"""

import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from celery import Celery
from celery.beat import EmbeddedService
from django.db import DatabaseError, connections
from waitress import create_server

from engine.cycle import LONGEST
from engine.models import Cycle

log = logging.getLogger(__name__)
WATCHDOG_EXIT = 70
LARGEST_REQUEST = 128 * 1024 * 1024  # bytes; what is longer gets 413, and is kept nowhere meanwhile


def patience_with(interval: float) -> float:
    """How long a stage that is rung every `interval` s may finish nothing: five rings, and never less than a cycle
    that runs to its limit, a ring before it, and some slowness of the disk."""
    return max(5 * interval, interval + 1.5 * LONGEST)


class AlreadyServing(Exception):
    """Another instance has the same database file."""


class InstanceLock:
    """An advisory lock on a file beside the database; held until the process ends, however it ends."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise AlreadyServing(
                f"Sluice already runs on this database (process {holder}). "
                "Stop that one first, or set SLUICE_HOME to another folder."
            ) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Let the next instance in; the end of the process does the same."""
        self._file.close()


def without_body_for_head(wsgi: Any) -> Any:
    """The application, with nothing after the headers of an answer to HEAD (RFC 9110, 9.3.2).

    waitress sends what it is given, and what it is given would be read as the next answer on the connection.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        body = wsgi(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if hasattr(body, "close"):
            body.close()
        return []

    return answer


def listen(wsgi: Any, bind: str, *, is_behind_proxy: bool) -> Any:
    """waitress on `bind`. Behind a proxy it believes what that one, the last, says of scheme and client; otherwise such
    headers are a stranger's words and are taken away. Raises OSError when the place is taken."""
    proxy: dict[str, Any] = {}
    if is_behind_proxy:
        proxy = {
            "trusted_proxy": "*",  # the proxy's own address is not known: a container's, a balancer's
            "trusted_proxy_count": 1,
            "trusted_proxy_headers": "x-forwarded-proto x-forwarded-for",
        }
    return create_server(
        wsgi,
        listen=bind,
        threads=8,
        ident="Sluice",
        max_request_body_size=LARGEST_REQUEST,
        clear_untrusted_proxy_headers=True,
        **proxy,
    )


class Embedded:
    """Runs until SIGTERM or SIGINT; `run` returns the exit status."""

    def __init__(
        self, app: Celery, wsgi: Any, bind: str, stages: Mapping[str, float], *, is_behind_proxy: bool = False
    ) -> None:
        self._app = app
        self._stages = stages
        self._web = listen(without_body_for_head(wsgi), bind, is_behind_proxy=is_behind_proxy)
        self._worker: Any = app.WorkController(
            pool_cls="threads", concurrency=10, loglevel="WARNING", without_gossip=True, without_mingle=True
        )
        # a thread of its own that ends with the process; its schedule is kept in memory
        self._beat: Any = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")
        self._stopping = threading.Event()

    def run(self) -> int:
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self._stop)
        threading.Thread(target=self._worker.start, name="worker", daemon=True).start()
        self._beat.start()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()
        try:
            self._web.run()
        except SystemExit:
            log.info("stopping: the web server is closed, sweeps may finish")
        self._web.close()
        self._beat.service.stop(wait=False)
        self._worker.stop()
        connections.close_all()
        return 0

    def _stop(self, _sign: int, _frame: FrameType | None) -> None:
        self._stopping.set()
        raise SystemExit(0)  # ends waitress's loop in the main thread

    def _watch(self) -> None:
        """End the process when a stage has not finished a cycle for `patience`."""
        patience = {stage: patience_with(interval) for stage, interval in self._stages.items()}
        seen: dict[str, tuple[object, float]] = {stage: (None, time.monotonic()) for stage in patience}
        while not self._stopping.wait(2):
            try:
                finished = dict(Cycle.objects.values_list("stage", "finished_at"))
            except DatabaseError:
                connections.close_all()  # this thread's; the next look gets a new one
                finished = {}
            for stage, (last, since) in seen.items():
                moment = finished.get(stage)
                if moment != last:
                    seen[stage] = (moment, time.monotonic())
                elif time.monotonic() - since > patience[stage] and not self._stopping.is_set():
                    log.critical("stage %s has stopped; ending the process so that it is started again", stage)
                    os._exit(WATCHDOG_EXIT)
