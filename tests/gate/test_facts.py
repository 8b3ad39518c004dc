"""What the gate reads from the rows, and what the door answers over them."""

import functools
import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from gate.ask import clearance, open_among, subject
from gate.facts import standing_of, standings_of
from gate.standing import Condition
from halts import orders
from journal.actor import ENGINE, Actor
from journal.record import move, turn
from monitors.models import Enrolment, Watch
from monitors.probes.reading import Severity, Verdict
from policies import drafts
from policies.models import PolicyVersion
from questionnaires.acceptances import resume, suspend
from questionnaires.covering import cover
from questionnaires.models import Acceptance, Submission
from questionnaires.sources import counted
from tests import acceptances, world
from tests.world import NOON
from vendors import register
from vendors.models import Contact, SendingServer, Vendor

pytestmark = pytest.mark.django_db
Queries = Callable[..., AbstractContextManager[Any]]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def the_settings(settings: Settings) -> None:
    settings.BLIND_SECONDS = 600
    settings.EGRESS_ALLOW = (ip_network("198.18.0.0/15"),)
    settings.ADVERTISER_NAME = "Harrow & Lyle"


@pytest.fixture
def vendor() -> Vendor:
    return world.make_vendor("Alder Mailings")


def server_of(vendor: Vendor, hostname: str = "") -> SendingServer:
    """One that is watched, and clear."""
    server = world.make_server(vendor, hostname=hostname)
    Enrolment.objects.create(server=server, catalogue="x")
    watch = world.make_watch(server)
    Watch.objects.filter(pk=watch.pk).update(verdict=Verdict.CLEAR)
    return server


def shutting(vendor: Vendor, **about: Any) -> list[str]:
    return [one.id for one in clearance(vendor, at=about.pop("at", NOON), **about).shutting]


def saying(vendor: Vendor, **about: Any) -> list[str]:
    return [one.id for one in clearance(vendor, at=about.pop("at", NOON), **about).reasons]


def amend(*clauses: str, at: Any = NOON, effective_at: Any = None) -> PolicyVersion:
    """The next version of the policy, material, with one sentence more in each of these clauses."""
    draft = drafts.begin_draft(by=ENGINE, at=at, by_name="Ada")
    for one in [one for one in draft.written if one.id in clauses]:
        drafts.change_clause(draft, one.id, one.title, f"{one.text} Truly.", by=ENGINE, at=at)
    kind, told = PolicyVersion.Kind.MATERIAL, "Read it."
    drafts.publish(draft, kind=kind, note=told, effective_at=effective_at, by=ENGINE, at=at, by_name="Ada")
    return draft


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
    order = world.make_order(vendor)
    [reason] = clearance(vendor, at=NOON).shutting
    assert (reason.id, reason.ref, reason.since, reason.word) == ("halt_order", order.number, NOON, "No answer")
    orders.lift(order, reason="Mended.", by=ENGINE, at=NOON, by_name="Dana")
    assert clearance(vendor, at=NOON).is_open


def test_an_order_for_one_server_shuts_that_one(vendor: Vendor) -> None:
    one, other = server_of(vendor, hostname="mta1.alder.example"), server_of(vendor)
    acceptances.make_cleared(vendor)
    world.make_order(vendor, server=one)
    assert (shutting(vendor), shutting(vendor, server=one), shutting(vendor, server=other)) == ([], ["halt_order"], [])
    assert [reason.only for reason in clearance(vendor, at=NOON).reasons] == [str(one)]
    world.make_order(vendor, server=other)
    assert shutting(vendor) == ["no_server"]
    assert open_among([vendor], NOON) == set()


def test_a_grave_finding_shuts_its_server_before_the_order_is_written(vendor: Vendor) -> None:
    one, other = server_of(vendor), server_of(vendor)
    acceptances.make_cleared(vendor)
    world.make_finding(one)
    world.make_finding(other, severity=Severity.WARN)
    assert shutting(vendor, server=one) == ["bad_standing"]
    assert saying(vendor, server=other) == ["fault"]
    assert open_among([vendor], NOON) == {vendor.pk}


def test_a_persons_lift_outweighs_the_finding_that_is_still_open(vendor: Vendor) -> None:
    server = server_of(vendor)
    acceptances.make_cleared(vendor)
    order = world.make_order(vendor, server=server, finding=world.make_finding(server))
    assert shutting(vendor, server=server) == ["halt_order", "bad_standing", "no_server"]
    orders.lift(order, reason="A false alarm.", by=ENGINE, at=NOON, by_name="Dana")
    assert saying(vendor, server=server) == ["fault"]
    assert open_among([vendor], NOON) == {vendor.pk}


