"""How fast is a form with 300 servers? Each page of it, and a save, on the embedded default: `manage.py serve`, SQLite.

Fills a scratch installation with a vendor whose Exhibit A has 300 servers, each looked at, starts the server as
`make run` does, and asks one after the other for its pages and for a bare page of the same server (the policy's text).
Prints medians, 95th percentiles and the ratio to the bare page. Exits 1 when a median is above LIMIT.
"""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

LIMIT = 0.300  # seconds, the median of every page
SERVERS, ROUNDS = 300, 30
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as home, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        probe.close()
        os.environ |= {
            "SLUICE_HOME": home,
            "SLUICE_BIND": f"127.0.0.1:{port}",
            "SLUICE_SECRET_KEY": "the bench's own",
            "SLUICE_DEMO": "true",
            "SLUICE_REQUIRE_MFA": "false",
            "SLUICE_LOG_LEVEL": "WARNING",
            "SLUICE_EMAIL_URL": "smtp://127.0.0.1:1",
            "SLUICE_RESOLVERS": "127.0.0.1:1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        number, cookie = fill()
        server = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            wait_for(port)
            return measure(port, number, cookie)
        finally:
            server.terminate()
            server.wait()


def fill() -> tuple[str, str]:
    """A vendor with a draft of 300 servers: its number, and the cookie of its owner."""
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import User
    from questionnaires import drafts
    from questionnaires.models import Look, Sheet
    from vendors.models import Member, Vendor

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    now = timezone.now()
    vendor = Vendor.objects.create(name="Fieldnote Digital", created_at=now)
    user = User.objects.create_user("bench@example.com", None, name="Mara Lindqvist")
    Member.objects.create(vendor=vendor, user=user, role=Member.Role.OWNER)
    submission = drafts.begin(vendor, "A", by=user.actor(), at=now)
    for place in range(SERVERS):
        address, helo = f"93.184.{place // 250}.{place % 250 + 1}", f"out{place}.fieldnote.example.net"
        values = {"A5.01": address, "A5.04": helo, "A5.05": "owned", "A5.10": "2024-05-01"}
        Sheet.objects.create(
            submission=submission, step="servers", row=f"{place:032x}", position=place, revision=1,
            typed={code: [text] for code, text in values.items()}, values=values, saved_at=now, saved_by=user.name,
        )  # fmt: skip
        Look.objects.create(
            vendor=vendor, kind="server", subject=address, helo=helo, asked_at=now, looked_at=now,
            checks=[{"id": "fcrdns", "verdict": "clear", "word": "Clear", "sentence": f"{helo} leads to {address}.",
                     "cure": "", "clause": "R7"}] * 6,
            facts={"look.ptr": helo, "look.fcrdns": True},
        )  # fmt: skip
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return submission.number, f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            if ask(port, "GET", "/health/live", "")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def ask(port: int, method: str, path: str, cookie: str, form: dict[str, str] | None = None) -> tuple[int, str, float]:
    """Status, text and seconds of one request on a connection of its own."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": cookie} if cookie else {}
    if form is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
    connection.request(method, path, urlencode(form) if form is not None else None, headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text, time.perf_counter() - started


def measure(port: int, number: str, cookie: str) -> int:
    base = f"/portal/forms/{number}"
    pages = {
        "a bare page (the policy)": "/policy/",
        "servers, first page": f"{base}/servers/",
        "servers, page 60": f"{base}/servers/?rows=60",
        "task list": f"{base}/",
        "check answers": f"{base}/check/",
        "home": "/portal/",
    }
    medians: dict[str, float] = {}
    for name, path in pages.items():
        medians[name] = report(name, [timed(port, "GET", path, cookie) for _ in range(ROUNDS)], medians)
    status, text, _ = ask(port, "GET", f"{base}/servers/", cookie)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    if status != 200 or token is None:
        raise SystemExit("the page has no form")
    with_token = f"{cookie}; csrftoken={token[1]}"
    row = f"{0:032x}"
    saves = []
    for place in range(ROUNDS):
        form = {
            "csrfmiddlewaretoken": token[1], "autosave": "1", "editor": "bench", "wizard-current_step": "servers",
            f"{row}-revision": "1", f"{row}-codes": "A5.04", f"{row}-A5.04": f"out{place}.fieldnote.example.net",
        }  # fmt: skip
        saves.append(timed(port, "POST", f"{base}/servers/", with_token, form))
    medians["a save by itself"] = report("a save by itself", saves, medians)
    slowest = max(medians.values())
    print(f"slowest median {slowest * 1000:.0f} ms (limit {LIMIT * 1000:.0f} ms)")
    return 0 if slowest <= LIMIT else 1


def timed(port: int, method: str, path: str, cookie: str, form: dict[str, str] | None = None) -> float:
    status, text, seconds = ask(port, method, path, cookie, form)
    if status != 200:
        raise SystemExit(f"{method} {path} answered {status}: {text[:300]}")
    return seconds


def report(name: str, seconds: list[float], medians: dict[str, float]) -> float:
    median = statistics.median(seconds)
    ratio = median / medians["a bare page (the policy)"] if medians else 1.0
    worst = sorted(seconds)[int(len(seconds) * 0.95)]
    print(f"{name:26} median {median * 1000:6.0f} ms   p95 {worst * 1000:6.0f} ms   {ratio:5.1f} x the bare page")
    return median


if __name__ == "__main__":
    sys.exit(main())
