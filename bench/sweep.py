"""`make bench-sweep`: 5,000 servers x 12 lists due at once on the embedded default, beside `blocklist-scan`.

First in one process, no page being asked for: a sweep with its database writes, and blocklist-scan over the very same
questions to the very same server, turn about. Then `manage.py serve` with everything due at once: does it finish, and
how quickly do pages of the desk come meanwhile? And how much does the database grow by an unchanged repeat? Exits 1
when a limit is missed: 0.1 of blocklist-scan's lookups a second, p95 of pages under 500 ms, under 200 bytes a repeat.
"""

import http.client
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.lists import Lists, dotted
from bench.scan import free_port, serving
from bench.view import signed_in

SERVERS, LISTS, VENDORS, ROUNDS = 5_000, 12, 250, 3
RATIO, P95, BYTES = 0.1, 0.5, 200.0
PAGES = ("/desk/", "/desk/vendors/", "/desk/findings/", "/desk/blocklists/")


def main() -> int:
    lists = Lists(SERVERS, LISTS, entries=50_000)
    for listed in lists.entries.values():  # nobody of ours is listed, and the list proves itself (RFC 5782)
        for target in lists.targets:
            listed.pop(_number(target), None)
        listed[_number("127.0.0.2")] = "127.0.0.2"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # rbldnsd gives up being root before it reads
        return _measured(lists, Path(folder))


def _measured(lists: Lists, folder: Path) -> int:
    with serving(lists, folder, with_python=False) as port:
        home, web = folder / "home", free_port()
        _settle(folder, home, port, web, lists)
        ratio, growth = _in_one_process(lists, folder, home, port)
        p95 = _while_serving(home, web)
    is_right = ratio >= RATIO and growth < BYTES and p95 < P95
    print("PASS" if is_right else "FAIL")
    return 0 if is_right else 1


def _number(address: str) -> int:
    octets = [int(octet) for octet in address.split(".")]
    return octets[0] << 24 | octets[1] << 16 | octets[2] << 8 | octets[3]


def _settle(folder: Path, home: Path, port: int, web: int, lists: Lists) -> None:
    """An installation with its settings in this process's environment, for us and for `serve`."""
    catalogue = folder / "blocklists.toml"
    catalogue.write_text(
        "only = true\n"
        + "".join(f'\n[[blocklist]]\nid = "{zone.split(".")[0]}"\nzone = "{zone}"\n' for zone in lists.zones)
    )
    os.environ |= {
        "SLUICE_HOME": str(home),
        "SLUICE_BIND": f"127.0.0.1:{web}",
        "SLUICE_RESOLVERS": f"127.0.0.1:{port}",
        "SLUICE_BLOCKLISTS": str(catalogue),
        "SLUICE_REQUIRE_MFA": "false",
        "SLUICE_EMAIL_URL": "smtp://127.0.0.1:1",
        "SLUICE_RDAP_BOOTSTRAP": "http://127.0.0.1:1/dns.json",
        "SLUICE_WHOIS_ROOT": "127.0.0.1:1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    for command in (["migrate", "--no-input", "--verbosity", "0"], ["collectstatic", "--no-input", "--verbosity", "0"]):
        subprocess.run([sys.executable, "manage.py", *command], check=True)
    import django

    django.setup()
    _fill(lists)


def _fill(lists: Lists) -> None:
    from django.utils import timezone

    from monitors import checks
    from monitors.models import Enrolment, Watch
    from vendors.models import SendingServer, Vendor

    now = timezone.now()
    vendors = Vendor.objects.bulk_create(Vendor(name=f"Vendor {n:03}", created_at=now) for n in range(VENDORS))
    servers = SendingServer.objects.bulk_create(
        SendingServer(vendor=vendors[n % VENDORS], address=address, created_at=now)
        for n, address in enumerate(lists.targets)
    )
    Watch.objects.bulk_create(
        (
            Watch(server=server, vendor=server.vendor, check_id=check, since=now, next_action_at=now)
            for server in servers
            for check in checks.asked()
        ),
        batch_size=2000,
    )
    current = checks.fingerprint()
    Enrolment.objects.bulk_create(Enrolment(server=server, catalogue=current) for server in servers)


# ── one process ─────────────────────────────────────────────────────────────
def _in_one_process(lists: Lists, folder: Path, home: Path, port: int) -> tuple[float, float]:
    from django.db import connection

    questions = lists.write_questions(folder)
    print(f"first look {_swept():,.0f} lookups/s, second {_swept():,.0f}, third {_swept():,.0f} (rows are made)")
    ours, theirs, sizes = [], [], []
    for _ in range(ROUNDS):
        before = _size(home)
        ours.append(_swept())
        sizes.append(_size(home) - before)
        theirs.append(_scanned(questions, folder, port))
    connection.close()
    ratio = median(ours) / median(theirs)
    growth = median(sizes) / (SERVERS * LISTS)
    print(f"sweep          {', '.join(f'{one:,.0f}' for one in ours)} lookups/s")
    print(f"blocklist-scan {', '.join(f'{one:,.0f}' for one in theirs)} lookups/s")
    print(f"ratio {ratio:.2f} (at least {RATIO}); {growth:.1f} bytes an unchanged repeat (under {BYTES:g})")
    return ratio, growth


def _swept() -> float:
    """Lookups a second of one sweep over everything, claims and database writes included."""
    from django.utils import timezone

    from engine.cycle import Sweep
    from monitors import sight, sweep
    from monitors.enrolment import enrol_sights
    from monitors.models import Sight, Watch

    enrol_sights(timezone.now())
    Sight.objects.update(next_action_at=timezone.now())
    sight.sweep(Sweep(timezone.now()))
    Watch.objects.update(next_action_at=timezone.now())
    began, state, batch = time.perf_counter(), Sweep(timezone.now()), sweep.LARGEST
    while sweep.look_at(sweep.watches(), state, batch):
        pass
    took = time.perf_counter() - began
    assert state.claimed >= SERVERS * LISTS
    assert not state.failed, state.error
    unclear = list(Watch.objects.exclude(verdict="clear").values_list("check_id", "result", "sentence")[:5])
    assert not unclear, unclear
    return SERVERS * LISTS / took


def _scanned(questions: tuple[Path, Path], folder: Path, port: int) -> float:
    targets, zones = questions
    command = ["blocklist-scan", "--targets", targets, "--zones", zones, "--resolver", f"127.0.0.1:{port}"]
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, command), "--csv", str(folder / "out.csv"), "--json"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return _rate(done.stdout)


