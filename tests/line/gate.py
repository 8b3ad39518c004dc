"""A whole Sluice with the lab behind it: two resolver paths, two lists, a mail server, and servers in good order."""

import html
import re
import shutil
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from lab.dns import DnsServer
from lab.mail import Mail
from lab.smtp import SmtpSink
from lab.world import World
from tests.line.installation import Installation

ZEN, COP = "zen.spamhaus.org", "bl.spamcop.net"
PATIENCE = 60.0  # seconds; nothing waits this long on a machine that is not busy
STAFF = "abuse@harrow.example.com"
WATCHED = "monitors_watch WHERE (check_id LIKE 'dnsbl:%' OR check_id = 'fcrdns')"  # the watch stage; others wait a day


class Gate:
    """`with Gate(folder, servers=3) as gate` has them imported, served and clear. Vendor N owns server N alone.

    With the home of another one that was `prepared`, migrations and static files are taken from there.
    """

    def __init__(self, folder: Path, *, servers: int, prepared: Path | None = None, **settings: object) -> None:
        self.world = World(ttl=1)
        for zone in (ZEN, COP):
            self.world.add_blocklist(zone)
        self.paths = [DnsServer(self.world), DnsServer(self.world)]
        self.sink = SmtpSink(seed=7)
        self.addresses = [f"192.0.2.{n + 1}" if n < 250 else f"198.51.100.{n - 249}" for n in range(servers)]
        self._folder, self._prepared, self._settings = folder, prepared, settings

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            for server in (*self.paths, self.sink):
                undo.enter_context(server)
            self.sluice = Installation(
                self._folder,
                resolvers=[path.address for path in self.paths],
                smtp=self.sink.address,
                **self._settings,
            )
            self._fill()
            undo.enter_context(self.sluice)
            self.sluice.start()
            self._undo = undo.pop_all()
        return self

    def __exit__(self, *failure: object) -> None:
        self._undo.close()

    def _fill(self) -> None:
        if self._prepared:
            shutil.copy(self._prepared / "sluice.sqlite3", self._folder)
            (self._folder / "static").symlink_to(self._prepared / "static")
        else:
            self.sluice.prepare()
        rows = []
        for n, address in enumerate(self.addresses):
            hostname = f"mta{n}.vendor.example.com"
            self.world.add_host(hostname, address)
            self.world.set_reverse(address, hostname)
            rows.append((f"Vendor {n:03}", address, hostname))
        if rows:
            self.sluice.import_vendors(rows)

    # ── waiting for what must come ──────────────────────────────────────────
    def wait_until_clear(self, seconds: float = PATIENCE) -> None:
        """Every check of the watch stage, of every server, is clear."""
        wanted = 3 * len(self.addresses)
        self.sluice.wait_for(
            lambda: self.sluice.rows(f"SELECT count(*) FROM {WATCHED} AND verdict = 'clear'") == [(wanted,)],
            seconds,
            "every watch to be clear",
        )

    def wait_for(self, query: str, *rows: tuple[Any, ...], seconds: float = PATIENCE) -> None:
        """Wait until the query gives exactly these rows."""
        self.sluice.wait_for(lambda: self.sluice.rows(query) == list(rows), seconds, f"{query} to give {list(rows)}")

    def wait_for_orders(self, number: int, *, seconds: float = PATIENCE) -> list[Mail]:
        """Wait for so many halt orders in the mailbox."""
        return self.sink.mailbox.wait_for(number, timeout=seconds, matching=is_order)

    def let_sweeps_pass(self, number: int = 3) -> None:
        """Long enough for so many more cycles of the watch stage to end, each of which looks at everything."""
        for _ in range(number):
            [(began,)] = self.sluice.rows(f"SELECT max(looked_at) FROM {WATCHED}")
            self.sluice.wait_for(
                lambda began=began: self.sluice.rows(f"SELECT min(looked_at) FROM {WATCHED}")[0][0] > began,
                PATIENCE,
                "every watch to be looked at again",
            )

    # ── what a person does ──────────────────────────────────────────────────
    def open_page(self, url: str) -> str:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return html.unescape(answer.read().decode())

    def answer(self, url: str, name: str = "Alma Reyes") -> str:
        """Press the button of an order's page; the page that comes next."""
        form = urllib.parse.urlencode({"name": name, "authority": "on"}).encode()
        with urllib.request.urlopen(url, data=form, timeout=PATIENCE) as answer:
            return html.unescape(answer.read().decode())


def is_order(mail: Mail) -> bool:
    return mail.subject.startswith("Halt order ")


def is_blindness(mail: Mail) -> bool:
    return mail.subject.startswith("We cannot see ")


def link_in(mail: Mail) -> str:
    """The address of the page where the order is answered."""
    [url] = [link for link in mail.links if re.search(r"/halt/[\w-]{43}$", link)]
    return url


def wait_until(met: Any, seconds: float, what: str) -> None:
    ends = time.monotonic() + seconds
    while not met():
        if time.monotonic() > ends:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.1)
