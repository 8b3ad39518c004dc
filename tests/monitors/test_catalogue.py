"""The catalogue of blocklists: what an operator may say, and how a mistake is told."""

from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest

from egress.answer import Outcome
from monitors.catalogue import Blocklist, CatalogueRefused, known, load
from monitors.probes.blocklist import judge_answer
from monitors.probes.entry import Mode
from monitors.probes.reading import Severity
from tests.monitors.fakes import answer

MINIMAL = '[[blocklist]]\nid = "house"\nzone = "dnsbl.example.org"\n'


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    return tmp_path / "lists.toml"


def loaded(path: Path, text: str, **keys: str) -> dict[str, Blocklist]:
    path.write_text(text, "utf-8")
    return {entry.id: entry for entry in load(path, {name.replace("_", "-"): key for name, key in keys.items()})}


def refusal(path: Path, text: str, **keys: str) -> str:
    with pytest.raises(CatalogueRefused) as refused:
        loaded(path, text, **keys)
    return str(refused.value)


# ---- An operator's file ----


def test_an_id_and_a_zone_are_enough(lists: Path) -> None:
    house = loaded(lists, MINIMAL)["house"]
    assert (house.name, house.mode, house.clause) == ("house", Mode.ANY_127, "R5")
    assert (house.positive, house.negative, house.interval) == (("127.0.0.2",), ("127.0.0.1",), None)
    assert house.covers(IPv4Address("203.0.113.5"))
    assert not house.covers(IPv6Address("2001:db8::5"))
    listed = judge_answer(house, answer("127.8.8.8"))
    assert (listed.result, listed.severity) == ("listed", Severity.HALT)
    assert judge_answer(house, answer("127.255.255.3")).result == "refused_by_list"
    assert judge_answer(house, answer(outcome=Outcome.NXDOMAIN)).result == "clean"


def test_own_lists_come_after_the_built_in_ones(lists: Path) -> None:
    assert list(loaded(lists, MINIMAL))[-1] == "house"


def test_an_entry_with_a_built_in_id_changes_only_what_it_says(lists: Path) -> None:
    zen = loaded(lists, '[[blocklist]]\nid = "spamhaus-zen"\nzone = "Zen.Lab.Example."\n')["spamhaus-zen"]
    assert zen.zone == "zen.lab.example"
    assert zen.codes == _zen().codes
    assert zen.targets == ("ipv4", "ipv6")


def test_a_built_in_list_can_be_made_milder_in_one_line(lists: Path) -> None:
    zen = loaded(lists, '[[blocklist]]\nid = "spamhaus-zen"\nseverity = "review"\n')["spamhaus-zen"]
    assert {code.severity for code in zen.codes.values()} == {Severity.REVIEW}


def test_a_built_in_list_can_be_switched_off(lists: Path) -> None:
    entries = loaded(lists, '[[blocklist]]\nid = "dronebl"\nenabled = false\n')
    assert "dronebl" not in entries
    assert "spamhaus-zen" in entries


@pytest.mark.parametrize("line", ["", "enabled = true\n", 'severity = "info"\n'])
def test_a_built_in_list_that_is_off_is_asked_once_the_file_names_it(lists: Path, line: str) -> None:
    assert "barracuda" not in loaded(lists, "")
    entries = loaded(lists, f'[[blocklist]]\nid = "barracuda"\n{line}')
    assert entries["barracuda"].is_configured
    assert "uceprotect-3" not in entries


def test_a_key_turns_on_a_list_that_waits_for_one_unless_the_file_says_no(lists: Path) -> None:
    assert loaded(lists, "", abusix_combined="k1")["abusix-combined"].is_configured
    no = '[[blocklist]]\nid = "abusix-combined"\nenabled = false\n'
    assert "abusix-combined" not in loaded(lists, no, abusix_combined="k1")
    assert "abusix-combined" not in loaded(lists, "only = true\n", abusix_combined="k1")


def test_what_is_left_out_can_still_be_shown(lists: Path) -> None:
    lists.write_text('only = true\n[[blocklist]]\nid = "spamcop"\n')
    on = [entry.id for entry in known(lists, {}) if entry.is_enabled]
    assert (on, len(known(lists, {}))) == (["spamcop"], 29)
    assert known(None, {})[17].usage.startswith("Off: free, but the resolver's address has to be registered")


