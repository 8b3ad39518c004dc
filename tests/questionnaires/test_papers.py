"""What people read on each paper."""

from datetime import UTC, datetime
from typing import Any

import pytest

from questionnaires.paper_facts import file_size, moment
from questionnaires.typeset import typeset
from tests.questionnaires import paper_world as world
from tests.questionnaires import pdf


def read(paper: str, facts: Any) -> list[str]:
    return pdf.pages(typeset(paper, facts, at=world.ISSUED))


# ── the acceptance ─────────────────────────────────────────────────────────
def test_an_acceptance_says_on_one_page_all_that_it_must() -> None:
    letter, *schedule = read("acceptance", world.acceptance())
    for said in (
        "Harrow & Lyle Vendor management 14 Quay Street, New York, NY 10004",
        "Reference HL-A-2026-000123 Issued 3 March 2026, 16:20 UTC (11:20 New York) Page 1 of 2",
        "Alder Mailings LLC, registration NY-4471902 Alice Alder, head of delivery 210 Canal Road, Albany, NY 12207",
        "Written acceptance of Exhibit A",
        "We accept the Email Vendor Questionnaire and Agreement you signed on 1 March 2026",
        "(submission S-2026-0044, policy version 7 of 1 January 2026).",
        "You may begin to mail in our name when you have received this letter.",
        "Receipt is recorded when you confirm it in the portal, or on delivery",
        "What is not listed is not accepted.",
        "1 Publish a DMARC record for alder-mail.example.com. (R7) Due 1 April 2026.",
        "Shown by: our own look at your DNS.",
        "O2 Send us every opt-out within 48 hours of receiving it.",
        "Valid from receipt until 2 March 2027",
        "no proof of consent, no legal advice and no guarantee of delivery",
        "It gives no licence to use a domain of Harrow & Lyle in mail headers.",
        "report a problem to abuse@harrow.example.com",
        "The emergency contact known to us is Theo Marsh.",
        "Rita Reyes, reviewer Signed electronically for Harrow & Lyle, 3 March 2026, 15:58 UTC",
        "Ada Osei, second reviewer Signed electronically for Harrow & Lyle, 3 March 2026, 16:20 UTC",
        "Type gate.harrow.example.com/verify and the code K7QF-3M9T-XW2P-8RHA, or scan.",
        "compare the SHA-256 shown online with that of this file.",
        "Chain head 88,102:",
        "This file carries no certificate seal.",
    ):
        assert said in letter.replace("\u00a0", " ")
    assert len(schedule) == 1


def test_the_schedule_names_everything_and_the_record_in_full() -> None:
    _, *schedule = read("acceptance", world.acceptance())
    text = " ".join(schedule)
    for said in (
        "Schedule to HL-A-2026-000123",
        "Sending servers (4)",
        "4 mta4.alder.example.net 2001:db8:40::4 mta4.alder.example.net",
        "3 mta3.alder.example.net 198.51.100.4 none",
        "Domains (2)",
        "Return-Path bounces@alder.example.net",
        "Readers of The Northern Gardener NG-01 412,550",
        "Gmail 40,000 20",
        "Yahoo and AOL 20,000 not set",
        "SPRING26-A, SPRING26-B",
        "questionnaire version 1",
        "signed 2026-03-01T14:02:11Z",
    ):
        assert said in text
    for checksum in ("questionnaire", "answers", "policy", "chain"):
        assert world.digest(checksum) in text.replace(" ", "")


def test_more_servers_than_fit_are_counted_on_the_letter_and_named_in_the_schedule() -> None:
    letter, *schedule = read("acceptance", world.acceptance(300))
    assert "300 sending servers, 2 domains, 3 header addresses" in letter
    assert "named one by one in the schedule from page 2 on" in letter
    assert "mta1.alder" not in letter
    assert "300 mta300.alder.example.net" in " ".join(schedule)


