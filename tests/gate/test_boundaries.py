"""What does not shut the gate, and where each reason begins and ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gate.clearance import State
from gate.standing import (
    Amendment,
    Approval,
    Blind,
    Condition,
    Order,
    Server,
    Standing,
)
from tests.gate.standings import (
    ACCEPTED,
    CLEARED,
    DAY,
    FAULT,
    HOUR,
    MTA1,
    MTA2,
    NOON,
    SERVERS,
    TODAY,
    TWO_HALTED,
    WAIVER,
    approval,
    asked,
    letter,
    source,
)

OPEN: dict[str, tuple[Standing, dict[str, Any], State, str, str]] = {
    # id and case: standing, what is asked about, state, the sentence begins, the cure has
    "expires_soon": (
        letter(valid_until=NOON + 30 * DAY), {}, State.WAIT,
        "Written acceptance A-2026-0012 ends on 21 Dec 2026, 12:00 UTC.", "unless a renewed Exhibit A is accepted",
    ),
    "condition_due": (
        letter(conditions=(Condition("Show the contract.", TODAY - DAY),)), {}, State.WAIT,
        "A condition of A-2026-0012 was due on 20 Nov 2026: Show the contract.", "Harrow & Lyle judges",
    ),
    "policy_changes": (
        replace(CLEARED, amendments=(Amendment(2, NOON + DAY, ("R5",)),)), {}, State.WAIT,
        "Version 2 of the policy counts from 22 Nov 2026, 12:00 UTC. It changes R5.", "unless the vendor has agreed",
    ),
    "contact_warning": (
        replace(CLEARED, people=(replace(CLEARED.people[0], warnings=("Theo Marsh has no telephone.",)),)), {},
        State.WAIT,
        "Theo Marsh has no telephone.", "may reach nobody",
    ),
    "halt_order": (
        replace(CLEARED, orders=TWO_HALTED[:1]), {}, State.WAIT,
        f"Halt order H-2026-0000 stops all mail from mta1.alder.example ({MTA1}).", "lifts it in writing",
    ),
    "bad_standing": (replace(CLEARED, faults=(FAULT,)), {}, State.WAIT, f"{MTA1} is on the blocklist", "clear again"),
    "fault": (
        replace(CLEARED, faults=(replace(FAULT, is_halting=False, clause="R7"),)), {"server": MTA1}, State.WAIT,
        f"{MTA1} is on", "not grave enough",
    ),
    "fault, judged by a person": (
        replace(CLEARED, faults=(replace(FAULT, is_judged=True),)), {"server": MTA1}, State.WAIT, f"{MTA1} is on",
        "its order was lifted while the fault was seen",
    ),
    "servers_not_accepted": (
        replace(CLEARED, servers=(*SERVERS, *(Server(f"192.0.2.{n}") for n in range(5)))), {}, State.WAIT,
        "On file, but not among the servers that A-2026-0012 accepts: 192.0.2.0, 192.0.2.1, 192.0.2.2 and 2 more.",
        "Nothing may be mailed from such a server",
    ),
    "server_not_watched": (
        CLEARED, {"server": "198.51.100.9"}, State.UNKNOWN,
        "198.51.100.9 lies in an accepted network, but is not on file: we do not watch it.", "it is on file",
    ),
    "not_seen": (
        replace(CLEARED, blind=(Blind("Quarry", frozenset({MTA1, MTA2}), NOON - HOUR),)), {}, State.UNKNOWN,
        "Quarry gives no usable answer for 2 servers.", "no fault of the vendor",
    ),
    "not_seen, of one server": (
        replace(CLEARED, blind=(Blind("Quarry", frozenset({MTA1, MTA2}), NOON - HOUR),)), {"server": MTA1},
        State.UNKNOWN,
        f"Quarry gives no usable answer for mta1.alder.example ({MTA1}).", "our blindness",
    ),
    "not_seen, never looked at": (
        replace(CLEARED, blind=(Blind("", frozenset({MTA1}), NOON - HOUR),)), {}, State.UNKNOWN,
        "Nothing has looked at 1 server yet.", "our delay",
    ),
    "source_uncovered": (
        source(501), {}, State.WAIT, "Source Web-2 has 501 new addresses", "Nothing may be mailed to this source",
    ),
    "header_approval_revoked": (
        replace(
            approval(TODAY - DAY, TODAY + DAY, NOON - HOUR),
            accepted=replace(ACCEPTED, headers=frozenset({"news@harrowlyle.example"})),
        ),
        {}, State.WAIT, "Approval N-2026-0003 of harrowlyle.example was revoked. Misused.",
        "Nothing may be mailed with harrowlyle.example in its headers; other mail is not touched. Opens when the IT",
    ),
    "source_waiver_ended": (
        source(conditions=(("B-2026-0003", WAIVER),)), {}, State.WAIT, "A waiver of B-2026-0003 for source Web-2 ended",
        "Nothing may be mailed to this source; others are not touched.",
    ),
    "source_condition_due": (
        source(conditions=(("B-2026-0003", replace(WAIVER, is_waiver=False)),)), {"source": "web-2"}, State.WAIT,
        "A condition of B-2026-0003 for source Web-2 was due on 20 Nov 2026", "Harrow & Lyle judges",
    ),
    "source_unknown": (
        CLEARED, {"source": "web-9"}, State.WAIT,
        "Nothing was declared for source web-9, and no letter lists it. Up to 500 new addresses of it may be mailed",
        "has declared how many addresses",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OPEN)
def test_what_needs_a_person_or_cannot_be_seen_is_said_and_does_not_shut(case: str) -> None:
    standing, about, state, sentence, cure = OPEN[case]
    answer = asked(standing, **about)
    assert answer.is_open
    [reason] = answer.reasons
    assert (reason.id, reason.state) == (case.partition(",")[0], state)
    assert reason.sentence.startswith(sentence)
    assert cure in reason.cure


@pytest.mark.parametrize(
    ("about", "ident"),
    [
        ({"server": MTA1}, "server_accepted"),
        ({"header": "alder.example"}, "header_accepted"),
        ({"header": "bounce+77=birch.example@alder.example"}, "header_accepted"),
        ({"header": "b77@bounces.example"}, "header_accepted"),
        ({"header": "bounces.example"}, "header_accepted"),
        ({"header": "bounce@post.example.net"}, "header_accepted"),
        ({"header": "post.example.net"}, "header_accepted"),
        ({"source": "web-1"}, "source_covered"),
    ],
)
def test_what_the_letter_lists_is_met(about: dict[str, Any], ident: str) -> None:
    answer = asked(**about)
    assert answer.is_open
    assert ident in [one.id for one in answer.met]


@pytest.mark.parametrize(
    ("counts", "is_open"),
    [((499,), True), ((500,), True), ((501,), False), ((499, 1), True), ((499, 2), False), ((499, 499), False)],
)
def test_five_hundred_new_addresses_are_open_and_one_more_is_not(counts: tuple[int, ...], is_open: bool) -> None:
    assert asked(source(*counts), source="web-2").is_open is is_open


def test_the_threshold_is_the_policys_and_not_ours() -> None:
    assert not asked(replace(source(250), threshold=249), source="web-2").is_open
    assert asked(replace(source(250), threshold=250), source="web-2").is_open


def test_an_address_of_an_accepted_network_is_accepted() -> None:
    assert asked(server="198.51.100.15").is_open
    assert not asked(server="198.51.100.16").is_open


@pytest.mark.parametrize(("day", "is_open"), [(-1, False), (0, True), (4, True), (5, False)])
def test_an_approval_counts_from_its_first_day_to_the_end_of_its_last(day: int, is_open: bool) -> None:
    standing = approval(TODAY, TODAY + 4 * DAY)
    for hour in (0, 23):
        at = datetime(2026, 11, 21, hour, 59, tzinfo=UTC) + day * DAY
        assert asked(standing, at, header="news@harrowlyle.example").is_open is is_open


def test_a_later_approval_speaks_for_one_that_was_revoked() -> None:
    standing = approval(TODAY, TODAY, NOON - HOUR)
    later = Approval("N-2026-0004", "harrowlyle.example", TODAY, TODAY + DAY)
    assert asked(replace(standing, approvals=(*standing.approvals, later)), header="harrowlyle.example").is_open


def test_a_name_that_only_ends_like_the_advertisers_is_not_the_advertisers() -> None:
    assert asked(header="notharrowlyle.example").has("header_not_accepted")


def test_a_lapse_begins_with_the_moment_of_the_version_and_not_before() -> None:
    standing = replace(CLEARED, amendments=(Amendment(2, NOON),))
    assert asked(standing, NOON - timedelta(microseconds=1)).is_open
    assert not asked(standing, NOON).is_open
    assert asked(replace(standing, agreed=2), NOON).is_open


def test_an_order_for_another_server_says_nothing_of_this_one() -> None:
    assert asked(replace(CLEARED, orders=TWO_HALTED[:1], faults=(FAULT,)), server=MTA2).reasons == ()


def test_one_server_left_keeps_the_vendor_open_and_names_the_others() -> None:
    answer = asked(replace(CLEARED, orders=TWO_HALTED))  # the network 198.51.100.0/28 is left
    assert answer.is_open
    assert [one.only for one in answer.reasons] == [one.name for one in SERVERS]


def test_several_things_at_once_are_open_only_together() -> None:
    about: dict[str, Any] = {"server": MTA1, "header": "alder.example", "source": "web-1"}
    assert asked(**about).is_open
    for field, foreign in (("server", "192.0.2.99"), ("header", "birch.example")):
        assert not asked(**about | {field: foreign}).is_open


def test_the_worst_comes_first_and_then_the_oldest() -> None:
    standing = replace(
        letter(state="suspended", changed_at=NOON - DAY),
        orders=(Order("H-2026-0002", NOON), Order("H-2026-0001", NOON - HOUR)),
        faults=(replace(FAULT, is_halting=False),),
        blind=(Blind("Quarry", frozenset({MTA1}), NOON - HOUR),),
    )
    answer = asked(standing)
    assert [one.ref or one.id for one in answer.reasons] == [
        "H-2026-0001", "H-2026-0002", "A-2026-0012", "Quarry", "F-2031",
    ]  # fmt: skip
    assert answer.since == NOON - DAY
