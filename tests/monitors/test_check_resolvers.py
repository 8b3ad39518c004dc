"""`manage.py check-resolvers`, and the diagnosis from stored proofs: which settings of a resolver hide listings."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from lab.dns import DnsServer
from lab.world import World
from monitors import self_test
from tests.monitors.scene import COP, ZEN, Scene

ROOT = Path(__file__).resolve().parents[2]
LISTS = """
only = true
[[blocklist]]
id = "spamhaus-zen"
[[blocklist]]
id = "spamcop"
[[blocklist]]
id = "psbl"
"""
ZONES = (ZEN, COP, "psbl.surriel.com")


@pytest.fixture
def paths(tmp_path: Path, settings: Settings) -> Iterator[list[DnsServer]]:
    world = World()
    for zone in ZONES:
        world.add_blocklist(zone)
    settings.BLOCKLISTS, settings.BLOCKLIST_KEYS = tmp_path / "lists.toml", {}
    settings.BLOCKLISTS.write_text(LISTS)
    with DnsServer(world) as one, DnsServer(world) as other:
        settings.RESOLVERS = [one.address, other.address]
        yield [one, other]


def run(*words: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("check_resolvers", *words, stdout=out)
    except SystemExit as status:
        return int(str(status.code)), out.getvalue()
    return 0, out.getvalue()


def test_resolvers_that_see_every_list_are_fit(paths: list[DnsServer]) -> None:
    status, said = run()
    assert status == 0
    assert said == "".join(
        f"Fit {one.address} All 3 lists can be seen through the resolver {one.address}.\n" for one in paths
    )


@pytest.mark.parametrize(
    ("mood", "kind", "cure"),
    [
        ("strict_qname", "strict_qname", "qname-minimisation-strict: no"),
        ("strip_loopback", "rebinding", "private-address: 127.0.0.0/8"),
        ("rewrite_nxdomain", "rewritten", "without forwarding to a provider"),
        ("refused", "refused", "access-control"),
        ("nxdomain_everything", "no_names", "root hints"),
    ],
)
def test_a_resolver_that_hides_listings_is_named_with_its_cure(
    paths: list[DnsServer], mood: str, kind: str, cure: str
) -> None:
    paths[1].set_mood(mood)
    status, said = run()
    assert status == 1
    lines = said.splitlines()
    assert lines[0].startswith(f"Fit {paths[0].address}")
    assert lines[1].startswith(f"Unfit {paths[1].address}")
    assert cure in lines[2]
    status, said = run("--json")
    seen = json.loads(said)
    assert (status, seen["is_fit"]) == (1, False)
    assert [(one["is_fit"], one["kind"]) for one in seen["paths"]] == [(True, "fine"), (False, kind)]
    assert seen["paths"][1]["lists"]["spamcop"]["evidence"]


def test_one_list_at_fault_is_the_list_s_matter(paths: list[DnsServer]) -> None:
    paths[0].world.set_mood(COP, "empty")
    status, said = run()
    assert status == 0
    assert f"Fit, but {paths[0].address}" in said
    assert "  SpamCop: SpamCop does not list its own test entry" in said


def test_a_resolver_that_is_not_there_is_unfit(paths: list[DnsServer], settings: Settings) -> None:
    settings.RESOLVERS = ["127.0.0.1:1"]
    status, said = run()
    assert (status, said.startswith("Unfit 127.0.0.1:1 ")) == (1, True)
    assert "See whether the resolver runs" in said


def test_a_catalogue_that_cannot_be_read_is_told_with_status_2(settings: Settings, tmp_path: Path) -> None:
    settings.BLOCKLISTS = tmp_path / "none.toml"
    with pytest.raises(CommandError) as refused:
        run()
    assert refused.value.returncode == 2


def test_it_needs_no_database_and_makes_none(paths: list[DnsServer], settings: Settings, tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")}
    env |= {
        "SLUICE_HOME": str(tmp_path / "home"),
        "SLUICE_RESOLVERS": ",".join(settings.RESOLVERS),
        "SLUICE_BLOCKLISTS": str(settings.BLOCKLISTS),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "manage.py", "check-resolvers"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout.count("Fit ")) == (0, 2), done.stderr
    assert not list((tmp_path / "home").glob("*sqlite*"))


def test_the_stored_proofs_tell_the_same(stage: Scene) -> None:
    stage.prove()
    assert [report.is_fit for report in self_test.stored()] == [True, True]
    stage.paths[1].set_mood("strip_loopback")
    stage.prove(after=timedelta(seconds=1800))
    good, bad = self_test.stored()
    assert (good.is_fit, bad.is_fit, bad.path) == (True, False, stage.paths[1].address)
    assert "DNS rebinding" in bad.sentence
    assert "private-address" in bad.sentence


def test_before_the_first_proof_nothing_is_claimed(stage: Scene) -> None:
    [one, _] = self_test.stored()
    assert (one.is_fit, one.diagnosis.sentence) == (
        False,
        f"No list has been tried through the resolver {stage.paths[0].address} yet.",
    )
