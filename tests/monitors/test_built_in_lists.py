"""The lists that are built in: each as its operator documents it, and what must never be asked."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from monitors.catalogue import BUILT_IN, Blocklist, CatalogueRefused, known, load
from monitors.probes.blocklist import judge_answer
from monitors.probes.entry import Kind
from monitors.probes.reading import Severity
from tests.monitors.fakes import answer


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    return tmp_path / "lists.toml"


def test_the_four_lists_of_the_policy_come_first() -> None:
    entries = load(None, {})
    assert [entry.policy_name for entry in entries[:4]] == ["Spamhaus", "SpamCop", "MAPS", "AOL"]
    assert {entry.clause for entry in entries} == {"R5"}


def test_only_the_lists_of_the_policy_can_halt() -> None:
    for entry in known(None, {}):
        gravest = Severity.worst(*(code.severity for code in entry.codes.values()))
        # ERS's quick list is made for answers that defer, and clears within hours.
        may_halt = bool(entry.policy_name) and entry.id != "trendmicro-ers-quick"
        assert (gravest is Severity.HALT) == may_halt, entry.id


# Reference, section 3: id -> (targets, mode, all its codes, positive test entries, negative ones).
V4, V6, BOTH, NAMES = ("ipv4",), ("ipv6",), ("ipv4", "ipv6"), ("domain",)
TWO, ONE = ("127.0.0.2",), ("127.0.0.1",)
SHAPES = {
    "spamhaus-zen": (BOTH, "exact", "2 3 4 5 6 7 9 10 11 30", TWO, ONE),
    "spamcop": (V4, "exact", "2", TWO, ONE),
    "trendmicro-ers-standard": (V4, "any-127", "any", ("0.0.0.0",), ONE),  # noqa: S104 (a test entry)
    "yahoo-aol": (V4, "any-127", "any", TWO, ONE),
    "spamhaus-rokso": (V4, "any-127", "any", TWO, ONE),  # a register of names: nobody asks it over DNS
    "spamhaus-dbl": (NAMES, "exact", "1.2 1.4 1.5 1.6 1.102 1.103 1.104 1.105 1.106", ("dbltest.com",), ("invalid",)),
    "spamhaus-zrd": (NAMES, "range", "127.0.2.2-127.0.2.24", ("test",), ("invalid",)),
    "trendmicro-ers-quick": (V4, "any-127", "any", ("0.0.0.0",), ONE),  # noqa: S104
    "psbl": (V4, "exact", "2", TWO, ONE),
    "mailspike-bl": (V4, "exact", "2 10 11 12", TWO, ONE),
    "dronebl": (BOTH, "exact", "1 2 3 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 255", TWO, ONE),
    "sem-black": (V4, "exact", "2", TWO, ONE),
    "uceprotect-1": (V4, "exact", "2", TWO, ONE),
    "gbudb-truncate": (V4, "exact", "2", TWO, ONE),
    "surbl-multi": (NAMES, "bits", "bit 4 8 16 32 64 128", ("test.surbl.org",), ("invalid",)),
    "uribl-multi": (NAMES, "bits", "bit 2 4 8", ("test.uribl.com",), ("invalid",)),
    "sem-uri": (NAMES, "bits", "bit 2", ("_DNSBL_.test",), ("_DNSBLNEG_.test",)),
    "barracuda": (V4, "exact", "2", TWO, ONE),
    "validity-rpbl": (V4, "bits", "bit 1 2 4 8 16", TWO, ONE),
    "abusix-combined": (
        *(BOTH, "exact", "2 3 4 11 12 200"),
        *((*TWO, "::ffff:127.0.0.2"), (*ONE, "::ffff:127.0.0.1")),
    ),
    "abusix-dblack": (NAMES, "exact", "1.1 1.2 1.3", ("anything.test",), ("invalid",)),
    "mailspike-rep": (V4, "exact", "10 11 12 13 14 15 16 17 18 19 20", TWO, ONE),
    "sem-ipv6": (V6, "exact", "2", ("::ffff:127.0.0.2",), ("::ffff:127.0.0.1",)),
    "spamrats": (V4, "exact", "36 37 38 43", TWO, ONE),
    "blocklist-de": (V4, "any-127", "any", TWO, ONE),
    "s5h-all": (BOTH, "exact", "2", TWO, ONE),
    "uceprotect-2": (V4, "exact", "2", TWO, ONE),
    "uceprotect-3": (V4, "exact", "2", TWO, ONE),
    "dnswl": (BOTH, "special", "x.0 x.1 x.2 x.3", TWO, ONE),
}
ASKED = (
    *("spamhaus-zen", "spamcop", "trendmicro-ers-standard", "yahoo-aol", "spamhaus-rokso", "spamhaus-dbl", "psbl"),
    *("mailspike-bl", "dronebl", "sem-black", "uceprotect-1", "gbudb-truncate"),
    *("surbl-multi", "uribl-multi", "sem-uri"),
)


def test_every_list_of_the_reference_is_there_in_its_order() -> None:
    assert [entry.id for entry in known(None, {})] == list(SHAPES)


@pytest.mark.parametrize("name", SHAPES)
def test_each_list_is_read_in_its_own_way_and_has_its_own_test_entries(name: str) -> None:
    entry = _built_in(name)
    targets, mode, codes, positive, negative = SHAPES[name]
    assert (entry.targets, entry.mode, entry.positive, entry.negative) == (targets, mode, positive, negative)
    assert set(entry.codes) == {_code(part, codes) for part in codes.split() if part != "bit"}


@pytest.mark.parametrize("name", SHAPES)
def test_each_list_says_where_to_look_and_on_what_terms_it_may_be_asked(name: str) -> None:
    entry = _built_in(name)
    assert entry.lookup.startswith("http")
    assert entry.usage.endswith(".")
    assert entry.family
    assert (entry.is_enabled, name in ASKED) in {(True, True), (False, False)}
    assert entry.is_enabled or entry.usage.startswith(("Off:", "Off until it has a key"))


def test_lists_outside_the_policy_are_asked_every_six_to_twenty_four_hours() -> None:
    for entry in known(None, {}):
        hours = entry.interval and entry.interval / timedelta(hours=1)
        assert hours is None if entry.policy_name else hours and 6 <= hours <= 24, entry.id


def test_every_built_in_zone_is_asked_slowly_and_not_without_end() -> None:
    for entry in known(None, {}):
        if entry.kind is Kind.DNS:
            assert entry.per_second is not None
            assert entry.daily_cap is not None
            assert 1 <= entry.per_second <= (3 if entry.family == "Spamhaus" else 2), entry.id
            assert entry.daily_cap <= entry.per_second * 86_400, entry.id
    on_one_mirror = [_built_in(name).daily_cap or 0 for name in ("spamhaus-zen", "spamhaus-dbl")]
    assert sum(on_one_mirror) < 300_000


def test_how_long_a_target_must_be_clean_is_each_list_s_own() -> None:
    hours = {entry.id: entry.cool_down / timedelta(hours=1) for entry in known(None, {})}
    assert {name for name, h in hours.items() if h == 12} == {"spamhaus-zen", "spamhaus-dbl"}
    assert set(hours.values()) == {12, 24}


def test_lists_stand_together_by_their_operator() -> None:
    families: dict[str, list[str]] = {}
    for entry in known(None, {}):
        families.setdefault(entry.family, []).append(entry.id)
    assert families["Spamhaus"] == ["spamhaus-zen", "spamhaus-rokso", "spamhaus-dbl", "spamhaus-zrd"]
    assert families["Spam Eating Monkey"] == ["sem-black", "sem-uri", "sem-ipv6"]
    assert families["PSBL"] == ["psbl"]


SIGNS = {
    "spamhaus-zen": ({"10", "11"}, {"4", "5", "6", "7", "9", "30"}),
    "dronebl": (set(), {"3", "6", "7", "8", "9", "10", "11", "14", "15", "16", "17"}),
    "surbl-multi": (set(), {"128"}),
    "validity-rpbl": (set(), {"1"}),
    "abusix-combined": ({"11", "12"}, {"4"}),
    "spamrats": ({"36"}, set()),
}


@pytest.mark.parametrize("name", SHAPES)
def test_codes_that_speak_of_a_home_or_of_a_hijacked_machine_say_so(name: str) -> None:
    entry = _built_in(name)
    for sign, octets in zip(("home", "hijacked"), SIGNS.get(name, (set(), set())), strict=True):
        assert {code.rpartition(".")[2] for code, told in entry.codes.items() if told.sign == sign} == octets


def test_the_signs_of_a_reading_are_found_by_its_codes() -> None:
    reading = judge_answer(_zen(), answer("127.0.0.2", "127.0.0.10", "127.0.0.4", "127.0.0.77"))
    assert _zen().signs(reading.codes) == {"127.0.0.10": "home", "127.0.0.4": "hijacked"}
    cracked = judge_answer(_built_in("surbl-multi"), answer("127.0.0.200"))
    assert _built_in("surbl-multi").signs(cracked.codes) == {"127.0.0.128": "hijacked"}
    assert _built_in("spamcop").signs(("127.0.0.2",)) == {}


NEVER = (
    *("dnsbl.sorbs.net", "ix.dnsbl.manitu.net", "dnsbl.ahbl.org", "dnsbl.njabl.org", "relays.ordb.org"),
    *("list.dsbl.org", "bl.spamcannibal.org", "dnsbl.inps.de", "rbl.megarbl.net", "bl.emailbasura.org"),
    *("combined.rbl.msrbl.net", "dul.ru", "ubl.unsubscore.com", "ubl.lashback.com", "cbl.abuseat.org"),
    *("dynip.rothen.com", "blackholes.five-ten-sg.com", "query.bondedsender.org", "ivmSIP.invaluement.com"),
    *("ivmSIP24.invaluement.com", "blackholes.mail-abuse.org", "rbl-plus.mail-abuse.org"),
    *("relays.osirusoft.com", "lbl.lagengymnastik.dk", "rfc-ignorant.org", "rhsbl.ahbl.org", "rhsbl.sorbs.net"),
)


@pytest.mark.parametrize("zone", NEVER)
def test_a_dead_list_can_be_asked_in_no_way(lists: Path, zone: str) -> None:
    for line in (f'zone = "{zone}"', f'zone = "sub.{zone.upper()}."', f'key_zone = "{{key}}.{zone}"'):
        assert "must not be asked any more" in refusal(lists, f'[[blocklist]]\nid = "old"\n{line}\n')


def test_zones_of_good_and_bad_answers_are_not_asked_without_codes(lists: Path) -> None:
    mixed = tomllib.loads(BUILT_IN.read_text())["mixed"]
    assert {"hostkarma.junkemailfilter.com", "list.dnswl.org", "dnsbl-3.uceprotect.net"} <= set(mixed)
    for zone, reason in mixed.items():
        sentence = refusal(lists, f'[[blocklist]]\nid = "mixed"\nzone = "{zone}"\n')
        assert f"{zone} must not be asked without: {reason}." in sentence


@pytest.mark.parametrize(
    ("name", "answered", "result"),
    [
        ("spamhaus-dbl", "127.0.1.255", "refused_by_list"),
        ("spamhaus-dbl", "127.0.1.103", "listed"),
        ("spamhaus-dbl", "127.0.0.2", "unmapped_code"),
        ("spamhaus-zrd", "127.0.2.2", "listed"),
        ("spamhaus-zrd", "127.0.2.25", "unmapped_code"),
        ("spamhaus-zrd", "127.255.255.250", "refused_by_list"),
        ("spamhaus-zen", "127.0.0.20", "unmapped_code"),
        ("uribl-multi", "127.0.0.1", "refused_by_list"),
        ("surbl-multi", "127.0.0.1", "refused_by_list"),
        ("surbl-multi", "127.0.0.254", "listed"),
        ("validity-rpbl", "127.0.0.1", "listed"),
        ("validity-rpbl", "127.255.255.255", "refused_by_list"),
        ("trendmicro-ers-standard", "127.1.0.2", "listed"),
        ("mailspike-rep", "127.0.0.13", "clean"),
        ("mailspike-rep", "127.0.0.10", "listed"),
        ("uceprotect-3", "127.0.0.2", "clean"),
        ("dnswl", "127.0.15.1", "clean"),
        ("dnswl", "127.0.10.3", "refused_by_list"),
        ("dnswl", "127.0.0.255", "refused_by_list"),
        ("dronebl", "127.0.0.2", "clean"),
    ],
)
def test_answers_mean_what_each_list_says_they_mean(name: str, answered: str, result: str) -> None:
    assert judge_answer(_built_in(name), answer(answered)).result == result


def test_an_address_asked_of_a_list_of_domains_is_told_as_our_own_fault() -> None:
    sentence = judge_answer(_built_in("spamhaus-dbl"), answer("127.0.1.255")).sentence
    assert "we asked it about an address, which is a fault of ours; please report it" in sentence


def test_maps_needs_a_key_and_aol_is_no_dns_list() -> None:
    entries = {entry.id: entry for entry in load(None, {})}
    maps, aol = entries["trendmicro-ers-standard"], entries["yahoo-aol"]
    assert (maps.is_configured, maps.zone_shown) == (False, "….r.mail-abuse.com")
    assert (aol.kind, aol.is_configured) == (Kind.ATTESTED, False)
    (keyed,) = (entry for entry in load(None, {maps.id: "ABCDEF123"}) if entry.id == maps.id)
    assert (keyed.is_configured, keyed.zone_asked) == (True, "abcdef123.r.mail-abuse.com")


@pytest.mark.parametrize("octet", [2, 3, 4, 9, 10, 11, 30])
def test_each_code_of_zen_is_known(octet: int) -> None:
    reading = judge_answer(_zen(), answer(f"127.0.0.{octet}"))
    assert (reading.result, reading.severity) == ("listed", "halt")


def test_the_unused_code_8_of_zen_is_not_taken_for_a_listing() -> None:
    assert judge_answer(_zen(), answer("127.0.0.8")).result == "unmapped_code"


def test_zen_says_why_it_refuses() -> None:
    sentence = judge_answer(_zen(), answer("127.255.255.254")).sentence
    assert sentence == (
        "Spamhaus ZEN refused to answer us (127.255.255.254): "
        "we ask through a public resolver, or through one whose reverse name is generic."
    )


def refusal(path: Path, text: str) -> str:
    path.write_text(text, "utf-8")
    with pytest.raises(CatalogueRefused) as refused:
        load(path, {})
    return str(refused.value)


def _zen() -> Blocklist:
    return load(None, {})[0]


def _built_in(name: str) -> Blocklist:
    (entry,) = (entry for entry in known(None, {}) if entry.id == name)
    return entry


def _code(part: str, codes: str) -> str:
    if codes.startswith(("bit", "any", "127.")):
        return part
    return f"127.0.{part}" if "." in part else f"127.0.0.{part}"
