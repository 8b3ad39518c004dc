"""A small internet of the lab's DNS on loopback, and the stages that look at it, one cycle each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import time_machine
from django.utils import timezone
from pytest_django import Settings

from engine.cycle import Sweep
from halts.sweep import sweep_findings
from lab.dns import DnsServer
from lab.world import World
from monitors import enrolment, sight, sweep
from monitors.models import Finding, Sight, Watch, WatchQuerySet
from tests.line.installation import SMALL_CATALOGUE
from tests.world import NOON, make_server, make_vendor
from vendors.models import SendingServer

ZEN, COP = "zen.spamhaus.org", "bl.spamcop.net"
ADDRESS = "192.0.2.10"
EVERY = timedelta(seconds=100)


class Scene:
    """Two resolver paths into one world with two lists, one server in good order, and a clock that stands."""

    def __init__(self, paths: list[DnsServer], world: World, clock: time_machine.Traveller, settings: Settings) -> None:
        self.world, self.paths, self.clock, self.settings = world, paths, clock, settings
        self.server = self.add_server(ADDRESS)

    def add_server(self, address: str) -> SendingServer:
        """A server whose names lead to it and back."""
        hostname = f"mta{address.rpartition('.')[2]}.alder.example.net"
        self.world.add_host(hostname, address)
        self.world.set_reverse(address, hostname)
        return make_server(make_vendor(), address, hostname=hostname)

    def enrol(self) -> Sweep:
        return self._cycle(enrolment.sweep)

    def look(self, *, after: timedelta = timedelta(0)) -> Sweep:
        """One cycle of the watch stage, `after` so long; every watch is due."""
        self.clock.shift(after.total_seconds())
        Watch.objects.update(next_action_at=self.now)
        return self._cycle(sweep.sweep)

    def watch_only(self) -> Sweep:
        """One cycle of the watch stage, of what is due by itself."""
        return self._cycle(sweep.sweep)

    def order(self) -> Sweep:
        """One cycle of the order stage."""
        return self._cycle(sweep_findings)

    def prove(self, *, after: timedelta = timedelta(0)) -> Sweep:
        """One cycle of the sight stage, `after` so long; only what is due by itself."""
        self.clock.shift(after.total_seconds())
        return self._cycle(sight.sweep)

    def watches(self) -> WatchQuerySet:
        """Those of the server that the watch stage looks at; the domain that it bears has others."""
        return sweep.watches().filter(server=self.server)

    def watch(self, check_id: str = "dnsbl:spamhaus-zen") -> Watch:
        return Watch.objects.get(server=self.server, check_id=check_id)

    def states(self) -> set[str]:
        """In which states the sights are."""
        return set(Sight.objects.values_list("state", flat=True))

    def open_a_finding(self) -> Finding:
        """The server is listed, and seen to be so often enough."""
        self.world.list(ZEN, ADDRESS)
        for _ in range(self.settings.CONFIRM_COUNT):
            self.look(after=EVERY)
        return Finding.objects.get()

    @property
    def now(self) -> datetime:
        return timezone.now()

    def _cycle(self, stage: Callable[[Sweep], None]) -> Sweep:
        state = Sweep(self.now)
        stage(state)
        return state


@contextmanager
def scene(folder: Path, settings: Settings) -> Iterator[Scene]:
    catalogue = folder / "blocklists.toml"
    catalogue.write_text(SMALL_CATALOGUE)
    world = World()
    for zone in (ZEN, COP):
        world.add_blocklist(zone)
    with DnsServer(world) as one, DnsServer(world) as other, time_machine.travel(NOON, tick=False) as clock:
        settings.RESOLVERS = [one.address, other.address]
        settings.BLOCKLISTS, settings.BLOCKLIST_KEYS = catalogue, {}
        settings.SWEEP_SECONDS, settings.WATCH_SECONDS, settings.LEASE_SECONDS = 0.2, 1800, 2
        settings.CONFIRM_COUNT, settings.CONFIRM_SPACING_SECONDS, settings.CLEAR_COUNT = 2, 60, 2
        settings.BLIND_SECONDS, settings.COOL_DOWN_SECONDS, settings.LIST_LIMITS = 600, 0, False
        yield Scene([one, other], world, clock, settings)
