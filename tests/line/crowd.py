"""Many vendors, each with one server in good order, in the lab's world and in an installation."""

from pathlib import Path

from lab.run import Lab
from lab.world import World
from tests.line.gate import WATCHED
from tests.line.installation import Installation

ZONES = ("zen.spamhaus.org", "bl.spamcop.net")


def crowd(number: int) -> list[tuple[str, str, str]]:
    """(vendor, address, host name) of so many servers in the documentation networks (RFC 5737)."""
    networks = ("192.0.2", "198.51.100", "203.0.113")
    return [
        (f"Vendor {i:03d}", f"{networks[i // 250]}.{i % 250 + 1}", f"mta{i}.vendor.example.com") for i in range(number)
    ]


def world_of(servers: list[tuple[str, str, str]]) -> World:
    """Two lists with their test points, and servers with forward and reverse names."""
    world = World(ttl=1)
    for zone in ZONES:
        world.add_blocklist(zone)
    for _, address, hostname in servers:
        world.add_host(hostname, address)
        world.set_reverse(address, hostname)
    return world


def settle(home: Path, lab: Lab, servers: list[tuple[str, str, str]], **settings: object) -> Installation:
    """An installation over the lab with those servers in it, not started."""
    installation = Installation(home, resolvers=lab.resolvers, smtp=lab.smtp_address, **settings)
    installation.manage("migrate", "--no-input", "--verbosity", "0")
    installation.manage("collectstatic", "--no-input", "--verbosity", "0")
    installation.import_vendors(servers)
    return installation


def wait_until_all_clear(installation: Installation, servers: int, seconds: float = 90) -> None:
    """Wait until every check of the watch stage has been seen clear: nothing of what follows was there before."""
    checks = servers * (len(ZONES) + 1)

    def all_clear() -> bool:
        return installation.rows(f"SELECT count(*) FROM {WATCHED} AND verdict = 'clear'") == [(checks,)]

    installation.wait_for(all_clear, seconds, f"{checks} checks to be clear")
