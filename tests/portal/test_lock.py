"""While an amended policy that counts waits for the vendor, its pages are that policy, its orders and the form."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from engine.cycle import Sweep
from questionnaires import drafts, renewals
from questionnaires.models import Acceptance, Submission
from questionnaires.sweep import sweep
from tests import halted, submissions, world
from tests.accepted import make_accepted
from tests.amended import make_version
from tests.world import NOON, People

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PUBLISHED = NOON + 30 * DAY
COUNTS = PUBLISHED + 30 * DAY


@pytest.fixture
def accepted(people: People) -> Acceptance:
    return make_accepted(people)


@pytest.fixture
def before(accepted: Acceptance) -> Iterator[None]:
    """The day after a version that touches O1 was published."""
    make_version("O1", effective_at=COUNTS, at=PUBLISHED, note="Fetch our opt-outs more often.")
    with time_machine.travel(PUBLISHED + DAY, tick=False):
        yield


@pytest.fixture
def after(accepted: Acceptance) -> Iterator[None]:
    """The day after it took effect."""
    make_version("O1", effective_at=COUNTS, at=PUBLISHED, note="Fetch our opt-outs more often.")
    ring(PUBLISHED)
    with time_machine.travel(COUNTS + DAY, tick=False):
        yield


def ring(at: datetime) -> None:
    sweep(Sweep(at))


def client_of(user: User) -> Client:
    client = Client()
    world.come_in(client, user)
    return client


def form_of(people: People) -> Submission:
    return people.vendor_a.submissions.get(reason="amendment")


def text_of(response: object) -> str:
    html = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# ── before its day ──────────────────────────────────────────────────────────
def test_before_the_day_home_says_what_changes_and_all_pages_are_open(people: People, before: None) -> None:
    ring(PUBLISHED)
    alice = client_of(people.alice)
    page = alice.get("/portal/")
    text = text_of(page)
    assert "The policy changes" in text
    assert "Fetch our opt-outs more often." in text
    assert "If nothing is done, you may not mail from that moment on." in text
    assert f"Go on with {form_of(people).number}, then sign it" in text
    assert "<ins>" in page.content.decode()
    assert alice.get("/portal/colleagues/").status_code == 200
    assert "Truly." in text_of(alice.get("/portal/forms/"))


def test_a_vendor_that_the_sweep_has_not_reached_begins_the_form_itself(people: People, before: None) -> None:
    alice = client_of(people.alice)
    assert "Begin the form that accepts it" in text_of(alice.get("/portal/"))
    response = alice.post("/portal/forms/begin/", {"exhibit": "A", "reason": "amendment"})
    assert response["Location"] == f"/portal/forms/{form_of(people).number}/"


def test_nobody_accepts_what_nobody_published(people: People, accepted: Acceptance) -> None:
    response = client_of(people.alice).post(
        "/portal/forms/begin/", {"exhibit": "A", "reason": "amendment"}, follow=True
    )
    assert "There is nothing to accept" in text_of(response)
    assert not people.vendor_a.submissions.filter(reason="amendment").exists()


# ── from its day on ─────────────────────────────────────────────────────────
SHUT = [
    "/portal/forms/",
    "/portal/colleagues/",
    "/portal/lists/",
]


def test_home_is_the_amended_policy_with_its_difference_and_the_standing_orders(people: People, after: None) -> None:
    order = halted.make_order(people.vendor_a, at=COUNTS)
    page = client_of(people.alice).get("/portal/")
    text = text_of(page)
    assert "No. Accept the changed policy first." in text
    assert "Fetch our opt-outs more often." in text
    assert re.search(r"<ins>[^<]*Truly\.</ins>", page.content.decode())
    assert f"Halt order {order.number}" in text
    assert order.code in text.replace("-", "").replace(" ", "")
    assert f"Go on with {form_of(people).number}, then sign it" in text
    assert "Colleagues" not in text, "what is shut is not offered"


@pytest.mark.parametrize("address", SHUT)
def test_other_pages_lead_home(people: People, after: None, address: str) -> None:
    for user in (people.alice, people.bob):
        response = client_of(user).get(address)
        assert (response.status_code, response["Location"]) == (302, "/portal/")
    assert client_of(people.charlie).get(address).status_code == 200, "the others' pages are open"


def test_nothing_is_done_on_a_page_that_is_shut(people: People, after: None) -> None:
    alice = client_of(people.alice)
    assert alice.post("/portal/lists/", {"code": "web", "count": "9"})["Location"] == "/portal/"
    assert not people.vendor_a.list_sources.exists()


def test_other_forms_and_letters_are_shut_too(people: People, after: None, accepted: Acceptance) -> None:
    alice = client_of(people.alice)
    number = accepted.submission.number
    for address in (
        f"/portal/forms/{number}/",
        f"/portal/forms/{number}/check/",
        f"/portal/forms/{number}/copy.json",
        f"/portal/acceptances/{accepted.number}/",
        f"/portal/files/{accepted.submission.evidence.all()[0].uid}/",
    ):
        assert alice.get(address)["Location"] == "/portal/", address


def test_the_form_its_files_the_orders_and_the_contacts_stay_open(people: People, after: None) -> None:
    alice = client_of(people.alice)
    form, order = form_of(people), halted.make_order(people.vendor_a, at=COUNTS)
    contact = people.vendor_a.contacts.all()[0]
    for address in (
        f"/portal/forms/{form.number}/",
        f"/portal/forms/{form.number}/company/",
        f"/portal/forms/{form.number}/check/",
        f"/portal/forms/{form.number}/files/A6.10/",
        f"/portal/forms/{form.number}/comments/A1.04/",
        f"/portal/forms/{form.number}/copy.json",
        f"/portal/orders/{order.number}/",
        "/portal/contacts/",
        "/portal/contacts/new/",
        f"/portal/contacts/{contact.uid}/",
        reverse("account_logout"),
        "/policy/",
        "/policy/2/",
    ):
        response = alice.get(address)
        assert response.status_code in {200, 302}, address
        assert response.headers.get("Location", "") != "/portal/", address


def test_a_stranger_is_asked_to_sign_in_and_staff_see_nothing(people: People, after: None) -> None:
    assert Client().get("/portal/forms/")["Location"].startswith("/account/login/")
    assert client_of(people.rita).get("/portal/forms/").status_code == 404


def test_the_form_shows_the_words_that_are_new_and_signing_it_opens_the_pages(people: People, after: None) -> None:
    alice, form = client_of(people.alice), form_of(people)
    text = text_of(alice.get(f"/portal/forms/{form.number}/"))
    assert "This form accepts version 2 of the policy" in text
    assert "Truly." in text
    for sheet in form.sheets.all():
        drafts.confirm(form, sheet.step, set(sheet.unconfirmed), row=sheet.row, by=people.alice.actor(), at=COUNTS)
    address = f"/portal/forms/{form.number}/sign/"
    page = alice.get(address)
    assert "You signed version 1 before. These words are new:" in text_of(page)
    promises = [code for code in page.context["form"].fields if code.startswith("A18")]
    response = alice.post(
        address,
        dict.fromkeys(promises, "on")
        | {"name": submissions.SIGNATORY, "title": "Director", "seen": page.context["seen"]},
        follow=True,
    )
    assert response.status_code == 200
    form.refresh_from_db()
    assert form.state == Submission.State.ACCEPTED
    assert alice.get("/portal/colleagues/").status_code == 200
    assert "May we mail for" in text_of(alice.get("/portal/"))


def test_the_steps_keep_what_was_signed_and_take_what_is_reopened(people: People, after: None) -> None:
    alice, form = client_of(people.alice), form_of(people)
    sheet = next(one for one in form.sheets.all() if "A11.06" in one.values)
    address = f"/portal/forms/{form.number}/{sheet.step}/"
    page = alice.get(address)
    html = page.content.decode()
    assert "This answer is still right" in html
    parts = page.context["wizard"]["form"].parts
    data = {"wizard-current_step": sheet.step, "page-revision": str(sheet.revision), "page-codes": parts[0].codes}
    data |= {f"page-{name}": of for name, of in sheet.typed.items()}
    data |= {f"still-page-{code}": "1" for code in sheet.unconfirmed}
    response = alice.post(address, data)
    assert response.status_code == 302, text_of(response)[:3000]
    sheet.refresh_from_db()
    assert sheet.unconfirmed == []


def test_a_page_of_which_nothing_is_reopened_can_be_gone_through(people: People, after: None) -> None:
    alice, form = client_of(people.alice), form_of(people)
    for step in ("company", "people", "emergency-halt", "servers", "rates", "law"):
        page = alice.get(f"/portal/forms/{form.number}/{step}/")
        parts = page.context["wizard"]["form"].parts
        lines = [line for part in parts for line in part.lines]
        assert not [line.question.code for line in lines if line.kind == "field"], "no control is offered"
        for line in [one for one in lines if one.kind == "signed" and one.said]:
            assert escape(line.said.splitlines()[0]) in page.content.decode(), f"{line.question.code} as it was signed"
        data = {"wizard-current_step": step}
        for part in parts:
            data |= {f"{part.prefix}-revision": str(part.revision), f"{part.prefix}-codes": part.codes}
        response = alice.post(f"/portal/forms/{form.number}/{step}/", data)
        assert response.status_code == 302, (step, text_of(response)[:3000])


# ── other ways back ─────────────────────────────────────────────────────────
def test_who_withdraws_it_may_report_a_change_instead(people: People, after: None) -> None:
    alice, form = client_of(people.alice), form_of(people)
    assert alice.post(f"/portal/forms/{form.number}/give-up/").status_code == 302
    text = text_of(alice.get("/portal/"))
    assert "Begin the form that accepts it" in text
    response = alice.post("/portal/forms/begin/", {"exhibit": "A", "reason": "change"})
    change = people.vendor_a.submissions.get(reason="change")
    assert response["Location"] == f"/portal/forms/{change.number}/"
    assert alice.get(response["Location"]).status_code == 200
    assert f"Go on with {change.number}" in text_of(alice.get("/portal/"))


def test_a_form_that_is_with_us_under_the_old_words_is_taken_back(people: People, accepted: Acceptance) -> None:
    change = renewals.begin_again(people.vendor_a, "change", by=people.alice.actor(), at=NOON)
    submissions.sign(change, people.alice, at=NOON)
    make_version("O1", effective_at=COUNTS, at=PUBLISHED)
    with time_machine.travel(COUNTS, tick=False):
        alice = client_of(people.alice)
        assert "Take it back" in text_of(alice.get("/portal/"))
        assert alice.post(f"/portal/forms/{change.number}/give-up/").status_code == 302
        assert f"Go on with {change.number}" in text_of(alice.get("/portal/"))


def test_renewing_and_reporting_a_change_are_two_buttons(people: People, accepted: Acceptance) -> None:
    alice = client_of(people.alice)
    text = text_of(alice.get("/portal/forms/"))
    assert "Renew Exhibit A" in text
    assert "Report a change" in text
    assert "Begin Exhibit A" in text_of(client_of(people.charlie).get("/portal/forms/"))
    response = alice.post("/portal/forms/begin/", {"exhibit": "A", "reason": "renewal"})
    renewal = people.vendor_a.submissions.get(reason="renewal")
    assert response["Location"] == f"/portal/forms/{renewal.number}/"
    assert "Say of each whether it is still right" in text_of(alice.get(response["Location"]))
    assert alice.post("/portal/forms/begin/", {"exhibit": "A", "reason": "whim"}).status_code == 400
