"""A pretend DNS in which a server and a domain are in good order."""

import pytest

from tests.monitors.fakes import ZONE, FakeWorld
from tests.questionnaires.seen.looking import HOST, SENDER


@pytest.fixture
def world() -> FakeWorld:
    """A sender, its domain and its mail in good order, and two lists that are kept well."""
    world = FakeWorld()
    world.keep_well(ZONE, "quarry.example")
    world.name(SENDER, HOST)
    for name in ("acme.example", "www.acme.example"):
        world.say(name, "203.0.113.9")
    world.say("acme.example", f"10 {HOST}", rdtype="MX")
    world.say("acme.example", "v=spf1 mx -all", rdtype="TXT")
    world.say("_dmarc.acme.example", "v=DMARC1; p=reject", rdtype="TXT")
    return world