def test_limits_go_with_the_built_in_zone_and_are_the_file_s_own_for_any_that_it_names(lists: Path) -> None:
    for zone in ("zen.lab.example", "zen.spamhaus.org"):
        named = loaded(lists, f'[[blocklist]]\nid = "spamhaus-zen"\nzone = "{zone}"\n')["spamhaus-zen"]
        assert (named.per_second, named.daily_cap, named.cool_down) == (None, None, timedelta(hours=12))
    milder = loaded(lists, '[[blocklist]]\nid = "spamhaus-zen"\nseverity = "warn"\n')["spamhaus-zen"]
    assert (milder.per_second, milder.daily_cap) == (_zen().per_second, _zen().daily_cap) == (3.0, 250_000)
    own = loaded(lists, f"{MINIMAL}per_second = 0.5\ndaily_cap = 400\ncool_down_hours = 1.5\n")["house"]
    assert (own.per_second, own.daily_cap, own.cool_down) == (0.5, 400, timedelta(minutes=90))
    plain = loaded(lists, MINIMAL)["house"]
    assert (plain.per_second, plain.daily_cap, plain.cool_down) == (None, None, timedelta(hours=24))


def test_a_family_is_what_the_entry_says_else_the_policy_s_name_else_its_own(lists: Path) -> None:
    assert loaded(lists, MINIMAL)["house"].family == "house"
    assert loaded(lists, f'{MINIMAL}name = "House"\npolicy_name = "SpamCop"\n')["house"].family == "SpamCop"
    assert loaded(lists, f'{MINIMAL}policy_name = "SpamCop"\nfamily = "Ours"\n')["house"].family == "Ours"


def test_only_keeps_the_file_s_own_lists(lists: Path) -> None:
    entries = loaded(lists, f'only = true\n{MINIMAL}[[blocklist]]\nid = "spamcop"\nzone = "spamcop.lab.example"\n')
    assert list(entries) == ["spamcop", "house"]
    assert entries["spamcop"].policy_name == "SpamCop"


def test_codes_without_a_mode_are_exact(lists: Path) -> None:
    house = loaded(lists, f'{MINIMAL}codes = {{ "127.0.0.4" = "exploited" }}\n')["house"]
    assert house.mode is Mode.EXACT
    assert judge_answer(house, answer("127.0.0.5")).result == "unmapped_code"


def test_every_shape_of_list_that_we_know_of_can_be_written_down(lists: Path) -> None:
    entries = loaded(
        lists,
        """
        only = true

        [[blocklist]]
        id = "spamhaus-zrd"
        key_zone = "{key}.zrd.dq.spamhaus.net"
        targets = ["domain"]
        mode = "range"
        severity = "warn"
        codes = { "127.0.2.2-127.0.2.24" = "first seen within hours" }
        errors = ["127.255.255.250", "127.255.255.251"]
        positive = "test.example"

        [[blocklist]]
        id = "surbl-multi"
        zone = "multi.surbl.org"
        targets = "domain"
        mode = "bits"
        refused = 1
        positive = "test.surbl.org"
        [blocklist.codes]
        8 = { meaning = "phishing", severity = "halt" }
        64 = { meaning = "abuse", severity = "warn" }
        128 = { meaning = "cracked site", severity = "review" }

        [[blocklist]]
        id = "sem-uri"
        zone = "uribl.spameatingmonkey.net"
        targets = ["domain"]
        mode = "bits"
        severity = "info"
        codes = { 2 = "in unwanted mail" }
        positive = "_DNSBL_.test"
        negative = "_DNSBLNEG_.test"

        [[blocklist]]
        id = "sem-ipv6"
        zone = "bl.ipv6.spameatingmonkey.net"
        targets = ["ipv6"]
        codes = { "127.0.0.2" = { meaning = "trap", severity = "info" } }

        [[blocklist]]
        id = "abusix-combined"
        key_zone = "{key}.combined.mail.abusix.zone"
        targets = ["ipv4", "ipv6"]
        severity = "warn"
        codes = { "127.0.0.2" = "spam trap", "127.0.0.200" = "by hand" }
        positive = ["127.0.0.2", "::FFFF:7F00:2"]

        [[blocklist]]
        id = "dnswl"
        zone = "list.dnswl.org"
        targets = ["ipv4", "ipv6"]
        mode = "special"
        severity = "none"
        codes = { "127.0.x.0" = "no", "127.0.x.1" = "low", "127.0.x.2" = "medium", "127.0.x.3" = "high" }
        errors = { "127.0.0.255" = "too many questions", "127.0.10.x" = "too many questions" }

        [[blocklist]]
        id = "hostkarma"
        zone = "hostkarma.junkemailfilter.com"
        codes = { "127.0.0.1" = { meaning = "white", severity = "none" }, "127.0.0.2" = "black" }
        negative = []
        interval_seconds = 3600
        delisting = "by form"
        usage = "any"
        clause = "R5"
        """,
    )
    assert len(entries) == 7
    assert entries["sem-ipv6"].positive == ("::ffff:127.0.0.2",)
    assert entries["dnswl"].codes["127.0.x.3"].severity is Severity.NONE
    assert judge_answer(entries["surbl-multi"], answer("127.0.0.254")).severity is Severity.HALT
    assert judge_answer(entries["dnswl"], answer("127.0.10.3")).result == "refused_by_list"
    assert (entries["hostkarma"].negative, entries["hostkarma"].interval) == ((), timedelta(hours=1))


