"""How fast is the vendor list? Requests a second of /desk/vendors/ beside a bare Django page, under the same server.

Fills a scratch SQLite database with 1,000 vendors, 5,000 servers and their watches, starts gunicorn twice (two sync
workers each: Sluice, and `bench.bare`), and drives one after the other in alternating rounds. Exits 1 below RATIO.
"""

import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

RATIO = 0.4
VENDORS, SERVERS = 1_000, 5_000
ROUNDS, SECONDS, CLIENTS = 12, 1.5, 4
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as home:
        os.environ |= {
            "SLUICE_HOME": home,
            "SLUICE_SECRET_KEY": "the bench's own",
            "SLUICE_DEMO": "true",
            "SLUICE_REQUIRE_MFA": "false",
            "SLUICE_DEBUG": "false",
            "SLUICE_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "BENCH_DATABASE": str(Path(home) / "sluice.sqlite3"),
        }
        cookie = fill()
        with (
            serving("config.wsgi:application", "config.settings") as ours,
            serving("bench.bare_wsgi:application", "bench.bare") as theirs,
        ):
            return compare((ours, "/desk/vendors/", cookie), (theirs, "/", ""))


def fill() -> str:
    """A scratch installation of the promised size, and the cookie of somebody who is signed in to it."""
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import Role, User
    from engine.models import Cycle
    from monitors import checks
    from monitors.models import Enrolment, Watch
    from policies.versions import in_force
    from questionnaires.models import Acceptance, Signature, Submission
    from vendors.models import Contact, SendingServer, Vendor

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    now, chance = timezone.now(), random.Random(1)
    vendors = Vendor.objects.bulk_create(Vendor(name=f"Vendor {n:04d}", created_at=now) for n in range(VENDORS))
    servers = SendingServer.objects.bulk_create(
        SendingServer(vendor=vendors[n % VENDORS], address=f"198.18.{n // 250}.{n % 250 + 1}", created_at=now)
        for n in range(SERVERS)
    )
    Enrolment.objects.bulk_create(Enrolment(server=server, catalogue="bench") for server in servers)
    verdicts = ("clear",) * 97 + ("unknown",) * 2 + ("adverse",)
    Watch.objects.bulk_create(
        Watch(
            server=server,
            vendor=server.vendor,
            check_id=check,
            since=now,
            next_action_at=now,
            verdict=chance.choice(verdicts),
        )
        for server in servers
        for check in checks.checks_of_server(checks.address_of(server.address))
    )  # fmt: skip
    accepted = vendors[: VENDORS * 9 // 10]  # the others have nothing of what the gate asks for
    Contact.objects.bulk_create(
        Contact(
            vendor=vendor, name="Theo", email="theo@example.com", created_at=now, email_confirmed_at=now,
            authority_confirmed_at=now,
        )
        for vendor in accepted
    )  # fmt: skip
    exhibits = Submission.objects.bulk_create(
        Submission(vendor=vendor, exhibit="A", version=1, state="accepted", created_at=now, touched_at=now)
        for vendor in accepted
    )
    signatures = Signature.objects.bulk_create(
        Signature(
            submission=exhibit, round=1, policy=in_force(now), snapshot="{}", promises={}, proved_at=now, at=now,
            seal_lines=[],
        )
        for exhibit in exhibits
    )  # fmt: skip
    networks: dict[int, list[dict[str, str]]] = {}
    for server in servers:
        networks.setdefault(server.vendor_id, []).append({"network": server.address, "hostname": "", "helo": ""})
    Acceptance.objects.bulk_create(
        Acceptance(
            vendor=vendor, submission=exhibit, signature=signature, policy=signature.policy, exhibit="A",
            state="received", code=f"BENCH{place:011d}", scope={"servers": networks[vendor.pk]}, issued_at=now,
            officers=[], valid_until=now + timedelta(days=365), letter_size=0, received_at=now,
        )
        for place, (vendor, exhibit, signature) in enumerate(zip(accepted, exhibits, signatures, strict=True))
    )  # fmt: skip
    Cycle.objects.bulk_create(
        Cycle(stage=stage, started_at=now, finished_at=now + timedelta(days=1)) for stage in settings.ENGINE_STAGES
    )
    user = User.objects.create_user("bench@example.com", None, name="Bench", role=Role.IT)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    print(f"{VENDORS:,} vendors, {SERVERS:,} servers, {Watch.objects.count():,} watches")
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@contextmanager
def serving(app: str, settings: str) -> Iterator[int]:
    """gunicorn with two sync workers on a free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "--log-level", "warning", app],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings},
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def compare(ours: tuple[int, str, str], bare: tuple[int, str, str]) -> int:
    rates: dict[str, list[float]] = {"vendor list": [], "bare page": []}
    for place in range(-1, ROUNDS):  # the round before the first only warms up
        for name, target in (("bare page", bare), ("vendor list", ours)):
            rate = drive(*target)
            if place >= 0:
                rates[name].append(rate)
    for name, found in rates.items():
        rounds = ", ".join(f"{one:.0f}" for one in found)
        print(f"{name:12} {statistics.median(found):8.1f} requests/s   (rounds: {rounds})")
    ratio = statistics.median(our / their for our, their in zip(*rates.values(), strict=True))
    print(f"{'ratio':12} {ratio:8.2f}   (the median of the rounds' ratios; promised: at least {RATIO})")
    return 0 if ratio >= RATIO else 1


def drive(port: int, page: str, cookie: str) -> float:
    """Requests a second that a few clients get answered."""
    stop = time.monotonic() + SECONDS
    counts = [0] * CLIENTS
    wrong: list[int] = []

    def client(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        while time.monotonic() < stop:
            connection.request("GET", page, headers={"Cookie": cookie} if cookie else {})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                wrong.append(answer.status)
                return
            counts[place] += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(place,)) for place in range(CLIENTS)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(f"{page} answered {wrong[0]} instead of 200")
    return sum(counts) / (time.monotonic() - started)


if __name__ == "__main__":
    raise SystemExit(main())
