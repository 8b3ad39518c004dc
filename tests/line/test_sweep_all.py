"""`manage.py sweep --all` as an operator runs it: a process of its own, with and without a server, and two at once."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.dns import DnsServer
from lab.world import World
from tests.line.gate import COP, PATIENCE, ZEN, Gate, wait_until
from tests.line.installation import ROOT, Installation

pytestmark = pytest.mark.slow
SERVERS = 110  # so many that it takes two rounds
ALL = ("sweep", "--all", "--stage", "watch")


@pytest.fixture(scope="module")
def world() -> World:
    made = World(ttl=1)
    for zone in (ZEN, COP):
        made.add_blocklist(zone)
    for number in range(SERVERS):
        made.add_host(f"mta{number}.vendor.example.com", f"198.51.100.{number}")
        made.set_reverse(f"198.51.100.{number}", f"mta{number}.vendor.example.com")
    return made


@pytest.fixture(scope="module")
def paths(world: World) -> Iterator[list[DnsServer]]:
    with DnsServer(world) as one, DnsServer(world) as other:
        yield [one, other]


@pytest.fixture(scope="module")
def sluice(tmp_path_factory: pytest.TempPathFactory, prepared: Path, paths: list[DnsServer]) -> Installation:
    """Many servers, enrolled, and nobody who serves."""
    home = tmp_path_factory.mktemp("swept")
    (home / "sluice.sqlite3").write_bytes((prepared / "sluice.sqlite3").read_bytes())
    made = Installation(
        home, resolvers=[path.address for path in paths], smtp="127.0.0.1:1", WATCH_SECONDS=3600, LEASE_SECONDS=30
    )
    many = range(SERVERS)
    names = [f"mta{number}.vendor.example.com" for number in many]
    made.import_vendors([("Vendor", f"198.51.100.{number}", name) for number, name in enumerate(names)])
    made.manage("sweep", "--stage", "enrol")
    return made


def swept(done: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)["all"]
    return found


def started(sluice: Installation, *words: str, err: int = subprocess.PIPE) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", *ALL, "--json", *words],
        cwd=ROOT,
        env=sluice.env,
        stdout=subprocess.PIPE,
        stderr=err,
        text=True,
    )


def looked(sluice: Installation) -> int:
    ((count,),) = sluice.rows("SELECT count(*) FROM monitors_watch WHERE looked_at IS NOT NULL")
    return int(count)


def test_ctrl_c_keeps_what_was_looked_at_and_resume_looks_at_the_rest(
    sluice: Installation, paths: list[DnsServer]
) -> None:
    """The first: nothing was looked at yet."""
    for path in paths:
        path.set_mood("normal", delay=0.3)
    process = started(sluice)
    wait_until(lambda: looked(sluice) > 0, PATIENCE, "the first round to be stored")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    first = json.loads(out)["all"]
    assert (process.returncode, first["ended"]) == (130, "interrupted"), err
    assert "Stopping after this round." in err
    assert 0 < first["looked"] == looked(sluice) < first["total"]
    assert sluice.rows("SELECT count(*) FROM monitors_watch WHERE lease_token IS NOT NULL") == [(0,)]

    for path in paths:
        path.set_mood("normal")
    rest = swept(sluice.manage(*ALL, "--resume", "--json"))
    assert (rest["ended"], rest["left"], rest["began_at"]) == ("finished", 0, first["began_at"])
    assert rest["lookups"] == rest["total"] - first["looked"]
    assert sluice.rows("SELECT min(rounds), max(rounds) FROM monitors_watch WHERE looked_at IS NOT NULL") == [(1, 1)]


def test_two_at_once_share_the_work_and_both_come_to_the_end(sluice: Installation) -> None:
    ((before,),) = sluice.rows("SELECT sum(rounds) FROM monitors_watch")
    both = [started(sluice), started(sluice)]
    ends = [process.communicate(timeout=PATIENCE) for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    found = [json.loads(out)["all"] for out, _ in ends]
    assert [(one["ended"], one["left"], one["failed"]) for one in found] == [("finished", 0, 0)] * 2
    ((after,),) = sluice.rows("SELECT sum(rounds) FROM monitors_watch")
    assert found[0]["total"] <= after - before <= 2 * found[0]["total"]


def test_a_bar_is_for_a_terminal(sluice: Installation) -> None:
    ours, theirs = pty.openpty()
    process = started(sluice, "--limit", "10", err=theirs)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:
        pass  # the other side of the terminal is closed
    process.communicate(timeout=PATIENCE)
    os.close(ours)
    assert process.returncode == 3
    assert "━" in shown.decode()
    assert " adverse, " in shown.decode()


def test_it_runs_beside_a_server(tmp_path: Path, prepared: Path) -> None:
    with Gate(tmp_path, servers=5, prepared=prepared) as gate:
        gate.wait_until_clear()
        assert swept(gate.sluice.manage(*ALL, "--json"))["left"] == 0
        gate.sluice.wait_until_well()
        assert "Traceback" not in gate.sluice.log.read_text()