def test_a_retired_server_is_shut_and_its_findings_say_nothing_of_the_vendor(vendor: Vendor) -> None:
    kept, gone = server_of(vendor), server_of(vendor)
    acceptances.make_cleared(vendor)
    world.make_finding(gone)
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


# ── headers and sources ─────────────────────────────────────────────────────
def test_an_advertisers_domain_is_open_while_its_approval_lasts(vendor: Vendor, settings: Settings) -> None:
    settings.ADVERTISER_DOMAINS = ("HarrowLyle.example",)
    acceptances.make_cleared(vendor, headers=["news@harrowlyle.example"])
    about = {"header": "news@harrowlyle.example"}
    assert shutting(vendor, **about) == ["header_not_approved"]
    acceptances.make_approval(vendor, "harrowlyle.example", since=date(2026, 11, 1), until=date(2026, 11, 21))
    assert shutting(vendor, **about) == []
    assert shutting(vendor, at=NOON + DAY, **about) == ["header_approval_ended"]


@pytest.mark.parametrize(
    ("counts", "is_open"), [((499,), True), ((500,), True), ((501,), False), ((499, 2), False), ((499, 499), False)]
)
def test_new_addresses_of_a_source_are_counted_together(vendor: Vendor, counts: list[int], is_open: bool) -> None:
    acceptances.make_cleared(vendor)
    acceptances.make_source(vendor, "Web-2", *counts)
    assert clearance(vendor, source="WEB-2", at=NOON).is_open is is_open
    assert clearance(vendor, at=NOON).is_open


@pytest.mark.parametrize(
    ("state", "covered"),
    [
        (Acceptance.State.ISSUED, False),
        (Acceptance.State.RECEIVED, True),
        (Acceptance.State.SUSPENDED, False),
        (Acceptance.State.SUPERSEDED, True),
        (Acceptance.State.WITHDRAWN, False),
        (Acceptance.State.EXPIRED, False),
    ],
)
def test_an_exhibit_covers_from_its_receipt_until_it_ends_and_not_while_it_is_suspended(
    vendor: Vendor, state: str, covered: bool
) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", state=state)
    source = acceptances.make_source(vendor, "web-2", 10_000, accepted_in=exhibit)
    assert clearance(vendor, source="web-2", at=NOON).is_open is covered
    assert counted(source, NOON) == (0 if covered else 10_000)
    if state == Acceptance.State.ISSUED:
        assert exhibit.number in clearance(vendor, source="web-2", at=NOON).reasons[0].cure


