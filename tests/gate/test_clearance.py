"""The rules of the gate, over plain values: each reason once, each boundary, and the laws that hold for all of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.clearance import Clearance, State, Subject, decide
from gate.standing import (
    Accepted,
    Amendment,
    Application,
    Approval,
    Awaiting,
    Blind,
    Condition,
    Fault,
    Order,
    Person,
    Server,
    Source,
    Standing,
)

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TODAY = NOON.date()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MTA1, MTA2 = "203.0.113.11", "203.0.113.12"

ACCEPTED = Accepted(
    number="A-2026-0012",
    state="received",
    issued_at=NOON - 30 * DAY,
    valid_until=NOON + 335 * DAY,
    changed_at=NOON - 29 * DAY,
    networks=(ip_network(f"{MTA1}/32"), ip_network(f"{MTA2}/32"), ip_network("198.51.100.0/28")),
    domains=frozenset({"alder.example"}),
    headers=frozenset(
        {"news@alder.example", "bounce@post.example.net", "bounce+{to}@alder.example", "{any}@bounces.example"}
    ),
    sources=frozenset({"web-1"}),
)
OF_OURS = frozenset({"news@harrowlyle.example", "x@news.harrowlyle.example"})
SERVERS = (Server(MTA1, f"mta1.alder.example ({MTA1})"), Server(MTA2, f"mta2.alder.example ({MTA2})"))
CLEARED = Standing(
    advertiser="Harrow & Lyle",
    advertiser_domains=frozenset({"harrowlyle.example"}),
    accepted=ACCEPTED,
    agreed=1,
    people=(Person("Theo Marsh", NOON - 40 * DAY, True, True, proven_at=NOON - 39 * DAY),),
    servers=SERVERS,
    amendments=(Amendment(1, NOON - 100 * DAY),),
)
TWO_HALTED = tuple(Order(f"H-2026-000{n}", NOON - HOUR, one.address) for n, one in enumerate(SERVERS))
FAULT = Fault("F-2031", MTA1, NOON - HOUR, f"{MTA1} is on the blocklist Quarry.")
WAIVER = Condition("No proof. Waived by IT: it is coming.", TODAY - DAY, is_waiver=True)
MTA1_ONLY = (ip_network(f"{MTA1}/32"),)


def asked(standing: Standing = CLEARED, at: datetime = NOON, **about: str) -> Clearance:
    return decide(standing, Subject(**about), at)


def letter(**changes: Any) -> Standing:
    return replace(CLEARED, accepted=replace(ACCEPTED, **changes))


def source(*counts: int, **fields: Any) -> Standing:
    additions = tuple((count, NOON + place * HOUR) for place, count in enumerate(counts))
    return replace(CLEARED, sources={"web-2": Source("Web-2", additions, **fields)})


def approval(since: date, until: date, revoked_at: datetime | None = None) -> Standing:
    """IT approved a domain of ours, and the letter lists addresses of it."""
    return replace(
        letter(headers=ACCEPTED.headers | OF_OURS),
        approvals=(
            Approval("N-2026-0003", "harrowlyle.example", since, until, revoked_at, "Misused." if revoked_at else ""),
        ),
    )


def test_who_has_everything_is_open_and_hears_what_is_met() -> None:
    answer = asked()
    assert (answer.is_open, answer.reasons) == (True, ())
    assert [(one.id, one.clause) for one in answer.met] == [
        ("no_order", "R12"),
        ("good_standing", "R5"),
        ("accepted", "R1"),
        ("policy_agreed", "N1"),
        ("contact_proven", "R12"),
    ]
    assert answer.since is None


SHUT: dict[str, tuple[Standing, dict[str, Any], str, str, datetime | None, str]] = {
    # id, or id and case: standing, what is asked about, clause, the sentence begins, since, the cure has
    "retired": (
        replace(CLEARED, is_active=False, retired_at=NOON - DAY), {}, "R1",
        "The vendor is retired.", NOON - DAY, "Harrow & Lyle takes the vendor back",
    ),
    "not_accepted": (
        replace(CLEARED, accepted=None), {}, "R1", "Exhibit A has not been sent.", None,
        "The gate opens when the written acceptance has been received.",
    ),
    "not_accepted, draft": (
        replace(CLEARED, accepted=None, application=Application("S-2026-0125", "draft", NOON - DAY)), {}, "R1",
        "Exhibit A (S-2026-0125) is not finished.", NOON - DAY, "completed and signed first",
    ),
    "not_accepted, in review": (
        replace(CLEARED, accepted=None, application=Application("S-2026-0125", "submitted", NOON - DAY)), {}, "R1",
        "Exhibit A (S-2026-0125) is signed and in review.", NOON - DAY, "Harrow & Lyle decides first.",
    ),
    "not_accepted, returned": (
        replace(CLEARED, accepted=None, application=Application("S-2026-0125", "returned", NOON - DAY)), {}, "R1",
        "Exhibit A (S-2026-0125) was sent back with questions.", NOON - DAY, "mended and signed again first",
    ),
    "not_received": (
        letter(state="issued", changed_at=None), {}, "R1",
        "Written acceptance A-2026-0012 was issued, and nobody has confirmed its receipt.", NOON - 30 * DAY,
        "Opens when the vendor confirms the receipt",
    ),
    "suspended": (
        letter(state="suspended", changed_at=NOON - HOUR, reason="The bounces pile up."), {}, "R1",
        "Written acceptance A-2026-0012 is suspended. The bounces pile up.", NOON - HOUR,
        "Opens when Harrow & Lyle resumes it.",
    ),
    "expired": (
        letter(state="expired", valid_until=NOON - DAY), {}, "R1", "Written acceptance A-2026-0012 has ended.",
        NOON - DAY, "a renewed Exhibit A",
    ),
    "expired, at the very moment": (
        letter(valid_until=NOON), {}, "R1", "Written acceptance A-2026-0012 has ended.", NOON, "a renewed Exhibit A",
    ),
    "withdrawn": (
        letter(state="withdrawn", changed_at=NOON - HOUR, reason="Unsolicited mail."), {}, "R1",
        "Written acceptance A-2026-0012 was withdrawn. Unsolicited mail.", NOON - HOUR, "a new Exhibit A is accepted",
    ),
    "waiver_ended": (
        letter(conditions=(Condition("No match in DNS. Waived by IT: moving.", TODAY - DAY, is_waiver=True),)), {},
        "R1",
        "A waiver of A-2026-0012 ended with 20 Nov 2026: No match in DNS. Waived by IT: moving.",
        datetime(2026, 11, 21, tzinfo=UTC), "a new Exhibit A without what it let pass",
    ),
    "lapsed": (
        replace(CLEARED, amendments=(Amendment(2, NOON - DAY, ("R5", "O2")), Amendment(3, NOON - HOUR, ("R5",)))),
        {}, "N1",
        "The policy changed, and version 3 is not agreed to. It changes R5 and O2.", NOON - DAY,
        "Opens when the vendor agrees to version 3.",
    ),
    "lapsed, but signed": (
        replace(
            CLEARED, amendments=(Amendment(2, NOON - DAY, ("R5",)),),
            application=Application("S-2026-0126", "submitted", NOON, policy=2),
        ), {}, "N1", "Version 2 of the policy is signed, and the changed answers are in review.", NOON - DAY,
        "Opens when Harrow & Lyle accepts them",
    ),
    "lapsed, but the letter waits": (
        replace(CLEARED, amendments=(Amendment(2, NOON - DAY),), awaiting=Awaiting("A-2026-0013", policy=2)), {}, "N1",
        "Version 2 of the policy is signed and accepted in A-2026-0013, which nobody has received.", NOON - DAY,
        "Opens when the vendor confirms the receipt of A-2026-0013.",
    ),
    "no_contact": (
        replace(CLEARED, people=()), {}, "R12", "No emergency abuse contact is on file.", None, "named a person",
    ),
    "contact_unproven": (
        replace(CLEARED, people=(Person("Theo Marsh", NOON - DAY, has_address=True), Person("Lena Frost", NOON))),
        {}, "R12",
        "Theo Marsh has not confirmed the authority to stop the mail. Lena Frost has confirmed neither", NOON - DAY,
        "by the link in the letter",
    ),
    "contact_unproven, declined": (
        replace(CLEARED, people=(Person("Theo Marsh", NOON, has_declined=True, warnings=("He says no.",)),)), {}, "R12",
        "Theo Marsh says that they are not the contact", NOON, "by the link in the letter",
    ),
    "halt_order": (
        replace(CLEARED, orders=(Order("H-2026-0041", NOON - HOUR, reason="40 complaints.\nStop.", clause="S1"),)),
        {}, "S1",
        "Halt order H-2026-0041 stops all mail. 40 complaints. Stop.", NOON - HOUR,
        "Ends only when Harrow & Lyle lifts it in writing.",
    ),
    "halt_order, for the server asked about": (
        replace(CLEARED, orders=TWO_HALTED[:1]), {"server": MTA1}, "R12",
        f"Halt order H-2026-0000 stops all mail from mta1.alder.example ({MTA1}).", NOON - HOUR, "lifts it in writing",
    ),
    "bad_standing": (
        replace(CLEARED, faults=(FAULT,)), {"server": MTA1}, "R5", f"{MTA1} is on the blocklist Quarry.", NOON - HOUR,
        "Ends when the check is clear again.",
    ),
    "no_server": (
        replace(letter(networks=ACCEPTED.networks[:2]), orders=TWO_HALTED), {}, "R1", "No accepted server is left",
        None,
        "Opens with the first server that may be used again.",
    ),
    "no_server, none listed": (
        letter(networks=()), {}, "R1", "A-2026-0012 accepts no server.", None,
        "the vendor has reported it in Exhibit A",
    ),
    "server_not_accepted": (
        CLEARED, {"server": "192.0.2.99"}, "R1",
        "192.0.2.99 is not among the servers that A-2026-0012 accepts.", None, "the letter that lists it",
    ),
    "server_retired": (
        replace(CLEARED, servers=(replace(SERVERS[0], is_active=False), SERVERS[1])), {"server": MTA1}, "R1",
        f"mta1.alder.example ({MTA1}) is retired", None, "takes the server back into use",
    ),
    "header_not_accepted": (
        CLEARED, {"header": "birch.example"}, "R10", "birch.example is not among the header domains and addresses",
        None,
        "the letter that lists it",
    ),
    "header_not_accepted, an address beside a listed one": (
        CLEARED, {"header": "sales@post.example.net"}, "R10", "sales@post.example.net is not among", None, "Opens when",
    ),
    "header_not_accepted, an address of a listed domain": (
        CLEARED, {"header": "anyone@alder.example"}, "R10", "anyone@alder.example is not among", None, "Opens when",
    ),
    "header_not_accepted, a form without what changes": (
        CLEARED, {"header": "bounce+@alder.example"}, "R10", "bounce+@alder.example is not among", None, "Opens when",
    ),
    "header_not_accepted, approved by IT and not in the letter": (
        approval(TODAY, TODAY), {"header": "ceo@harrowlyle.example"}, "R10", "ceo@harrowlyle.example is not among",
        None, "the letter that lists it",
    ),
    "header_not_accepted, a domain below a listed one": (
        CLEARED, {"header": "mail.alder.example"}, "R10", "mail.alder.example is not among", None, "Opens when",
    ),
    "header_not_approved": (
        letter(headers=OF_OURS), {"header": "harrowlyle.example"}, "R11",
        "harrowlyle.example is a domain of Harrow & Lyle, and its use is not approved.", None,
        "the IT department of Harrow & Lyle approves it in writing",
    ),
    "header_not_approved, below": (
        approval(TODAY, TODAY), {"header": "x@news.harrowlyle.example"}, "R11",
        "news.harrowlyle.example is below harrowlyle.example, a domain of Harrow & Lyle", None,
        "approves it in writing",
    ),
    "header_approval_ended": (
        approval(TODAY - 9 * DAY, TODAY - DAY), {"header": "harrowlyle.example"}, "R11",
        "Approval N-2026-0003 of harrowlyle.example ended with 20 Nov 2026.", datetime(2026, 11, 21, tzinfo=UTC),
        "approves it in writing",
    ),
    "header_approval_revoked": (
        approval(TODAY - DAY, TODAY + DAY, NOON - HOUR), {"header": "harrowlyle.example"}, "R11",
        "Approval N-2026-0003 of harrowlyle.example was revoked.", NOON - HOUR, "approves it in writing",
    ),
    "header_approval_ahead": (
        approval(TODAY + DAY, TODAY + 9 * DAY), {"header": "harrowlyle.example"}, "R11",
        "Approval N-2026-0003 of harrowlyle.example begins on 22 Nov 2026.", None, "Opens on that day.",
    ),
    "source_uncovered": (
        source(501), {"source": "web-2"}, "R2",
        "Source Web-2 has 501 new addresses that no accepted Exhibit B covers. Up to 500 need none.", NOON,
        "Opens when Exhibit B for them is accepted",
    ),
    "source_uncovered, letter suspended": (
        source(501, awaiting="B-2026-0004", suspended="B-2026-0003"), {"source": "web-2"}, "R2",
        "Source Web-2 has 501 new addresses", NOON, "Opens when Harrow & Lyle resumes B-2026-0003",
    ),
    "source_uncovered, in small steps": (
        source(499, 499), {"source": "web-2"}, "R2", "Source Web-2 has 998 new addresses", NOON + HOUR,
        "Exhibit B for them",
    ),
    "source_uncovered, letter on its way": (
        source(501, awaiting="B-2026-0003"), {"source": "web-2"}, "R2", "Source Web-2 has 501 new addresses", NOON,
        "confirms the receipt of B-2026-0003",
    ),
    "source_waiver_ended": (
        source(1, conditions=(("B-2026-0003", WAIVER),)), {"source": "web-2"}, "R2",
        "A waiver of B-2026-0003 for source Web-2 ended with 20 Nov 2026: No proof. Waived by IT: it is coming.",
        datetime(2026, 11, 21, tzinfo=UTC), "a new Exhibit B covers these addresses without what it let pass",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SHUT)
def test_what_is_missing_shuts_with_sentence_clause_since_and_cure(case: str) -> None:
    standing, about, clause, sentence, since, cure = SHUT[case]
    answer = asked(standing, **about)
    assert not answer.is_open
    [reason] = [one for one in answer.shutting if one.id == case.partition(",")[0]]
    assert reason.sentence.startswith(sentence)
    assert (reason.clause, reason.since) == (clause, since)
    assert cure in reason.cure
    assert 0 < len(reason.word) <= 11  # what a tag has room for
    assert reason is answer.reasons[0] or reason.id != answer.reasons[0].id


def test_every_reason_that_shuts_stands_alone_in_its_case() -> None:
    alone = {case: [one.id for one in asked(row[0], **row[1]).shutting] for case, row in SHUT.items()}
    assert {case: ids for case, ids in alone.items() if ids != [case.partition(",")[0]]} == {}


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


# ── laws ────────────────────────────────────────────────────────────────────
MOMENTS = st.integers(-400, 400).map(lambda hours: NOON + hours * HOUR)
ADDRESSES = st.sampled_from([MTA1, MTA2, "198.51.100.3", "192.0.2.99"])
WORST: dict[str, Any] = {  # changes that take something away or put something in the way
    "order for all": lambda s: replace(s, orders=(*s.orders, Order("H-2026-0999", NOON))),
    "order for a server": lambda s: replace(s, orders=(*s.orders, Order("H-2026-0998", NOON, MTA1))),
    "finding": lambda s: replace(s, faults=(*s.faults, FAULT)),
    "no contact": lambda s: replace(s, people=()),
    "nobody proven": lambda s: replace(s, people=tuple(replace(one, proven_at=None) for one in s.people)),
    "retired": lambda s: replace(s, is_active=False),
    "no acceptance": lambda s: replace(s, accepted=None),
    "suspended": lambda s: replace(s, accepted=s.accepted and replace(s.accepted, state="suspended")),
    "narrower": lambda s: replace(s, accepted=s.accepted and replace(s.accepted, networks=MTA1_ONLY)),
    "amended": lambda s: replace(s, amendments=(*s.amendments, Amendment(99, NOON - 999 * DAY))),
    "server retired": lambda s: replace(s, servers=tuple(replace(one, is_active=False) for one in s.servers)),
    "more addresses": lambda s: replace(s, sources={**s.sources, "web-2": Source("Web-2", ((10**6, NOON),))}),
    "no approval": lambda s: replace(s, approvals=()),
    "blind": lambda s: replace(s, blind=(*s.blind, Blind("Quarry", frozenset({MTA1}), NOON))),
}


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    """All sorts of vendors, most of them with something in the way."""
    days = st.dates(date(2026, 11, 1), date(2026, 12, 9))
    conditions = st.lists(st.builds(Condition, st.just("Do."), days, st.booleans()), max_size=2)
    accepted = replace(
        ACCEPTED,
        state=draw(st.sampled_from(["received", "received", "issued", "suspended", "expired", "withdrawn"])),
        valid_until=draw(MOMENTS) + 10 * DAY,
        networks=tuple(draw(st.lists(st.sampled_from(ACCEPTED.networks), unique=True))),
        conditions=tuple(draw(conditions)),
    )
    addition = st.tuples(st.integers(1, 400), MOMENTS)
    person = st.builds(Person, st.just("Theo"), MOMENTS, proven_at=st.none() | MOMENTS)
    order = st.builds(Order, st.just("H-1"), MOMENTS, st.just("") | ADDRESSES)
    fault = st.builds(
        Fault, st.just("F-1"), ADDRESSES, MOMENTS, st.just("Listed."), is_halting=st.booleans(), is_judged=st.booleans()
    )
    return replace(
        CLEARED,
        accepted=draw(st.sampled_from([accepted, accepted, accepted, None])),
        agreed=draw(st.integers(1, 3)),
        amendments=tuple(draw(st.lists(st.builds(Amendment, st.integers(1, 3), MOMENTS), max_size=2))),
        people=tuple(draw(st.lists(person, max_size=2))),
        servers=tuple(draw(st.lists(st.builds(Server, ADDRESSES, is_active=st.booleans()), max_size=3))),
        orders=tuple(draw(st.lists(order, max_size=1))),
        faults=tuple(draw(st.lists(fault, max_size=1))),
        approvals=draw(st.sampled_from([(), approval(TODAY, TODAY + 99 * DAY).approvals])),
        sources={"web-2": Source("Web-2", tuple(draw(st.lists(addition, max_size=3))))},
    )


SUBJECTS = st.builds(
    Subject,
    server=st.just("") | ADDRESSES,
    header=st.sampled_from(["", "alder.example", "news@alder.example", "harrowlyle.example", "birch.example"]),
    source=st.sampled_from(["", "web-1", "web-2", "web-9"]),
)


@given(standings(), SUBJECTS, MOMENTS, st.sampled_from(sorted(WORST)))
def test_taking_something_away_or_putting_something_in_the_way_never_opens(
    standing: Standing, subject: Subject, at: datetime, worse: str
) -> None:
    if decide(WORST[worse](standing), subject, at).is_open:
        assert decide(standing, subject, at).is_open


@given(standings(), SUBJECTS, MOMENTS)
def test_open_means_that_nothing_shuts(standing: Standing, subject: Subject, at: datetime) -> None:
    answer = decide(standing, subject, at)
    assert answer.is_open is not any(one.state is State.SHUT for one in answer.reasons)
    assert all(one.state is State.MET and not one.cure for one in answer.met)
    assert all(one.state is not State.MET and one.cure and one.word and one.clause for one in answer.reasons)
    assert [one.state for one in answer.reasons] == sorted((one.state for one in answer.reasons), key=list(State).index)


@given(standings(), SUBJECTS, MOMENTS)
def test_asking_about_more_never_opens(standing: Standing, subject: Subject, at: datetime) -> None:
    if decide(standing, subject, at).is_open:
        for fewer in (Subject(), replace(subject, server=""), replace(subject, header=""), replace(subject, source="")):
            assert decide(standing, fewer, at).is_open


@given(standings(), SUBJECTS, MOMENTS, st.randoms())
def test_the_order_of_the_rows_does_not_change_the_answer(
    standing: Standing, subject: Subject, at: datetime, chance: Any
) -> None:
    orders = [*standing.orders, *TWO_HALTED]
    faults = [*standing.faults, FAULT, replace(FAULT, number="F-2032", is_halting=False)]
    first = decide(replace(standing, orders=tuple(orders), faults=tuple(faults)), subject, at)
    chance.shuffle(orders)
    chance.shuffle(faults)
    assert decide(replace(standing, orders=tuple(orders), faults=tuple(faults)), subject, at) == first
