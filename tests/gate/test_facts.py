"""What the gate reads from the rows, and what the door answers over them."""

from datetime import timedelta

import pytest

from gate.ask import clearance, open_among
from halts import orders
from journal.actor import ENGINE, Actor
from journal.record import move
from monitors.models import Watch
from monitors.probes.reading import Severity, Verdict
from questionnaires.models import Acceptance, Submission
from tests import acceptances, halted, monitored, world
from tests.gate.rows import DAY, amend, saying, server_of, shutting
from tests.world import NOON
from vendors import register
from vendors.models import Contact, Vendor

pytestmark = pytest.mark.django_db


def test_a_new_vendor_is_shut_and_hears_what_is_missing(vendor: Vendor) -> None:
    assert shutting(vendor) == ["not_accepted", "no_contact"]


def test_an_accepted_vendor_with_a_proven_contact_is_open(vendor: Vendor) -> None:
    server = server_of(vendor)
    acceptances.make_cleared(vendor, domains=["Alder.example"], headers=["News@post.example.net"], lists=["Web-1"])
    answer = clearance(vendor, at=NOON)
    assert (answer.is_open, answer.reasons) == (True, ())
    about = {"header": "news@post.example.NET", "source": " web-1 "}
    assert clearance(vendor, server=server, at=NOON, **about).reasons == ()
    assert clearance(vendor, server=server.address, header="alder.example.", at=NOON).is_open


@pytest.mark.parametrize(
    ("state", "ident"),
    [
        (Acceptance.State.ISSUED, "not_received"),
        (Acceptance.State.SUSPENDED, "suspended"),
        (Acceptance.State.EXPIRED, "expired"),
        (Acceptance.State.WITHDRAWN, "withdrawn"),
        (Acceptance.State.SUPERSEDED, "not_accepted"),
    ],
)
def test_a_letter_that_is_not_in_force_shuts(vendor: Vendor, state: str, ident: str) -> None:
    acceptances.make_cleared(vendor, state=state)
    assert shutting(vendor) == [ident]
    assert open_among([vendor], NOON) == set()


def test_a_letter_past_its_last_moment_shuts_although_no_sweep_came_by(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor, valid_for=DAY)
    assert clearance(vendor, at=NOON + DAY - timedelta(seconds=1)).is_open
    assert shutting(vendor, at=NOON + DAY) == ["expired"]


