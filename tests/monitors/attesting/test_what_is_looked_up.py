"""Which lists are left to people, what may be seen there, and how an operator's mistake is told."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from monitors import checks
from monitors.catalogue import CatalogueRefused, load
from monitors.probes.entry import About, Blocklist, Kind
from monitors.probes.reading import Severity
from tests.monitors.attesting.conftest import AOL, MAPS, ROKSO

REGISTER = '[[blocklist]]\nid = "trade"\nkind = "attested"\n'


@pytest.fixture
def lists(tmp_path: Path, settings: Settings) -> Path:
    settings.BLOCKLISTS, settings.BLOCKLIST_KEYS = tmp_path / "lists.toml", {}
    return tmp_path / "lists.toml"


def one(path: Path, text: str) -> Blocklist:
    path.write_text(text)
    return next(entry for entry in load(path, {}) if entry.id == "trade")


def test_a_register_without_a_zone_is_always_left_to_people_and_a_keyed_list_only_without_its_key(
    settings: Settings,
) -> None:
    settings.BLOCKLISTS, settings.BLOCKLIST_KEYS = None, {}
    assert set(checks.attested()) == {MAPS, AOL, ROKSO}
    settings.BLOCKLIST_KEYS = {"trendmicro-ers-standard": "abcdef123"}
    assert set(checks.attested()) == {AOL, ROKSO}
    assert "dnsbl:trendmicro-ers-standard" in checks.asked()


def test_only_leaves_them_all_out_unless_they_are_named(lists: Path) -> None:
    lists.write_text('only = true\n[[blocklist]]\nid = "spamcop"\n[[blocklist]]\nid = "spamhaus-rokso"\n')
    assert set(checks.attested()) == {ROKSO}
    assert checks.checks_of_vendor() == (ROKSO,)


def test_a_person_s_look_lasts_as_long_as_the_entry_says(settings: Settings) -> None:
    settings.BLOCKLISTS, settings.BLOCKLIST_KEYS = None, {}
    assert [checks.interval_of(one).days for one in (MAPS, AOL, ROKSO)] == [7, 7, 30]


def test_every_built_in_entry_for_people_says_where_to_look_and_what_may_be_seen() -> None:
    for entry in load(None, {}):
        if entry.kind is Kind.ATTESTED or entry.id in MAPS:
            assert entry.lookup.startswith("https://"), entry.id
            assert {code.severity for code in entry.outcomes.values()} >= {Severity.NONE, Severity.HALT}, entry.id


def test_an_entry_without_outcomes_has_two(lists: Path) -> None:
    entry = one(lists, f'{REGISTER}severity = "warn"\n')
    assert (entry.about, entry.attest_for) == (About.NAMES, timedelta(days=7))
    assert {name: code.severity for name, code in entry.outcomes.items()} == {"none": "none", "negative": "warn"}


def test_a_register_of_addresses_is_looked_up_for_each_server(lists: Path) -> None:
    one(lists, f'only = true\n{REGISTER}about = "address"\n')
    assert checks.checks_of_vendor() == ()
    assert "attested:trade" in checks.checks_of_server(checks.address_of("203.0.113.5"))
    assert "attested:trade" not in checks.checks_of_server(checks.address_of("2001:db8::5"))


def test_another_thing_to_type_is_another_catalogue(lists: Path, settings: Settings) -> None:
    one(lists, f"only = true\n{REGISTER}")
    before = checks.fingerprint()
    settings.BLOCKLISTS = lists.with_name("other.toml")
    one(settings.BLOCKLISTS, f'only = true\n{REGISTER}about = "address"\n')
    assert checks.fingerprint() != before


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('outcomes = { fine = { meaning = "fine", severity = "none" } }', "one at least must not"),
        ('outcomes = { bad = "bad" }', "one at least must clear"),
        ('outcomes = { "Not Nice" = "bad", ok = { meaning = "ok", severity = "none" } }', "is no name of an outcome"),
        ('outcomes = { not_checked = "x", ok = { meaning = "ok", severity = "none" } }', "is no name of an outcome"),
        ('outcomes = { bad = "", ok = { meaning = "ok", severity = "none" } }', "it is empty"),
        ('outcomes = { bad = { meaning = "bad", sevrity = "halt" } }', "Did you mean severity"),
        ("attest_days = 0", "whole number from 1 to 90"),
        ('about = "phone"', "address, names, domains"),
    ],
)
def test_a_mistake_is_told_by_entry_and_field(lists: Path, text: str, sentence: str) -> None:
    with pytest.raises(CatalogueRefused, match=sentence) as refused:
        one(lists, f"{REGISTER}{text}\n")
    assert 'blocklist "trade"' in str(refused.value)


def test_a_dns_list_is_looked_up_by_address(lists: Path) -> None:
    with pytest.raises(CatalogueRefused, match="looked up by address"):
        one(lists, '[[blocklist]]\nid = "trade"\nzone = "bl.example.org"\nabout = "names"\n')
