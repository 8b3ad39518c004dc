"""The rules of the gate, over plain values: each reason once, each boundary, and the laws that hold for all of them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from gate.standing import (
    Amendment,
    Application,
    Awaiting,
    Condition,
    Order,
    Person,
    Standing,
)
from tests.gate.standings import (
    ACCEPTED,
    CLEARED,
    DAY,
    FAULT,
    HOUR,
    MTA1,
    NOON,
    OF_OURS,
    SERVERS,
    TODAY,
    TWO_HALTED,
    WAIVER,
    approval,
    asked,
    letter,
    source,
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