# ---- Keys ----


def test_a_key_goes_into_the_key_zone_and_into_nothing_that_is_shown() -> None:
    (zen,) = (entry for entry in load(None, {"spamhaus-zen": "SfdsfdXyzzy42"}) if entry.id == "spamhaus-zen")
    assert zen.zone_asked == "sfdsfdxyzzy42.zen.dq.spamhaus.net"
    assert zen.zone_shown == "….zen.dq.spamhaus.net"
    assert "xyzzy" not in repr(zen).lower()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            {"spamhaus_zn": "k1"},
            'SLUICE_BLOCKLIST_KEYS has a key for "spamhaus-zn", and there is no such list.',
        ),
        ({"spamcop": "k1"}, "has no key_zone to use it in"),
        ({"spamhaus_zen": "hush.hush"}, "1 to 63 letters, digits and hyphens"),
    ],
)
def test_a_key_that_cannot_be_used_is_refused_and_not_repeated(lists: Path, keys: dict[str, str], said: str) -> None:
    sentence = refusal(lists, "", **keys)
    assert said in sentence
    assert "hush" not in sentence


# ---- Mistakes ----


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('zoen = "x"', "zoen: there is no such field. Did you mean zone?"),
        ('colour = "x"', "colour: there is no such field. Write one of: id,"),
        ('targets = ["ipv5"]', "targets: ['ipv5'] is not known."),
        ('targets = ["ipv4", "domain"]', 'or "domain" alone'),
        ("targets = []", "targets: [] is not known."),
        ('mode = "some"', 'mode: "some" is not known. Write one of: exact, range, special, bits, any-127.'),
        ('severity = "awful"', 'severity: "awful" is not known. Write one of: halt,'),
        ('mode = "exact"', "codes: mode exact needs a table of codes."),
        ('codes = { "127.0.0.2" = "" }', "codes, 127.0.0.2, meaning: it is empty."),
        ('codes = { "127.0.0.2" = 7 }', "codes, 127.0.0.2, meaning: 7 is not a text."),
        ('codes = { "127.0.0.2" = { meaning = "x", gravity = 1 } }', "gravity: there is no such field."),
        ('codes = { "10.0.0.2" = "x" }', 'codes: "10.0.0.2" is not a code of mode exact.'),
        ('codes = { "127.255.255.9" = "x" }', 'codes: "127.255.255.9" is not a code of mode exact.'),
        ('mode = "bits"\ncodes = { 3 = "x" }', 'codes: "3" is not a code of mode bits.'),
        ('mode = "range"\ncodes = { "127.0.0.9-127.0.0.2" = "x" }', "is not a code of mode range."),
        ('mode = "special"\ncodes = { "x.0.0.2" = "x" }', "is not a code of mode special."),
        ('mode = "any-127"\ncodes = { "127.0.0.2" = "x" }', "is not a code of mode any-127."),
        ('errors = ["never"]', 'errors: "never" is not an answer of a list.'),
        ("refused = 1", 'refused: it goes with mode = "bits" only.'),
        ("refused = 256", "refused: 256 is not a whole number from 0 to 255."),
        ("interval_seconds = true", "interval_seconds: True is not a whole number"),
        ('enabled = "no"', "enabled: 'no' is neither true nor false."),
        ("positive = []", "positive: a list without a test entry can never be called clear."),
        ('positive = "test"', 'positive: "test" is not an address'),
        ('targets = "domain"\npositive = "127.0.0.2"', 'positive: "127.0.0.2" is not the name of a domain'),
        ('kind = "attested"', "kind: an attested list has no zone."),
        ('key_zone = "zen.example.net"', 'key_zone: "zen.example.net" does not say where the key goes.'),
        ('name = ["a"]', "name: ['a'] is not a text."),
        ("per_second = 0", "per_second: 0 is not a number from 0.001 to 1,000."),
        ('per_second = "1"', "per_second: '1' is not a number"),
        ("per_second = true", "per_second: True is not a number"),
        ("per_second = nan", "per_second: nan is not a number"),
        ("per_second = inf", "per_second: inf is not a number"),
        ("daily_cap = 0", "daily_cap: 0 is not a whole number from 1 to 100,000,000."),
        ("daily_cap = 1.5", "daily_cap: 1.5 is not a whole number"),
        ("cool_down_hours = -1", "cool_down_hours: -1 is not a number from 0 to 720."),
        ("cool_down_hours = 721", "cool_down_hours: 721 is not a number"),
        ("registrable = true", 'registrable: it goes with targets = ["domain"] only.'),
        ('registrable = "yes"', "registrable: 'yes' is neither true nor false."),
        (
            'codes = { "127.0.0.2" = { meaning = "x", sign = "house" } }',
            'sign: "house" is not known. Write one of: home,',
        ),
        ("family = 7", "family: 7 is not a text."),
    ],
)
def test_a_mistake_is_told_by_file_entry_and_field_with_what_to_do(lists: Path, line: str, said: str) -> None:
    sentence = refusal(lists, MINIMAL + line)
    assert sentence.startswith('lists.toml, blocklist "house", ')
    assert said in sentence
    assert sentence.endswith((".", "?"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[blocklist]]\nzone = "x.example"', 'lists.toml, an entry, id: "" is not an id.'),
        ('[[blocklist]]\nid = "A b"', '"A b" is not an id.'),
        ('[[blocklist]]\nid = "house"', 'blocklist "house", zone: it is missing.'),
        ('[[blocklist]]\nid = "house"\nzone = "{key}.x.example"', "goes under key_zone."),
        ('[[blocklist]]\nid = "house"\nzone = "not a zone"', '"not a zone" is not a zone.'),
        (f'[[blocklist]]\nid = "house"\nzone = "{"a." * 95}b"', "at most 189 characters"),
        (MINIMAL * 2, 'blocklist "house", id: it is there twice.'),
        ('[blocklist]\nid = "house"', "write [[blocklist]], in double brackets"),
        ("onyl = true", "lists.toml, onyl: there is no such field. Did you mean only?"),
        ("id = ", "lists.toml is not TOML: Invalid value (at end of document)"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(lists: Path, text: str, said: str) -> None:
    assert said in refusal(lists, text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueRefused, match=r"none\.toml cannot be read: No such file or directory\. Set SLUICE_"):
        load(tmp_path / "none.toml", {})


@pytest.mark.parametrize(
    ("zone", "reason"),
    [
        ("dnsbl.sorbs.net", "emptied on 5 June 2024"),
        ("spam.dnsbl.sorbs.net", "emptied on 5 June 2024"),
        ("ivmSIP.invaluement.com", "lists the whole world"),
        ("cbl.abuseat.org", "part of Spamhaus ZEN"),
    ],
)
def test_a_retired_zone_is_refused_with_the_reason(lists: Path, zone: str, reason: str) -> None:
    sentence = refusal(lists, f'[[blocklist]]\nid = "old"\nzone = "{zone}"\n')
    assert sentence.startswith('lists.toml, blocklist "old", zone: ')
    assert "must not be asked any more" in sentence
    assert reason in sentence


def test_an_allow_list_cannot_be_taken_for_a_blocklist_by_leaving_out_its_codes(lists: Path) -> None:
    sentence = refusal(lists, '[[blocklist]]\nid = "good"\nzone = "list.dnswl.org"\n')
    assert "list.dnswl.org must not be asked without: it is an allow list." in sentence


def _zen() -> Blocklist:
    return load(None, {})[0]