def _rate(printed: str) -> float:
    import json

    report: dict[str, Any] = json.loads(printed)
    return float(report["lookups"]) / float(report["seconds"])


def _size(home: Path) -> int:
    """Bytes of the database with its log written back."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return next(home.glob("*.sqlite3")).stat().st_size


# ── the embedded server ─────────────────────────────────────────────────────
def _while_serving(home: Path, web: int) -> float:
    from django.db import connection
    from django.utils import timezone

    from monitors.models import Watch

    cookie = signed_in()
    began = timezone.now()
    Watch.objects.update(next_action_at=began)
    connection.close()
    database = next(home.glob("*.sqlite3"))
    with (
        (home / "serve.log").open("w") as log,
        subprocess.Popen([sys.executable, "manage.py", "serve"], stdout=log, stderr=log) as server,
    ):
        try:
            while not _answers(web):
                time.sleep(0.1)
            started = time.monotonic()
            took = []
            while left := _left(database, began):
                took += [_seconds(web, page, cookie) for page in PAGES]
                if time.monotonic() - started > 600:
                    print(f"after 10 minutes {left} are still to be looked at")
                    return float("inf")
            finished = time.monotonic() - started
        finally:
            server.terminate()
    p95 = quantiles(took, n=20)[-1]
    print(
        f"embedded: all {SERVERS * LISTS:,} looked at in {finished:.1f} s; meanwhile {len(took)} pages, "
        f"median {median(took) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms (under {P95 * 1000:g}), "
        f"max {max(took) * 1000:.0f} ms"
    )
    return p95


def _left(database: Path, began: Any) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as rows:
        asked = "SELECT count(*) FROM monitors_watch WHERE looked_at < ?"
        return int(rows.execute(asked, (re.sub(r"\+00:00$", "", str(began)),)).fetchone()[0])


def _answers(web: int) -> bool:
    try:
        return _seconds(web, "/health/live", "") > 0
    except OSError:
        return False


def _seconds(web: int, page: str, cookie: str) -> float:
    began = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", web, timeout=30)
    line.request("GET", page, headers={"Cookie": cookie} if cookie else {})
    answer = line.getresponse()
    answer.read()
    line.close()
    if answer.status not in (200, 204):
        raise SystemExit(f"{page} answered {answer.status}")
    return time.perf_counter() - began


if __name__ == "__main__":
    print(f"{SERVERS:,} servers x {LISTS} lists; {dotted(0)} is nobody")
    sys.exit(main())
