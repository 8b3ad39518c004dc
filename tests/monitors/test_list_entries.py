"""What the desk lays over the catalogue: who sees it, when, and what it may not hold."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from journal.actor import Actor
from journal.models import Entry
from monitors import checks, list_entries
from monitors.catalogue import CatalogueRefused
from monitors.models import ListEntry, Watch
from monitors.probes.entry import Blocklist
from monitors.probes.reading import Severity
from tests.monitors.scene import Scene
from tests.world import NOON

pytestmark = pytest.mark.django_db
ADA = Actor("user", "9 (administrator)")


@pytest.fixture(autouse=True)
def looked_up_each_time(settings: Settings) -> Iterator[None]:
    settings.LIST_ENTRIES_SECONDS = 0
    list_entries.look_again()
    yield
    list_entries.look_again()


def lay(list_id: str, **fields: Any) -> None:
    list_entries.change(list_id, fields, by=ADA, by_name="Ada", at=NOON)


def entry(list_id: str) -> Blocklist:
    return next(one for one in checks.known() if one.id == list_id)


def refusal(list_id: str, **fields: Any) -> str:
    with pytest.raises(CatalogueRefused) as refused:
        lay(list_id, **fields)
    assert not ListEntry.objects.filter(list_id=list_id).exists()
    return str(refused.value)


def test_a_change_lies_over_the_file_which_lies_over_what_is_built_in(tmp_path: Path, settings: Settings) -> None:
    settings.BLOCKLISTS = tmp_path / "lists.toml"
    settings.BLOCKLISTS.write_text('[[blocklist]]\nid = "spamcop"\nname = "Cop"\nper_second = 5\ndaily_cap = 10\n')
    lay("spamcop", per_second=7)
    cop = entry("spamcop")
    assert (cop.name, cop.per_second, cop.daily_cap, cop.zone) == ("Cop", 7.0, 10, "bl.spamcop.net")


def test_a_list_is_left_out_and_asked_again(settings: Settings) -> None:
    lay("spamcop", enabled=False)
    assert "dnsbl:spamcop" not in checks.asked()
    assert entry("spamcop").is_enabled is False
    lay("spamcop")
    assert "dnsbl:spamcop" in checks.asked()
    assert not ListEntry.objects.exists()


def test_a_list_that_is_off_is_asked_when_the_desk_names_it() -> None:
    assert not entry("blocklist-de").is_enabled
    lay("blocklist-de", enabled=True, interval_seconds=7200)
    assert entry("blocklist-de").is_enabled
    assert checks.interval_of("dnsbl:blocklist-de").total_seconds() == 7200


def test_a_list_is_added_and_stands_behind_the_others() -> None:
    lay("house", zone="dnsbl.example.org", severity="warn", codes={"127.0.0.2": "bad"})
    assert checks.known()[-1].id == "house"
    assert checks.asked()["dnsbl:house"].codes["127.0.0.2"].severity is Severity.WARN


def test_another_zone_has_none_of_the_limits_of_the_public_one() -> None:
    lay("spamhaus-zen", zone="zen.mirror.example.org")
    assert (entry("spamhaus-zen").per_second, entry("spamhaus-zen").daily_cap) == (None, None)


@pytest.mark.parametrize(
    ("list_id", "fields", "sentence"),
    [
        ("spamcop", {"zone": "dnsbl.sorbs.net"}, "must not be asked any more"),
        ("house", {"zone": "cbl.abuseat.org"}, "must not be asked any more"),
        ("spamcop", {"severity": "awful"}, 'severity: "awful" is not known.'),
        ("spamcop", {"zoen": "x.example"}, "there is no such field. Did you mean zone?"),
        ("spamcop", {"key": "secret"}, "there is no such field."),
        ("spamcop", {"daily_cap": 0}, "is not a whole number from 1"),
        ("House!", {"zone": "dnsbl.example.org"}, '"House!" is not an id.'),
        ("h" * 51, {"zone": "dnsbl.example.org"}, "Keep it to 50."),
        ("house", {}, ""),
        ("house", {"key_zone": "{key}.example.org"}, "name a list that takes a key in the file"),
        ("house", {"severity": "halt"}, "zone:"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_sentence_of_the_file(
    list_id: str, fields: dict[str, Any], sentence: str
) -> None:
    if fields:
        assert sentence in refusal(list_id, **fields)
        assert refusal(list_id, **fields).startswith("the desk, blocklist")
    else:
        lay(list_id)  # nothing over nothing
    assert not Entry.objects.filter(object_type="monitors.listentry").exists()


def test_the_journal_tells_what_was_and_what_is() -> None:
    lay("spamcop", per_second=0.5)
    lay("spamcop", per_second=0.5)  # again, which is no change
    lay("spamcop", per_second=2, severity="warn")
    lay("spamcop")
    said = Entry.objects.filter(object_type="monitors.listentry").order_by("position")
    assert [(one.verb, json.loads(one.after["was"]), json.loads(one.after["now"])) for one in said] == [
        ("changed", {}, {"per_second": 0.5}),
        ("changed", {"per_second": 0.5}, {"per_second": 2, "severity": "warn"}),
        ("taken back", {"per_second": 2, "severity": "warn"}, {}),
    ]


def test_what_fits_no_more_is_left_out_and_told_and_the_other_lists_go_on() -> None:
    """A zone that a later release does not ask any more, say."""
    lay("spamcop", per_second=2)
    ListEntry.objects.create(list_id="spamhaus-zen", fields={"zone": "cbl.abuseat.org"}, changed_at=NOON)
    ListEntry.objects.create(list_id="house", fields={"zone": "dnsbl.sorbs.net"}, changed_at=NOON)
    assert entry("spamhaus-zen").zone == "zen.spamhaus.org"
    assert entry("spamcop").per_second == 2
    assert "house" not in {one.id for one in checks.known()}
    assert set(checks.misfits()) == {"spamhaus-zen", "house"}
    assert "must not be asked any more" in checks.misfits()["house"]


def test_a_key_is_used_and_never_kept_with_the_entry(settings: Settings) -> None:
    settings.BLOCKLIST_KEYS = {"spamhaus-zen": "verysecretkey"}
    lay("spamhaus-zen", per_second=2)
    assert entry("spamhaus-zen").zone_shown == "….zen.dq.spamhaus.net"
    assert "verysecretkey" not in json.dumps(list(ListEntry.objects.values_list("fields", flat=True)))
    assert "verysecretkey" not in json.dumps([one.after for one in Entry.objects.all()])


def test_another_process_learns_of_it_within_seconds_and_asks_seldom(settings: Settings) -> None:
    settings.LIST_ENTRIES_SECONDS = 3
    checks.asked()
    ListEntry.objects.create(list_id="spamcop", fields={"enabled": False}, changed_at=NOON)  # by another process
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for _ in range(1000):
            assert "dnsbl:spamcop" in checks.asked()
    assert len(asked) == 0
    settings.LIST_ENTRIES_SECONDS = 0.001
    assert "dnsbl:spamcop" not in checks.asked()


def test_this_process_learns_of_it_at_once(settings: Settings, django_capture_on_commit_callbacks: Any) -> None:
    settings.LIST_ENTRIES_SECONDS = 3600
    checks.asked()
    with django_capture_on_commit_callbacks(execute=True):
        lay("spamcop", enabled=False)
    assert "dnsbl:spamcop" not in checks.asked()


def test_nobody_asks_the_database_in_the_middle_of_a_round() -> None:
    async def within() -> bool:
        return "dnsbl:spamcop" in checks.asked()

    assert "dnsbl:spamcop" in checks.asked()
    ListEntry.objects.create(list_id="spamcop", fields={"enabled": False}, changed_at=NOON)
    with CaptureQueriesContext(connection) as asked:
        assert asyncio.run(within())
    assert len(asked) == 0


def test_a_list_that_the_desk_adds_is_watched_and_one_that_it_leaves_out_is_not(stage: Scene) -> None:
    stage.world.add_blocklist("dnsbl.example.org")
    lay("house", zone="dnsbl.example.org")
    lay("spamcop", enabled=False)
    stage.enrol()
    stage.look()
    running = Watch.objects.running().filter(server=stage.server, check_id__startswith="dnsbl:")
    assert set(running.values_list("check_id", "verdict")) == {
        ("dnsbl:spamhaus-zen", "clear"),
        ("dnsbl:house", "clear"),
    }
