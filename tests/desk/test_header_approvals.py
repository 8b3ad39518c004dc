"""IT's approvals of the advertiser's domains in vendors' headers: given, listed, revoked, and what they let pass."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from gate.ask import clearance
from journal.models import Entry
from notices.letters import render
from notices.models import Delivery
from questionnaires import header_approvals, waivers
from questionnaires.header_approvals import ApprovalRefused
from questionnaires.models import Acceptance, HeaderApproval
from tests import submissions
from tests.acceptances import make_cleared
from tests.desk.conftest import Desk, SignIn
from tests.desk.pages import heading, text
from tests.world import NOON

PAGE = "/desk/header-approvals/"
OWN = ["harrow.example.com"]


@pytest.fixture(autouse=True)
def at_noon(settings: Settings) -> object:
    settings.ADVERTISER_DOMAINS = OWN
    with time_machine.travel(NOON, tick=False):
        yield


def give(desk: Desk, domain: str = "harrow.example.com", *, since: int = 0, until: int = 30) -> HeaderApproval:
    """From and until so many days from today."""
    day = NOON.date()
    return header_approvals.approve(
        desk.vendor,
        domain,
        "The spring letter.",
        day + timedelta(days=since),
        day + timedelta(days=until),
        own_domains=OWN,
        by=desk.people.dana.actor(),
        at=NOON,
    )


@pytest.mark.parametrize("domain", ["harrow.example.com", "NEWS.Harrow.Example.com", "news.harrow.example.com."])
def test_one_of_our_domains_or_a_name_below_is_approved(desk: Desk, domain: str) -> None:
    approval = give(desk, domain)
    assert approval.domain == domain.lower().rstrip(".")
    assert approval.by == "Dana"
    entry = Entry.objects.get(object_type="questionnaires.headerapproval")
    assert (entry.verb, entry.why, entry.after["until"]) == ("approved", "The spring letter.", "2026-12-21")


@pytest.mark.parametrize("domain", ["example.com", "notharrow.example.com", "harrow.example.com.evil.example"])
def test_a_domain_that_is_not_ours_needs_none(desk: Desk, domain: str) -> None:
    with pytest.raises(ApprovalRefused, match="is no domain of ours, so it needs no approval"):
        give(desk, domain)


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [(5, 4, "before it begins"), (-5, -1, "2026-11-20 is past"), (0, 367, "lasts a year at most")],
)
def test_its_days_are_in_order_to_come_and_within_a_year(desk: Desk, since: int, until: int, sentence: str) -> None:
    with pytest.raises(ApprovalRefused, match=sentence):
        give(desk, since=since, until=until)
    assert not HeaderApproval.objects.exists()


def test_what_is_no_host_name_is_refused(desk: Desk) -> None:
    with pytest.raises(ValidationError):
        give(desk, "harrow example com")


def test_it_counts_on_its_first_and_its_last_day_and_not_when_revoked(desk: Desk) -> None:
    approval = give(desk, since=1, until=3)

    def counts(day: int) -> bool:
        return header_approvals.in_force(date(2026, 11, day)).exists()

    assert [counts(day) for day in (21, 22, 24, 25)] == [False, True, True, False]
    header_approvals.revoke(approval, "Misused.", by=desk.people.dana.actor(), at=NOON)
    assert not counts(22)


def test_it_is_given_on_the_vendors_page(dana: Client, desk: Desk) -> None:
    page = reverse("desk:header_approval_new", args=[desk.vendor.uid])
    answer = dana.get(page)
    assert heading(answer) == "Approve a domain of ours for Alder Mailings"
    assert "One of ours, or a name below one: harrow.example.com." in text(answer)
    posted = {"domain": "other.example", "reason": "Spring.", "since": "2026-11-21", "until": "2027-05-31"}
    assert "other.example is no domain of ours" in text(dana.post(page, posted))
    assert "is only part of a host name" in text(dana.post(page, posted | {"domain": "harrow"}))
    answer = dana.post(page, posted | {"domain": "news.harrow.example.com"}, follow=True)
    approval = HeaderApproval.objects.get()
    words = text(answer)
    assert f"{approval.number}: Alder Mailings may use news.harrow.example.com until 2027-05-31." in words
    assert f"Our domains in their headers {approval.number} news.harrow.example.com, until 31 May 2027" in words
    assert f"{approval.number} approves news.harrow.example.com in headers until 2027-05-31. By Dana." in words


def test_they_are_listed_and_revoked_with_a_reason(dana: Client, desk: Desk) -> None:
    approval = give(desk)
    assert heading(dana.get(PAGE)) == "1 approval of our domains in headers is in force"
    page = reverse("desk:header_approval_revoke", args=[approval.uid])
    assert "may not use harrow.example.com in a header" in text(dana.get(page))
    assert "Write a reason." in text(dana.post(page, {"reason": ""}))
    answer = dana.post(page, {"reason": "Misused."}, follow=True)
    assert f"{approval.number} is revoked: Alder Mailings may not use harrow.example.com." in text(answer)
    assert heading(answer) == "0 approvals of our domains in headers are in force"
    assert "Revoked 21 Nov 2026" in text(dana.get(PAGE, {"show": "ended"}))
    assert Entry.objects.get(verb="revoked").why == "Misused."


def test_revoking_tells_the_owners_and_the_address_for_notices_once_and_the_portal_says_so(
    desk: Desk, sign_in: SignIn
) -> None:
    people = desk.people
    make_cleared(desk.vendor, headers=["news@harrow.example.com"])
    Acceptance.objects.update(to_email="notices@alder.example")
    approval = give(desk)
    for why in ("It was used for another client.", "Again."):
        header_approvals.revoke(approval, why, by=people.dana.actor(), at=NOON)
    mails = Delivery.objects.filter(letter="approval_revoked")
    assert {mail.to_email for mail in mails} == {people.alice.email, "notices@alder.example"}
    assert mails.count() == 2
    letter = render("approval_revoked", mails[0].facts | {"to_name": "Alice"})
    assert letter.subject == f"Stop using harrow.example.com in headers: approval {approval.number} is revoked"
    assert "The reason: It was used for another client." in letter.text
    assert "approves it\nin writing anew" in letter.text
    home = text(sign_in(people.alice).get("/portal/"))
    assert f"Approval {approval.number} of harrow.example.com was revoked. It was used for another client." in home
    assert "Opens when the IT department of Harrow & Lyle approves it in writing." in home
    answer = clearance(desk.vendor, header="news@harrow.example.com", at=NOON)
    [reason] = [one for one in answer.shutting if one.id == "header_approval_revoked"]
    assert reason.sentence.endswith("was revoked. It was used for another client.")
    assert clearance(desk.vendor, at=NOON).has("header_approval_revoked")


@pytest.mark.parametrize(("query", "count"), [({"q": "alder"}, 1), ({"q": "harrow"}, 1), ({"q": "birch"}, 0)])
def test_one_is_found_by_vendor_or_domain(dana: Client, desk: Desk, query: dict[str, str], count: int) -> None:
    give(desk)
    assert dana.get(PAGE, query).context["page"].paginator.count == count


def test_reviewers_and_auditors_read_them_and_give_none(desk: Desk, sign_in: SignIn) -> None:
    approval = give(desk)
    for person in (desk.people.rita, desk.people.orla):
        client = sign_in(person)
        assert approval.number in text(client.get(PAGE))
        assert "Approve a domain" not in text(client.get(reverse("desk:vendor", args=[desk.vendor.uid])))
        assert client.get(reverse("desk:header_approval_new", args=[desk.vendor.uid])).status_code == 403
        assert client.post(reverse("desk:header_approval_revoke", args=[approval.uid])).status_code == 403


def test_an_address_in_our_domain_stops_acceptance_until_it_is_approved(desk: Desk) -> None:
    desk.contact.delete()
    said = {"A6.01": [{"name": "News", "address": "news@harrow.example.com", "also": ["reply_to", "return_path"]}]}
    people = desk.people
    submission = submissions.make_filled(desk.vendor, said=said)

    def stops() -> list[str]:
        found = waivers.flags(submission, submissions.answers(submission), NOON)
        return [flag.rule.id for flag in found if flag.stops]

    assert "advertiser-header" in stops()
    give(desk, "news.harrow.example.com")  # a name below, and not the one in the header
    assert "advertiser-header" in stops()
    approval = give(desk)
    assert "advertiser-header" not in stops()
    header_approvals.revoke(approval, "Misused.", by=people.dana.actor(), at=NOON)
    assert "advertiser-header" in stops()