def test_the_standing_letter_speaks_and_not_one_that_ended(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    acceptances.make_acceptance(vendor, state=Acceptance.State.WITHDRAWN, at=NOON + DAY)
    assert clearance(vendor, at=NOON + 2 * DAY).is_open


def test_a_suspension_and_a_retirement_are_dated_by_the_journal(vendor: Vendor) -> None:
    letter = acceptances.make_cleared(vendor)
    move(letter, Acceptance.State.SUSPENDED, by=ENGINE, at=NOON + DAY, why="Bounces.", changes={"reason": "Bounces."})
    register.retire_vendor(vendor, by=Actor("user", "Dana"), at=NOON + 2 * DAY)
    since = {one.id: one.since for one in clearance(vendor, at=NOON + 3 * DAY).shutting}
    assert since == {"retired": NOON + 2 * DAY, "suspended": NOON + DAY}


@pytest.mark.parametrize("state", [Submission.State.DRAFT, Submission.State.RETURNED, Submission.State.IN_REVIEW])
def test_an_application_under_way_is_named(vendor: Vendor, state: str) -> None:
    application = acceptances.make_submission(vendor, state=state)
    [reason] = [one for one in clearance(vendor, at=NOON).reasons if one.id == "not_accepted"]
    assert (reason.ref, reason.since) == (application.number, NOON)


def test_exhibit_b_alone_accepts_nobody(vendor: Vendor) -> None:
    acceptances.make_submission(vendor, exhibit="B", state=Submission.State.DRAFT)
    acceptances.make_cleared(vendor, exhibit="B")
    assert shutting(vendor) == ["not_accepted"]


# ── the policy ──────────────────────────────────────────────────────────────
def test_a_material_version_shuts_until_an_exhibit_a_under_it_is_accepted(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    version = amend("R5", effective_at=NOON + DAY)
    assert saying(vendor) == ["policy_changes"]
    assert shutting(vendor, at=NOON + DAY) == ["lapsed"]
    signed = acceptances.make_submission(vendor, state=Submission.State.SUBMITTED, at=NOON + 2 * DAY)
    acceptances.make_signature(signed, policy=version, at=NOON + 2 * DAY)
    [reason] = clearance(vendor, at=NOON + 2 * DAY).shutting
    assert reason.sentence == "Version 2 of the policy is signed, and the changed answers are in review."
    # without a letter: no answer was changed
    Submission.objects.filter(pk=signed.pk).update(state=Submission.State.ACCEPTED)
    assert clearance(vendor, at=NOON + 2 * DAY).is_open
    assert open_among([vendor], NOON + 2 * DAY) == {vendor.pk}


def test_a_signature_under_exhibit_b_is_no_answer_to_an_amendment(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    version = amend("R5", effective_at=NOON + DAY)
    exhibit = acceptances.make_submission(vendor, exhibit="B", at=NOON + DAY)
    acceptances.make_signature(exhibit, policy=version, at=NOON + DAY)
    assert shutting(vendor, at=NOON + DAY) == ["lapsed"]


def test_who_is_accepted_under_the_newest_version_hears_nothing_of_the_older(vendor: Vendor) -> None:
    amend("R5")
    acceptances.make_cleared(vendor, at=NOON + DAY)
    assert saying(vendor, at=NOON + DAY, server=vendor.servers.get()) == []


# ── people ──────────────────────────────────────────────────────────────────
def test_address_and_authority_have_both_to_be_confirmed(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    Contact.objects.update(authority_confirmed_at=None)
    [reason] = clearance(vendor, at=NOON).shutting
    assert reason.id == "contact_unproven"
    assert reason.sentence.endswith("has not confirmed the authority to stop the mail.")


def test_a_back_up_who_is_proven_is_enough_and_the_others_warnings_are_said(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    world.make_contact(vendor, "Lena Frost", phone="", rank=2)
    answer = clearance(vendor, at=NOON)
    assert answer.is_open
    assert [one.sentence for one in answer.reasons if one.id == "contact_warning"] == [
        "Lena Frost has no telephone: in an emergency nobody can be called."
    ]


def test_somebody_who_is_not_told_of_orders_proves_nothing(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    Contact.objects.update(is_emergency=False)
    assert shutting(vendor) == ["no_contact"]


# ── orders, findings, blindness ─────────────────────────────────────────────
def test_an_order_shuts_until_it_is_lifted(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    order = halted.make_order(vendor)
    [reason] = clearance(vendor, at=NOON).shutting
    assert (reason.id, reason.ref, reason.since, reason.word) == ("halt_order", order.number, NOON, "No answer")
    orders.lift(order, reason="Mended.", by=ENGINE, at=NOON, by_name="Dana")
    assert clearance(vendor, at=NOON).is_open


def test_an_order_for_one_server_shuts_that_one(vendor: Vendor) -> None:
    one, other = server_of(vendor, hostname="mta1.alder.example"), server_of(vendor)
    acceptances.make_cleared(vendor)
    halted.make_order(vendor, server=one)
    assert (shutting(vendor), shutting(vendor, server=one), shutting(vendor, server=other)) == ([], ["halt_order"], [])
    assert [reason.only for reason in clearance(vendor, at=NOON).reasons] == [str(one)]
    halted.make_order(vendor, server=other)
    assert shutting(vendor) == ["no_server"]
    assert open_among([vendor], NOON) == set()


def test_a_grave_finding_shuts_its_server_before_the_order_is_written(vendor: Vendor) -> None:
    one, other = server_of(vendor), server_of(vendor)
    acceptances.make_cleared(vendor)
    monitored.make_finding(one)
    monitored.make_finding(other, severity=Severity.WARN)
    assert shutting(vendor, server=one) == ["bad_standing"]
    assert saying(vendor, server=other) == ["fault"]
    assert open_among([vendor], NOON) == {vendor.pk}


def test_a_persons_lift_outweighs_the_finding_that_is_still_open(vendor: Vendor) -> None:
    server = server_of(vendor)
    acceptances.make_cleared(vendor)
    order = halted.make_order(vendor, server=server, finding=monitored.make_finding(server))
    assert shutting(vendor, server=server) == ["halt_order", "bad_standing", "no_server"]
    orders.lift(order, reason="A false alarm.", by=ENGINE, at=NOON, by_name="Dana")
    assert saying(vendor, server=server) == ["fault"]
    assert open_among([vendor], NOON) == {vendor.pk}


def test_a_retired_server_is_shut_and_its_findings_say_nothing_of_the_vendor(vendor: Vendor) -> None:
    kept, gone = server_of(vendor), server_of(vendor)
    acceptances.make_cleared(vendor)
    monitored.make_finding(gone)
    register.retire_server(gone, by=ENGINE, at=NOON)
    assert saying(vendor) == []
    assert shutting(vendor, server=gone) == ["server_retired"]
    assert shutting(vendor, server=kept) == []


def test_what_was_not_seen_for_long_is_said_and_does_not_shut(vendor: Vendor) -> None:
    server = server_of(vendor)
    acceptances.make_cleared(vendor)
    Watch.objects.update(check_id="dnsbl:spamcop", verdict=Verdict.UNKNOWN, since=NOON)
    assert saying(vendor, at=NOON + timedelta(minutes=9)) == []
    answer = clearance(vendor, at=NOON + timedelta(minutes=10))
    assert answer.is_open
    [reason] = answer.reasons
    assert (reason.sentence, reason.since) == ("SpamCop gives no usable answer for 1 server.", NOON)
    new = world.make_server(vendor, at=NOON)
    assert "Nothing has looked at 1 server yet." in [
        one.sentence for one in clearance(vendor, at=NOON + DAY, server=None).reasons
    ]
    assert saying(vendor, at=NOON + DAY, server=new) == ["server_not_accepted", "not_seen"]
    assert saying(vendor, at=NOON + DAY, server=server) == ["not_seen"]
