"""A whole Sluice in its own folder and process, as an operator would run it, for tests that need the real thing."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
SMALL_CATALOGUE = """
only = true

[[blocklist]]
id = "spamhaus-zen"
zone = "zen.spamhaus.org"

[[blocklist]]
id = "spamcop"
zone = "bl.spamcop.net"
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Installation:
    """`start` runs `manage.py serve`, `kill` is kill -9, `manage` runs a command to its end. Intervals are short."""

    def __init__(self, home: Path, *, resolvers: list[str], smtp: str, **settings: object) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        home.mkdir(parents=True, exist_ok=True)
        (home / "blocklists.toml").write_text(SMALL_CATALOGUE)
        given: dict[str, object] = {
            "HOME": home,
            "BIND": f"127.0.0.1:{self.port}",
            "RESOLVERS": ",".join(resolvers),
            "EMAIL_URL": f"smtp://{smtp}",
            "BLOCKLISTS": home / "blocklists.toml",
            "EGRESS_ALLOW": "192.0.2.0/24,198.51.100.0/24,203.0.113.0/24,2001:db8::/32",
            "ADVERTISER_NAME": "Harrow & Lyle",
            "ABUSE_ADDRESS": "abuse@harrow.example.com",
            "SWEEP_SECONDS": 1,
            "WATCH_SECONDS": 2,
            "LEASE_SECONDS": 5,
            "CONFIRM_COUNT": 2,
            "CONFIRM_SPACING_SECONDS": 1,
            "CLEAR_COUNT": 2,
            "BLIND_SECONDS": 3,
            "ESCALATION": "contact:1h",
            "DEMO": "true",
            "REQUIRE_MFA": "false",
        }
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("SLUICE_")}
        self.env |= {f"SLUICE_{name}": str(value) for name, value in (given | settings).items()}
        self.env["PYTHONUNBUFFERED"] = "1"
        self.env["DJANGO_SETTINGS_MODULE"] = "config.settings"  # pytest's own would give it another home
        self.process: subprocess.Popen[bytes] | None = None
        self.log = home / "serve.log"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=check,
        )

    def prepare(self) -> None:
        """What `make run` does before it serves."""
        self.manage("migrate", "--no-input", "--verbosity", "0")
        self.manage("collectstatic", "--no-input", "--verbosity", "0")

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], cwd=ROOT, env=self.env, stdout=log, stderr=log
            )

    def wait_until_well(self, seconds: float = 60) -> None:
        """Wait until /health/engine says 200."""
        self.wait_for(lambda: self.status("/health/engine") == 200, seconds, "the engine to be well")

    def wait_for(self, met: Any, seconds: float, what: str) -> None:
        ends = time.monotonic() + seconds
        while not met():
            if self.process and self.process.poll() is not None:
                raise AssertionError(f"serve ended with {self.process.returncode}:\n{self.log.read_text()[-4000:]}")
            if time.monotonic() > ends:
                raise AssertionError(f"waited {seconds} s in vain for {what}:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)

    def settle_for(self, seconds: float) -> None:
        """Let it run on: whatever should not happen would happen now."""
        time.sleep(seconds)
        assert self.process
        assert self.process.poll() is None, self.log.read_text()[-4000:]

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def api(self, method: str, path: str, token: str, body: object = None, **headers: str) -> tuple[int, Any]:
        request = urllib.request.Request(
            f"{self.url}/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"} | headers,
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def kill(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def left_behind(self) -> list[int]:
        """Processes of this installation that live although `serve` was killed; their environment names its folder."""
        mark = f"SLUICE_HOME={self.home}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    found.append(int(process.name))
            except OSError:
                continue  # it ended while we looked
        return found

    def stop(self) -> int:
        """SIGTERM, and the exit status; 0 is a clean end."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
        return self.process.returncode

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the database beside the running server, as an operator with a copy could."""
        database = sqlite3.connect(f"file:{self.home / 'sluice.sqlite3'}?mode=ro", uri=True, timeout=20)
        try:
            return database.execute(query, values).fetchall()
        finally:
            database.close()

    def import_vendors(
        self, servers: list[tuple[str, str, str]], contact: str = "abuse-{n}@vendor.example.com"
    ) -> None:
        """`servers`: (vendor, address, hostname); each vendor gets one emergency contact."""
        columns = "vendor server_address server_hostname server_helo contact_name contact_email contact_phone"
        seen: dict[str, str] = {}
        lines = [",".join([*columns.split(), "contact_emergency"])]
        for vendor, address, hostname in servers:
            email = "" if vendor in seen else contact.format(n=len(seen))
            seen.setdefault(vendor, email)
            person = f"Dana Whitlock,{email},+442079460100,yes" if email else ",,,"
            lines.append(f"{vendor},{address},{hostname},{hostname},{person}")
        file = self.home / "vendors.csv"
        file.write_text("\n".join(lines) + "\n")
        self.manage("import-vendors", str(file))
