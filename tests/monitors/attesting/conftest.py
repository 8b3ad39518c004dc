"""A vendor with one server, enrolled for the built-in catalogue without keys, and a clock that stands at noon."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from engine.cycle import Sweep
from halts import sweep as halts
from journal.actor import Actor
from monitors import attest_sweep, enrolment, lookups
from monitors.attestations import attest
from monitors.models import Attestation, Finding, Watch
from monitors.shown import Shown
from tests import world
from vendors.models import SendingServer, Vendor

MAPS, AOL, ROKSO = "attested:trendmicro-ers-standard", "attested:yahoo-aol", "attested:spamhaus-rokso"
DANA = Actor("user", "Dana")
_keys = count(1)


@dataclass
class Lookups:
    """What the tests of this folder do, as sentences."""

    vendor: Vendor
    server: SendingServer
    clock: time_machine.Traveller

    @property
    def now(self) -> datetime:
        return timezone.now()

    def watch(self, check_id: str = MAPS) -> Watch:
        return Watch.objects.select_related("server", "domain", "vendor").get(vendor=self.vendor, check_id=check_id)

    def terms(self, *check_ids: str) -> dict[int, tuple[str, ...]]:
        return {watch.pk: lookups.terms_of(watch) for watch in map(self.watch, check_ids)}

    def state(self, outcome: str, check_id: str = MAPS, **more: Any) -> Attestation:
        """Dana says what she saw, a moment later."""
        self.clock.shift(1)
        said: dict[str, Any] = {"words": "The page said so.", "key": f"key-{next(_keys)}", "by": DANA, "at": self.now}
        [row] = attest(self.terms(check_id), outcome, **(said | more))
        return row

    def ring(self, *, after: timedelta = timedelta(0)) -> Sweep:
        """One cycle of the attest stage, so long later."""
        self.clock.shift(after.total_seconds())
        state = Sweep(self.now)
        attest_sweep.sweep(state)
        assert state.failed == 0, state.error
        return state

    def enrol(self) -> None:
        for _ in range(2):  # the domains that servers bear are met first
            enrolment.sweep(Sweep(self.now))

    def order(self) -> None:
        halts.sweep_findings(Sweep(self.now))

    def finding(self) -> Finding:
        return Finding.objects.get(vendor=self.vendor)


@pytest.fixture
def desk_work(db: None, settings: Settings) -> Iterator[Lookups]:
    settings.BLOCKLISTS, settings.BLOCKLIST_KEYS = None, {}
    with time_machine.travel(world.NOON, tick=False) as clock:
        vendor = world.make_vendor("Alder Mailings")
        server = world.make_server(vendor, "203.0.113.27", hostname="mta3.alder.example.net")
        scene = Lookups(vendor, server, clock)
        scene.enrol()
        yield scene


def a_file(content: bytes = b"%PDF", **more: Any) -> Shown:
    facts: Mapping[str, Any] = {"name": "page.pdf", "media_type": "application/pdf", "size": len(content)}
    return Shown(**{**facts, "sha256": "0" * 64, "content": content, **more})


__all__ = ["AOL", "DANA", "MAPS", "ROKSO", "Decimal", "Lookups", "a_file"]