def test_the_heads_of_a_long_table_are_on_each_of_its_pages() -> None:
    pages = read("acceptance", world.acceptance(300))
    assert all("No. Sending server Address Name in HELO" in page for page in pages[1:-1])


def test_a_letter_with_many_conditions_keeps_signatures_and_code_together() -> None:
    facts = world.acceptance()
    facts["conditions"] = facts["conditions"] * 25
    pages = read("acceptance", facts)
    (signed,) = [page for page in pages if "Rita Reyes, reviewer" in page]
    assert "Is this letter genuine, and still valid?" in signed
    assert "Valid from receipt until 2 March 2027" in signed
    assert f"follow in the schedule on page {pages.index(signed) + 2}." in pages[0]
    assert "Schedule to HL-A-2026-000123" in pages[pages.index(signed) + 1]


def test_an_acceptance_of_exhibit_b_speaks_of_its_addresses_and_lists_only_sources() -> None:
    facts = world.acceptance(0, exhibit="B")
    facts["scope"] |= {"domains": [], "header_addresses": [], "ceilings": [], "ad_codes": []}
    facts["addressee"]["list_owners"] = ["Northern Gardener Ltd", "Catalogue House"]
    text = " ".join(read("acceptance", facts))
    assert "Written acceptance of Exhibit B" in text
    assert "You may begin to mail these addresses in our name when you have received this letter." in text
    assert "For the lists of Northern Gardener Ltd and Catalogue House" in text
    assert "2 list sources, named one by one" in text
    assert "Sending servers" not in text
    assert "Rate ceilings" not in text


def test_what_is_empty_leaves_no_gap_and_no_empty_words() -> None:
    facts = world.acceptance()
    facts["addressee"] |= {"registration": "", "title": "", "lines": []}
    facts["sender"] |= {"lines": [], "abuse": ""}
    facts["conditions"] = []
    facts["emergency_contact"] = ""
    letter = read("acceptance", facts)[0]
    assert "Alder Mailings LLC Alice Alder Written acceptance" in letter
    assert "On these conditions" not in letter
    assert "report a problem" not in letter
    assert "emergency contact" not in letter


def test_an_approval_for_our_domain_and_a_seal_are_named() -> None:
    facts = world.acceptance()
    facts["header_approvals"] = ["IT-2026-014"]
    facts["authenticity"]["seal_fingerprint"] = world.digest("certificate")
    letter, *schedule = read("acceptance", facts)
    assert "in mail headers, other than under IT approval IT-2026-014." in letter
    assert "Seal certificate SHA-256" in letter
    assert world.digest("certificate") in " ".join(schedule).replace(" ", "")


# ── decline, changes, suspension, withdrawal ───────────────────────────────
def test_a_decline_gives_each_reason_with_its_clause_and_cure() -> None:
    (text,) = read("decline", world.decline())
    for said in (
        "We do not accept Exhibit A",
        "You may not mail in our name on the strength of this submission.",
        "The reasons",
        "R5 mta2.alder.example.net (198.51.100.24) is listed on Quarry since 12 February 2026. (question A7.01)",
        "What would cure it: A removal that lasts 30 days, or another server.",
        "S2 The list “Northern deals” was bought",
        "What you can do now",
        "Is this letter genuine, and still valid?",
    ):
        assert said in text


def test_a_request_for_changes_says_that_it_is_no_decline() -> None:
    facts = world.decline()
    facts["outcome"] = "changes"
    facts["reasons"] = facts["reasons"][:1]
    (text,) = read("decline", facts)
    assert "Exhibit A needs changes before we can accept it" in text
    assert "It is not accepted yet." in text
    assert "only the answers named below are open for a change" in text
    assert "The reason R5" in text


def test_a_suspension_says_stop_first_since_when_and_what_goes_on() -> None:
    (text,) = read("suspension", world.suspension())
    for said in (
        "Suspension of written acceptance Stop all mailing in our name at once.",
        "Our written acceptance HL-A-2026-000123 of 1 March 2026 is suspended",
        "with effect from 3 March 2026, 16:20 UTC (11:20 New York).",
        "halt order H-0042",
        "What goes on all the same O9 Keep opt-outs working",
        "How the suspension ends",
        "The suspension stands until we lift it in writing; repair alone does not end it.",
    ):
        assert said in text


