"""Writing the next version of the policy at the desk, seeing what it does before it is done, and publishing it."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from journal.actor import ENGINE
from policies import drafts
from policies.models import PolicyVersion
from policies.versions import draft, latest
from questionnaires.models import Acceptance, Signature, Submission
from questionnaires.reopening import reopened_by
from tests import amended, world
from tests.desk.conftest import Desk
from tests.desk.pages import heading, text
from tests.world import NOON, PASSWORD, come_in
from vendors.models import Vendor

DRAFT, PUBLISH = "/desk/policy/draft/", "/desk/policy/draft/publish/"
R5 = {"title": "No bad standing on blocklists", "text": "Nobody is listed anywhere."}
WANTED = {"kind": "material", "note": "R5 is stricter.", "effective_at": ""}


@pytest.fixture
def ada(desk: Desk, client: Client) -> Client:
    """A browser in which Ada, an administrator, has just signed in."""
    come_in(client, desk.people.ada)
    return client


@pytest.fixture
def begun(ada: Client) -> PolicyVersion:
    ada.post("/desk/policy/begin/")
    found = draft()
    assert found is not None
    return found


def confirm(ada: Client, **changed: str) -> tuple[Any, dict[str, str]]:
    """The page that shows what publishing would do, and what its button sends."""
    answer = ada.post(PUBLISH, WANTED | changed)
    hidden = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', answer.content.decode())
    return answer, {name: unescape(value) for name, value in hidden if name != "csrfmiddlewaretoken"}


def accept(vendor: Vendor, state: str = Acceptance.State.RECEIVED) -> None:
    """Written acceptance of Exhibit A, under the version in force."""
    by = {
        "at": NOON,
        "round": 1,
        "submission": Submission.objects.create(
            vendor=vendor, exhibit="A", version=1, created_at=NOON, touched_at=NOON
        ),
        "policy": latest(),
    }
    signature = Signature.objects.create(**by, promises=[], proved_at=NOON, seal_lines=[])
    Acceptance.objects.create(
        vendor=vendor,
        submission=signature.submission,
        signature=signature,
        policy=latest(),
        exhibit="A",
        state=state,
        code=f"{vendor.pk:016}",
        scope={},
        officers=[],
        issued_at=NOON,
        valid_until=NOON + timedelta(days=365),
        letter_size=1,
    )


# ── reading ─────────────────────────────────────────────────────────────────


def test_everybody_at_the_desk_reads_the_version_in_force(desk: Desk, dana: Client) -> None:
    amended.make_version("R5")
    answer = dana.get("/desk/policy/")
    assert heading(answer) == "Version 2 of the policy is in force"
    words = text(answer)
    for part in ("clauses", "Truly.", latest().sha256, "Material, by Ada", "Changed R5"):
        assert part in words
    assert 'id="R5"' in answer.content.decode()
    assert "Write the next version" not in words


def test_a_version_to_come_is_announced(desk: Desk, dana: Client) -> None:
    amended.make_version("R5", note="R5 is stricter.", effective_at=timezone.now() + timedelta(days=3))
    words = text(dana.get("/desk/policy/"))
    assert "Version 2 takes effect at" in words
    assert "Version 1 of the policy is in force" in words


# ── writing ─────────────────────────────────────────────────────────────────


def test_a_draft_is_begun_once_and_gone_on_with(ada: Client, begun: PolicyVersion) -> None:
    assert begun.begun_by_name == "Ada"
    assert "Go on with the draft" in text(ada.get("/desk/policy/"))
    again = ada.post("/desk/policy/begin/", follow=True)
    assert "There is a draft already, begun by Ada." in text(again)
    assert PolicyVersion.objects.count() == 2
    assert "Nothing yet: it reads as version 1 does." in text(ada.get(DRAFT))


def test_a_clause_is_changed_on_its_page_and_the_draft_shows_the_words(ada: Client, begun: PolicyVersion) -> None:
    page = ada.get(f"{DRAFT}clauses/R5/")
    assert heading(page) == "Change R5"
    answer = ada.post(f"{DRAFT}clauses/R5/", R5, follow=True)
    assert "R5 is saved in the draft." in text(answer)
    assert "<ins>Nobody is listed anywhere</ins>" in answer.content.decode()
    assert {one.id: one.text for one in begun_now().written}["R5"] == R5["text"]


def begun_now() -> PolicyVersion:
    found = draft()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "Write the title."),
        ({"text": "Within {days} days."}, "“{days}” is no threshold. Write one of {complaint_hours}"),
        ({"text": "x" * 2001}, "Ensure this value has at most 2000 characters"),
    ],
)
def test_words_that_cannot_stand_come_back_with_a_sentence(
    ada: Client, begun: PolicyVersion, typed: dict[str, str], sentence: str
) -> None:
    answer = ada.post(f"{DRAFT}clauses/R5/", R5 | typed)
    assert sentence in text(answer)
    assert begun_now().wording == latest().wording


def test_two_who_change_one_clause_lose_nothing(ada: Client, begun: PolicyVersion) -> None:
    shown = re.search(r'name="seen" value="(\w+)"', ada.get(f"{DRAFT}clauses/R5/").content.decode())
    assert shown
    drafts.change_clause(begun, "R5", "Theirs", "Their words.", by=ENGINE, at=timezone.now())
    answer = ada.post(f"{DRAFT}clauses/R5/", R5 | {"seen": shown[1]})
    assert "Somebody else changed R5 while you wrote. It reads now: “Theirs: Their words.”" in text(answer)
    assert R5["text"] in answer.content.decode()
    again = re.search(r'name="seen" value="(\w+)"', answer.content.decode())
    assert again
    ada.post(f"{DRAFT}clauses/R5/", R5 | {"seen": again[1]})
    assert {one.id: one.text for one in begun_now().written}["R5"] == R5["text"]


def test_a_clause_is_added_and_taken_out_again(ada: Client, begun: PolicyVersion) -> None:
    added = ada.post(f"{DRAFT}clauses/new/", {"id": "R13", "title": "Thirteen", "text": "A new duty."}, follow=True)
    assert "R13 is a clause of the draft now." in text(added)
    assert "Take R13 out" in text(ada.get(f"{DRAFT}clauses/R13/"))
    gone = ada.post(f"{DRAFT}clauses/R13/drop/", follow=True)
    assert "R13 is taken out of the draft." in text(gone)
    refused = ada.post(f"{DRAFT}clauses/R5/drop/", follow=True)
    assert "R5 was published, and letters cite it: it stays." in text(refused)
    again = ada.post(f"{DRAFT}clauses/new/", {"id": "R5", "title": "Five", "text": "Five."})
    assert "R5 is a clause already. Choose an id that was never used." in text(again)
    assert ada.get(f"{DRAFT}clauses/R99/").status_code == 404
    assert ada.post(f"{DRAFT}clauses/R99/drop/").status_code == 404


def test_title_and_thresholds_are_changed_on_one_page(ada: Client, begun: PolicyVersion) -> None:
    values: dict[str, Any] = {"title": "Our policy", **begun.thresholds, "complaint_hours": 12}
    answer = ada.post(f"{DRAFT}terms/", values, follow=True)
    words = text(answer)
    assert "A complaint is answered within 24 12 hours" in words
    assert "Answers within 24 12 hours" in words
    assert begun_now().limits.complaint_hours == 12
    assert begun_now().title == "Our policy"
    refused = ada.post(f"{DRAFT}terms/", values | {"optout_days": 29})
    assert "Write 30 to 3,650 days, as a whole number." in text(refused)
    assert begun_now().limits.optout_days == 30


def test_a_draft_is_discarded_with_a_reason(ada: Client, begun: PolicyVersion) -> None:
    assert "Write a reason." in text(ada.post(f"{DRAFT}discard/", {"reason": ""}))
    answer = ada.post(f"{DRAFT}discard/", {"reason": "Too early."}, follow=True)
    assert "The draft is discarded. The policy stays as it is." in text(answer)
    assert draft() is None
    assert "The draft of the policy was discarded. Too early." in text(ada.get("/desk/journal/"))
    for page in (DRAFT, PUBLISH, f"{DRAFT}terms/", f"{DRAFT}clauses/R5/", f"{DRAFT}clauses/new/", f"{DRAFT}discard/"):
        assert ada.get(page).status_code == 404


# ── publishing ──────────────────────────────────────────────────────────────


def test_before_it_is_published_the_page_shows_whom_it_shuts_out_and_what_it_asks_anew(
    desk: Desk, ada: Client, begun: PolicyVersion
) -> None:
    gone = world.make_vendor("Dogwood Mail")
    for vendor in (desk.vendor, world.make_vendor("Cedar Post"), gone):
        accept(vendor)
    accept(desk.people.vendor_b, "issued")
    Vendor.objects.filter(pk=gone.pk).update(state=Vendor.State.RETIRED)
    ada.post(f"{DRAFT}clauses/R5/", R5)
    answer, _ = confirm(ada)
    assert heading(answer) == "Version 2 shuts 2 vendors out"
    words = text(answer)
    for part in ("Alder Mailings", "Cedar Post", "It takes effect at once", "Changed: R5"):
        assert part in words
    assert "Birch" not in words, "has not received its letter, and may not mail anyhow"
    assert "Dogwood" not in words, "is not dealt with any more"
    questions = reopened_by(["R5"])
    assert questions, "the exhibits ask about blocklists"
    for question in questions:
        assert question.label in words
    assert latest().number == 1, "showing is not doing"


def test_it_is_published_by_the_button_of_that_page(ada: Client, begun: PolicyVersion) -> None:
    ada.post(f"{DRAFT}clauses/R5/", R5)
    _, sent = confirm(ada)
    answer = ada.post(PUBLISH, sent, follow=True)
    assert "Version 2 is published. It is in force." in text(answer)
    assert heading(answer) == "Version 2 of the policy is in force"
    published = latest()
    assert (published.number, published.kind, published.note, published.changed) == (
        2,
        "material",
        "R5 is stricter.",
        ["R5"],
    )
    assert published.published_by_name == "Ada"
    assert "Published: version 2 of the policy." in text(ada.get("/desk/journal/"))
    assert ada.post(PUBLISH, sent).status_code == 404, "the same button again finds no draft"


def test_an_editorial_change_shuts_nobody_out(ada: Client, begun: PolicyVersion) -> None:
    ada.post(f"{DRAFT}clauses/R5/", R5)
    answer, sent = confirm(ada, kind="editorial")
    assert heading(answer) == "Version 2 shuts nobody out"
    assert "Alder Mailings" not in text(answer)
    ada.post(PUBLISH, sent)
    assert latest().kind == "editorial"


def test_it_may_take_effect_later(ada: Client, begun: PolicyVersion) -> None:
    ada.post(f"{DRAFT}clauses/R5/", R5)
    answer, sent = confirm(ada, effective_at="2099-12-01T09:00")
    assert "It takes effect at 1 Dec 2099, 09:00 UTC" in text(answer)
    ada.post(PUBLISH, sent)
    assert str(latest().effective_at) == "2099-12-01 09:00:00+00:00"
    assert heading(ada.get("/desk/policy/")) == "Version 1 of the policy is in force"


def test_one_can_go_back_from_that_page_with_everything_typed(ada: Client, begun: PolicyVersion) -> None:
    ada.post(f"{DRAFT}clauses/R5/", R5)
    _, sent = confirm(ada, effective_at="2099-12-01T09:00")
    answer = ada.post(PUBLISH, sent | {"again": "1"})
    assert heading(answer) == "Publish version 2 of the policy"
    html = answer.content.decode()
    assert "R5 is stricter." in html
    assert 'value="2099-12-01T09:00"' in html
    assert latest().number == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": ""}, "Say whether the change is editorial or material."),
        ({"note": " "}, "Write what changes: vendors read it."),
        ({"effective_at": "tomorrow"}, "Write a day and a time like 2026-12-01 09:00, or leave it empty."),
        ({"effective_at": "2020-01-01"}, "00:00 UTC on 1 January 2020 is past."),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_shown(
    ada: Client, begun: PolicyVersion, typed: dict[str, str], sentence: str
) -> None:
    ada.post(f"{DRAFT}clauses/R5/", R5)
    answer, _ = confirm(ada, **typed)
    assert sentence in text(answer)
    assert heading(answer) == "Publish version 2 of the policy"


def test_a_draft_that_changes_nothing_is_not_published(ada: Client, begun: PolicyVersion) -> None:
    assert "The draft reads as version 1 does. Change something, or discard it." in text(confirm(ada)[0])


def test_what_was_changed_after_the_page_was_shown_is_not_published(ada: Client, begun: PolicyVersion) -> None:
    ada.post(f"{DRAFT}clauses/R5/", R5)
    _, sent = confirm(ada)
    ada.post(f"{DRAFT}clauses/R6/", {"title": "Six", "text": "Slowly."})
    assert "Somebody changed the draft after you opened this page." in text(ada.post(PUBLISH, sent))
    assert latest().number == 1


def test_an_open_browser_is_not_enough(desk: Desk, begun: PolicyVersion) -> None:
    drafts.change_clause(begun, "R5", **R5, by=ENGINE, at=timezone.now())
    left_open = Client()
    come_in(left_open, desk.people.ada, is_proved=False)
    assert heading(confirm(left_open)[0]) == "Version 2 finds no vendor to shut out"
    asked = left_open.post(PUBLISH, WANTED | {"seen": begun_now().fingerprint})["Location"]
    assert asked.startswith("/account/reauthenticate/")
    assert latest().number == 1
    left_open.post(asked, {"password": PASSWORD})
    assert latest().number == 2, "what was sent is done once the password is there"


def test_looking_at_the_pages_of_a_draft_changes_nothing(ada: Client, begun: PolicyVersion) -> None:
    before = list(PolicyVersion.objects.values())
    for page in ("", "terms/", "clauses/new/", "clauses/R5/", "publish/", "discard/"):
        assert ada.get(f"{DRAFT}{page}").status_code == 200
    for page in ("/desk/policy/begin/", f"{DRAFT}clauses/R5/drop/"):
        assert ada.get(page).status_code == 405
    assert list(PolicyVersion.objects.values()) == before
