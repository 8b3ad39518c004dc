"""Sluice as it runs in production: gunicorn, a worker and two clocks as processes of their own, over PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.line.installation import ROOT, Installation, free_port

POSTGRES = os.environ.get("SLUICE_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
RABBITMQ = os.environ.get("SLUICE_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//")
REDIS = os.environ.get("SLUICE_TEST_REDIS", "redis://127.0.0.1:6379/5")
PATIENCE = 30.0  # seconds until a process has ended that was asked to


class Plant(Installation):
    """An installation whose database is made for it and dropped after it. `kill` is for its worker."""

    def __init__(self, home: Path, *, broker: str, **settings: Any) -> None:
        self.database = f"sluice_plant_{free_port()}"
        url = urlsplit(POSTGRES)._replace(path=f"/{self.database}").geturl()
        super().__init__(home, DATABASE_URL=url, BROKER_URL=broker, **settings)
        self._url = url
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        with psycopg.connect(POSTGRES, autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{self.database}"')

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        try:
            self.stop()
        finally:
            with psycopg.connect(POSTGRES, autocommit=True) as server:
                server.execute(f'DROP DATABASE "{self.database}" WITH (FORCE)')

    def start(self) -> None:
        self.run("web", "gunicorn", "config.wsgi", "--workers", "2", "--bind", f"127.0.0.1:{self.port}")
        self.run("worker", "celery", "-A", "config", "worker", "--pool", "threads", "--concurrency", "10")
        for beat in ("beat", "other beat"):
            self.run(beat, "celery", "-A", "config", "beat")
        self.process = self.processes["worker"]

    def run(self, name: str, module: str, *arguments: str) -> None:
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments], cwd=ROOT, env=self.env, stdout=log, stderr=log
            )

    def end(self, *names: str) -> list[int]:
        """SIGTERM to these processes; their exit statuses."""
        ending = [self.processes.pop(name) for name in names if name in self.processes]
        for process in ending:
            process.terminate()
        statuses = []
        for process in ending:
            try:
                statuses.append(process.wait(PATIENCE))
            except subprocess.TimeoutExpired:
                process.kill()
                statuses.append(process.wait())
        return statuses

    def stop(self) -> int:
        """All of them end; the worst of their exit statuses."""
        statuses = self.end(*list(self.processes))
        self.process = None
        if statuses:
            subprocess.run(
                [sys.executable, "-m", "celery", "-A", "config", "purge", "-f"],
                cwd=ROOT,
                env=self.env,
                capture_output=True,
                check=True,
            )
        return max(map(abs, statuses), default=0)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url) as database:
            return database.execute(query, values or None).fetchall()