def test_a_withdrawal_is_for_good() -> None:
    facts = world.suspension()
    facts |= {"outcome": "withdrawn", "next_step": "Send in Exhibit A again."}
    (text,) = read("suspension", facts)
    assert "Withdrawal of written acceptance" in text
    assert "is withdrawn with effect from" in text
    assert "If you wish to mail for us again" in text
    assert "suspension" not in text.lower()


# ── the signed copy ────────────────────────────────────────────────────────
def test_a_signed_copy_has_every_question_answer_and_file_and_the_whole_signature() -> None:
    text = " ".join(read("signed_copy", world.signed_copy()))
    for said in (
        "Exhibit A as signed",
        "A1 The company",
        "A1.01 Legal name R1 Alder Mailings LLC",
        "register extract.pdf, 34 kB",
        "A1.07 Other names under which you trade Not answered",
        "We write the messages. We send them from our own servers.",
        "Name Part Country Birch Direct Ltd affiliate United Kingdom",
        "mta2.alder.example.net A5.01 IP address R9 198.51.100.2",
        "A18.04 We will not start until we receive written acceptance. Ticked 2026-03-01T14:02:11Z",
        "A18.07 I agree to sign with my typed name. I may ask for paper. Ticked 2026-03-01T14:02:11Z",
        "Alice Alder head of delivery, Alder Mailings LLC alice@alder.example.net",
        "Signed electronically 2026-03-01T14:02:11Z",
        "Is this copy genuine, and still valid?",
    ):
        assert said in text
    together = text.replace(" ", "")
    for checksum in ("extract", "questionnaire", "answers", "policy"):
        assert world.digest(checksum) in together


def test_the_lines_of_the_seal_stand_beside_it() -> None:
    facts = world.signed_copy()
    signature = facts["signature"]
    assert signature is not None
    text = " ".join(read("signed_copy", facts))
    assert signature["seal"] in text.replace(" ", "")
    assert " ".join(signature["seal_lines"]) in text


def test_a_copy_without_signature_says_so_first() -> None:
    facts = world.signed_copy()
    facts["signature"] = facts["authenticity"] = None
    facts["basis"]["signed_at"] = None
    facts["attestations"] = []
    text = " ".join(read("signed_copy", facts))
    assert "Exhibit A, a copy without signature" in text
    assert "Nobody has signed them, and they bind nobody." in text
    assert "Exhibit A as signed" not in text
    assert ", signed" not in text
    assert "What was attested" not in text


def test_a_table_of_many_columns_is_written_out_line_by_line() -> None:
    facts = world.signed_copy()
    columns = ["Name", "Part", "Country", "Since", "Contract"]
    facts["sections"][0]["groups"][0]["answers"][4]["table"] = {
        "columns": columns,
        "rows": [["Birch Direct Ltd", "affiliate", "", "2024", "yes"]],
    }
    text = " ".join(read("signed_copy", facts))
    assert "Name: Birch Direct Ltd Part: affiliate Since: 2024 Contract: yes" in text


# ── words ──────────────────────────────────────────────────────────────────
def test_a_moment_is_said_in_utc_and_where_the_sender_is() -> None:
    at = datetime(2026, 3, 3, 3, 5, 7, 999999, tzinfo=UTC)
    assert moment(at, "America/New_York") == {
        "exact": "2026-03-03T03:05:07Z",
        "words": "3 March 2026, 03:05 UTC",
        "there": "2 March, 22:05 New York",
        "day": "3 March 2026",
    }
    assert moment(at)["there"] == ""


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (34_499, "34 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (25_000_000, "25.0 MB"),
    ],
)
def test_a_size_is_said_in_one_unit(size: int, words: str) -> None:
    assert file_size(size) == words
