"""Home computers and hijacked ones: what the readings of one server amount to."""

from collections.abc import Mapping

import pytest

from monitors.probes.machine import Kind, suspect, suspect_domain
from monitors.probes.reading import Reading, Severity, Verdict

HOME, HIJACKED = "home", "hijacked"
SIGNS = {
    ("spamhaus-zen", "127.0.0.2"): "",
    **{("spamhaus-zen", f"127.0.0.{last}"): HIJACKED for last in (4, 5, 6, 7, 9, 30)},
    **{("spamhaus-zen", f"127.0.0.{last}"): HOME for last in (10, 11)},
    ("spamrats", "127.0.0.36"): HOME,
    ("trendmicro-dul", "any"): HOME,
    ("abusix-combined", "127.0.0.11-127.0.0.12"): HOME,
    ("abusix-combined", "127.0.0.4"): HIJACKED,
    ("dronebl", "127.0.0.8"): HIJACKED,
    ("open", "127.0.x.3"): HIJACKED,
    ("surbl", "128"): HIJACKED,
    ("surbl", "8"): "",
}


def listed(*codes: str) -> Reading:
    meanings = tuple(f"meaning of {code}" for code in codes)
    return Reading(Verdict.ADVERSE, "listed", Severity.HALT, "Listed.", codes=codes, meanings=meanings)


CLEAN = Reading(Verdict.CLEAR, "clean", Severity.NONE, "Not listed.")
BLIND = Reading(Verdict.UNKNOWN, "timeout", Severity.NONE, "No answer.")
NAMED = Reading(Verdict.CLEAR, "pass", Severity.NONE, "It has a name.")
MACHINE_MADE = Reading(
    Verdict.CLEAR,
    "pass",
    Severity.NONE,
    "It has a name.",
    codes=("warn_many_ptr", "warn_generic"),
    meanings=("It has 2.", "203-0-113-5.dyn.isp.example looks like a machine-made name."),
)


def kinds(lists: Mapping[str, Reading], reverse: Reading | None = NAMED) -> list[tuple[str, bool]]:
    found = suspect("203.0.113.5", lists, reverse, SIGNS)
    assert all(one.clause == "R9" and one.witnesses for one in found)
    return [(str(one.kind), one.is_borne_out) for one in found]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("spamhaus-zen", "127.0.0.10"),
        ("spamhaus-zen", "127.0.0.11"),
        ("spamrats", "127.0.0.36"),
        ("trendmicro-dul", "127.0.0.2"),
        ("abusix-combined", "127.0.0.11"),
        ("abusix-combined", "127.0.0.12"),
    ],
)
def test_a_home_computer_takes_two_witnesses(name: str, code: str) -> None:
    assert kinds({name: listed(code)}, MACHINE_MADE) == [("home", True)]
    assert kinds({name: listed(code)}) == [("home", False)]
    assert kinds({name: CLEAN}, MACHINE_MADE) == [("home", False)]
    assert kinds({name: CLEAN}) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [("spamhaus-zen", f"127.0.0.{last}") for last in (4, 5, 6, 7, 9, 30)]
    + [("dronebl", "127.0.0.8"), ("abusix-combined", "127.0.0.4"), ("open", "127.0.7.3")],
)
def test_a_hijacked_machine_takes_one(name: str, code: str) -> None:
    assert kinds({name: listed(code)}) == [("hijacked", True)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("spamhaus-zen", "127.0.0.2"),
        ("spamhaus-zen", "127.0.0.99"),
        ("spamcop", "127.0.0.4"),
        ("dronebl", "127.0.0.10"),
    ],
)
def test_other_codes_and_other_lists_say_nothing_of_the_machine(name: str, code: str) -> None:
    assert kinds({name: listed(code)}) == []


def test_both_may_be_so_and_the_graver_comes_first() -> None:
    assert kinds({"spamhaus-zen": listed("127.0.0.10", "127.0.0.4")}, MACHINE_MADE) == [
        ("hijacked", True),
        ("home", True),
    ]


def test_a_list_that_was_not_seen_witnesses_nothing_and_is_named() -> None:
    assert kinds({"spamhaus-zen": BLIND}) == []
    (one,) = suspect("203.0.113.5", {"spamhaus-zen": BLIND}, MACHINE_MADE, {("spamhaus-zen", "127.0.0.10"): HOME})
    assert one.sentence == (
        "One sign, not two, of a home computer at 203.0.113.5: 203-0-113-5.dyn.isp.example looks like a machine-made "
        "name. For a conclusion it takes both; of spamhaus-zen we do not know."
    )


def test_one_sign_is_shown_as_one() -> None:
    (one,) = suspect("203.0.113.5", {"spamhaus-zen": CLEAN}, MACHINE_MADE, {("spamhaus-zen", "127.0.0.10"): HOME})
    assert one.sentence.endswith("no list of home networks that we asked has it.")
    (one,) = suspect("203.0.113.5", {"spamrats": listed("127.0.0.36")}, None, SIGNS)
    assert one.sentence.startswith("One sign, not two, of a home computer at 203.0.113.5: meaning of 127.0.0.36")
    assert one.sentence.endswith("its reverse name was not seen.")


def test_a_server_without_a_name_has_none_that_a_machine_made() -> None:
    nameless = Reading(Verdict.ADVERSE, "fail_no_ptr", Severity.WARN, "It has no reverse name.")
    (one,) = suspect("203.0.113.5", {"spamrats": listed("127.0.0.36")}, nameless, SIGNS)
    assert one.sentence.endswith("it has no reverse name.")


def test_two_lists_are_one_kind_of_sign() -> None:
    lists = {"spamrats": listed("127.0.0.36"), "spamhaus-zen": listed("127.0.0.10")}
    (one,) = suspect("203.0.113.5", lists, NAMED, SIGNS)
    assert not one.is_borne_out
    assert one.sentence.startswith("One kind of sign, not two, of a home computer")
    assert one.sentence.endswith("its reverse name is not machine-made.")


def test_the_witnesses_are_named() -> None:
    (one,) = suspect("203.0.113.5", {"spamhaus-zen": listed("127.0.0.10")}, MACHINE_MADE, SIGNS)
    assert [(witness.check, witness.code) for witness in one.witnesses] == [
        ("fcrdns", "warn_generic"),
        ("dnsbl:spamhaus-zen", "127.0.0.10"),
    ]
    assert "Send from a server with an address of its own" in one.sentence


def test_a_cracked_website_is_one_of_a_domain() -> None:
    (one,) = suspect_domain("acme.example", {"surbl": listed("127.0.0.8", "127.0.0.128")}, SIGNS)
    assert one.kind is Kind.HIJACKED_WEBSITE
    assert [witness.code for witness in one.witnesses] == ["127.0.0.128"]
    assert suspect_domain("acme.example", {"surbl": listed("127.0.0.8")}, SIGNS) == ()