def test_an_exhibit_b_past_its_last_moment_covers_nothing_although_no_sweep_came_by(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", valid_for=DAY, conditions=[waived("2026-11-20")])
    source = acceptances.make_source(vendor, "web-2", 10_000, accepted_in=exhibit)
    assert shutting(vendor, source="web-2", at=NOON + DAY - timedelta(seconds=1)) == ["source_waiver_ended"]
    assert shutting(vendor, source="web-2", at=NOON + DAY) == ["source_uncovered"], "its waiver ended with it"
    following = acceptances.make_acceptance(vendor, exhibit="B", at=NOON + DAY)
    with turn():
        cover(source, following, 10_000, by=ENGINE, at=NOON + DAY)
    assert shutting(vendor, source="web-2", at=NOON + DAY) == []


def test_what_a_replaced_exhibit_a_covers_is_covered_beyond_its_own_last_day(vendor: Vendor) -> None:
    first = acceptances.make_acceptance(vendor, state=Acceptance.State.SUPERSEDED, lists=["web-2"], valid_for=DAY)
    acceptances.make_source(vendor, "web-2", 10_000, accepted_in=first)
    acceptances.make_cleared(vendor, lists=["web-2"])
    assert shutting(vendor, source="web-2", at=NOON + 2 * DAY) == []


def test_a_suspended_exhibit_b_shuts_its_source_and_a_resumed_one_opens_it_again(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B")
    acceptances.make_source(vendor, "web-2", 10_000, accepted_in=exhibit)
    suspend(exhibit, "Its proof was forged.", by=ENGINE, at=NOON)
    assert clearance(vendor, at=NOON).is_open, "other mail is not touched"
    [reason] = clearance(vendor, source="web-2", at=NOON).shutting
    assert (reason.id, reason.ref, reason.word) == ("source_uncovered", exhibit.number, "Suspended")
    assert reason.cure.startswith(f"Opens when Harrow & Lyle resumes {exhibit.number}")
    resume(exhibit, "It was not.", by=ENGINE, at=NOON)
    assert shutting(vendor, source="web-2") == []


def test_a_letter_that_was_suspended_before_anybody_received_it_covers_nothing(vendor: Vendor) -> None:
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", state=Acceptance.State.SUSPENDED)
    Acceptance.objects.update(received_at=None)
    assert counted(acceptances.make_source(vendor, "web-2", 501, accepted_in=exhibit), NOON) == 501


def waived(until: str, **more: str) -> dict[str, Any]:
    return {"text": "No proof. Waived by IT: it is coming.", "due": until, "is_waiver": True} | more


def test_the_end_of_a_waiver_of_exhibit_b_shuts_the_source_that_it_covers_and_no_other(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", conditions=[waived("2026-11-21")])
    acceptances.make_source(vendor, "web-2", 600, accepted_in=exhibit)
    acceptances.make_source(vendor, "web-3", 20)
    assert shutting(vendor, source="web-2") == [], "its last day"
    assert shutting(vendor, source="web-2", at=NOON + DAY) == ["source_waiver_ended"]
    assert shutting(vendor, source="web-3", at=NOON + DAY) == []
    assert shutting(vendor, at=NOON + DAY) == []
    assert "source_waiver_ended" in saying(vendor, at=NOON + DAY)


def test_a_waiver_for_one_source_of_a_form_says_nothing_of_the_others(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", conditions=[waived("2026-11-20", source="WEB-2")])
    for code in ("web-2", "web-3"):
        acceptances.make_source(vendor, code, 600, accepted_in=exhibit)
    assert shutting(vendor, source="web-2") == ["source_waiver_ended"]
    assert shutting(vendor, source="web-3") == []


@pytest.mark.parametrize("state", [Acceptance.State.WITHDRAWN, Acceptance.State.EXPIRED])
def test_a_waiver_of_a_letter_that_has_ended_speaks_no_more(vendor: Vendor, state: str) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", state=state, conditions=[waived("2026-11-20")])
    acceptances.make_source(vendor, "web-2", 600, accepted_in=exhibit)
    assert shutting(vendor, source="web-2") == ["source_uncovered"]


def test_the_next_exhibit_b_covers_what_a_waiver_covered_until_it_ended(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", conditions=[waived("2026-11-20")])
    source = acceptances.make_source(vendor, "web-2", 600, accepted_in=exhibit, at=NOON - DAY)
    following = acceptances.make_acceptance(vendor, exhibit="B")
    with turn():
        cover(source, following, 600, by=ENGINE, at=NOON)
    assert source.additions.get().accepted_in == following
    assert shutting(vendor, source="web-2") == []


def test_another_vendors_source_of_the_same_code_is_another(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    acceptances.make_source(world.make_vendor(), "web-2", 10_000)
    assert saying(vendor, source="web-2") == ["source_unknown"]


# ── reading ─────────────────────────────────────────────────────────────────
def test_conditions_of_a_letter_are_read_with_their_day(vendor: Vendor) -> None:
    letter = acceptances.make_acceptance(
        vendor,
        conditions=[
            {"text": "Show the contract.", "due": "2026-12-01"},
            {"text": "No match. Waived by IT: moving.", "due": "2026-12-02", "is_waiver": True},
            {"text": "Stay calm.", "due": ""},
        ],
    )
    accepted = standing_of(vendor, NOON).accepted
    assert accepted is not None
    assert accepted.number == letter.number
    assert accepted.conditions == (
        Condition("Show the contract.", date(2026, 12, 1)),
        Condition("No match. Waived by IT: moving.", date(2026, 12, 2), is_waiver=True),
        Condition("Stay calm.", None),
    )


def test_what_is_no_network_in_a_letter_accepts_no_server(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor, servers=["everything", ""])
    assert shutting(vendor) == ["no_server"]


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"server": "203.0.113.700"}, "The last part must be 0 to 255."),
        ({"server": "10.0.0.1"}, "10.0.0.1 is an address of private networks."),
        ({"header": "not a domain"}, "is no host name"),
        ({"header": "a@b@c.example"}, "looks like several addresses"),
        ({"source": " "}, "Write the code of one source"),
        ({"source": "x" * 101}, "at most 100 characters"),
    ],
)
def test_what_is_no_subject_is_refused_with_a_sentence(about: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        subject(**about)
    [(field, [said])] = refused.value.message_dict.items()
    assert field in about
    assert sentence in said


def crowd(count: int) -> list[Vendor]:
    """Vendors of every kind, with something of each."""
    vendors = []
    for number in range(count):
        vendor = world.make_vendor()
        servers = [server_of(vendor) for _ in range(3)]
        state = [Acceptance.State.RECEIVED, Acceptance.State.RECEIVED, Acceptance.State.SUSPENDED][number % 3]
        acceptances.make_cleared(vendor, state=state)
        acceptances.make_source(vendor, "web-2", 400, 400)
        acceptances.make_submission(vendor, state=Submission.State.DRAFT)
        world.make_finding(servers[0])
        world.make_order(vendor, server=servers[1])
        if number % 4 == 0:
            world.make_order(vendor)
        vendors.append(vendor)
    return vendors


def test_many_vendors_cost_as_many_queries_as_one(django_assert_max_num_queries: Queries) -> None:
    vendors = crowd(12)
    for asked in (vendors[:1], vendors):
        with django_assert_max_num_queries(19):
            standings_of(asked, NOON)
        with django_assert_max_num_queries(10):
            open_among(asked, NOON)


def test_a_list_of_plain_vendors_costs_two_queries(django_assert_num_queries: Queries) -> None:
    vendors = [world.make_vendor() for _ in range(6)]
    for vendor in vendors[:4]:
        acceptances.make_cleared(vendor)
    with django_assert_num_queries(2):
        assert open_among(vendors, NOON) == {vendor.pk for vendor in vendors[:4]}


def test_the_short_way_and_the_long_way_agree() -> None:
    """Vendors with any mixture of what can be in the way, the short way and the long way before and after midnight."""
    chance = random.Random(2026)
    version = amend("R5", at=NOON - 40 * DAY, effective_at=NOON - 20 * DAY)
    vendors = []
    for _ in range(120):
        vendor, is_odd = world.make_vendor(), functools.partial(chance.choice, [False] * 7 + [True])
        servers = [server_of(vendor) for _ in range(2)]
        if not is_odd():
            proven_at = None if is_odd() else NOON
            world.make_contact(vendor, proven_at=proven_at)
        scopes: list[list[SendingServer | str]] = [
            [*servers],
            [*servers],
            [*servers[:1]],
            ["198.18.0.0/15"],
            ["nonsense"],
            [],
        ]
        condition = {"text": "Do.", "due": "2026-11-21", "is_waiver": is_odd()}
        if not is_odd():
            acceptances.make_acceptance(
                vendor,
                state=chance.choice([Acceptance.State.RECEIVED] * 8 + list(Acceptance.State)),
                servers=chance.choice(scopes),
                conditions=[condition] if is_odd() else [],
                policy=version if not is_odd() else PolicyVersion.objects.get(number=1),
                at=NOON - 10 * DAY,
                valid_for=10 * DAY + timedelta(hours=chance.choice([6, 60])),
            )
        if is_odd():
            signed = acceptances.make_submission(vendor, at=NOON)
            acceptances.make_signature(signed, policy=version, at=NOON)
        for place, server in enumerate(servers):
            finding = world.make_finding(server) if is_odd() else None
            if is_odd():
                order = world.make_order(vendor, server=server if place else None, finding=None)
                if finding and is_odd():
                    orders.lift(order, reason="Mended.", by=ENGINE, at=NOON, by_name="Dana")
            if is_odd():
                register.retire_server(server, by=ENGINE, at=NOON)
        if is_odd():
            register.retire_vendor(vendor, by=ENGINE, at=NOON)
        vendors.append(Vendor.objects.get(pk=vendor.pk))
    for at in (NOON, NOON + timedelta(hours=13)):
        found = open_among(vendors, at)
        assert found == {one.pk for one in vendors if clearance(one, at=at).is_open}
        assert 5 < len(found) < 110  # neither all shut nor all open: it has something to agree on


def test_asking_changes_nothing_and_finds_each_vendors_own(django_assert_num_queries: Queries) -> None:
    one, other = crowd(2)
    standings = standings_of([one, other], NOON)
    assert standings[one.pk] == standing_of(one, NOON)
    assert standings[other.pk] == standing_of(other, NOON)
    assert {server.address for server in standings[one.pk].servers}.isdisjoint(
        server.address for server in standings[other.pk].servers
    )
