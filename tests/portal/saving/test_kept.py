"""What somebody types is kept, word for word, through killed sessions; and a page saves by itself."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from questionnaires.models import Save, Sheet, Submission
from tests import world
from tests.portal.saving.opened import HALF, HTMX, Opened, opener, typed_of
from tests.world import come

pytestmark = pytest.mark.django_db


class TestAKilledSession:
    def test_half_a_section_is_there_elsewhere_word_for_word(
        self, alice: Client, draft: Submission, people: world.People
    ) -> None:
        assert Opened(alice, draft, "company-reach").later(HALF).status_code == 302
        Session.objects.all().delete()
        assert alice.get(f"/portal/forms/{draft.number}/company-reach/")["Location"].startswith("/account/login/")
        elsewhere = Opened(come(people.alice), draft, "company-reach")
        assert {code: elsewhere.shown(code) for code in HALF} == HALF

    def test_what_saved_itself_is_there_too(self, alice: Client, draft: Submission, people: world.People) -> None:
        assert Opened(alice, draft, "company-reach").by_itself(HALF).status_code == 200
        Session.objects.all().delete()
        elsewhere = Opened(come(people.bob), draft, "company-reach")
        assert {code: elsewhere.shown(code) for code in HALF} == HALF

    def test_a_page_that_saves_itself_is_told_when_the_session_is_gone(self, alice: Client, draft: Submission) -> None:
        page = Opened(alice, draft, "company-reach")
        Session.objects.all().delete()
        response = page.by_itself(HALF)
        assert response.status_code == 401
        assert "Not saved: you are signed out." in response.content.decode()


# ── saving by itself ────────────────────────────────────────────────────────
class TestSavingByItself:
    def test_it_answers_with_the_new_revision_and_never_stands_in_its_own_way(
        self, alice: Client, draft: Submission
    ) -> None:
        page = Opened(alice, draft)
        for number in range(1, 4):  # the answers are lost, so the page never learns of a revision
            response = page.by_itself({"A1.04": f"GB {number}"})
            assert response.status_code == 200
            assert f'id="rev-page" value="{number}"' in response.content.decode()
        assert page.later({"A1.04": "GB 4"}).status_code == 302
        assert typed_of(draft)["A1.04"] == ["GB 4"]
        assert not Save.objects.filter(has_lost=True).exists()

    def test_a_save_that_was_overtaken_on_its_way_does_not_take_later_words_away(
        self, alice: Client, draft: Submission
    ) -> None:
        page = Opened(alice, draft)
        first, second = (page.data({"A1.04": text}) | {"autosave": "1"} for text in ("GB 12", "GB 1234"))
        for sent_ms, posted in ((1_795_000_001_200, second), (1_795_000_000_100, first)):
            assert alice.post(page.path, posted | {"sent_ms": sent_ms}, headers=HTMX).status_code == 200
            assert typed_of(draft)["A1.04"] == ["GB 1234"]

    def test_a_browser_whose_clock_was_set_back_still_saves(self, alice: Client, draft: Submission) -> None:
        page = Opened(alice, draft)
        for sent_ms, text in ((1_795_000_000_000, "GB 12"), (1_794_990_000_000, "GB 1234")):
            posted = page.data({"A1.04": text}) | {"autosave": "1", "sent_ms": sent_ms}
            assert alice.post(page.path, posted, headers=HTMX).status_code == 200
            assert typed_of(draft)["A1.04"] == [text]

    def test_an_answer_that_opens_questions_has_the_page_drawn_anew(self, alice: Client, draft: Submission) -> None:
        step, question, value = opener(draft.definition)
        page = Opened(alice, draft, step)
        response = page.by_itself({question: value})
        assert response.status_code == 200
        assert (response["HX-Retarget"], response["HX-Reswap"], response["HX-Reselect"]) == (
            "#step", "outerHTML", "#step",
        )  # fmt: skip
        assert len(response.context["wizard"]["form"].parts[0].lines) > len(page.parts["page"].lines)
        assert "HX-Retarget" not in Opened(alice, draft, step).by_itself({question: value}).headers

    def test_a_page_that_never_got_its_new_questions_gets_them_with_the_next_answer(
        self, alice: Client, draft: Submission
    ) -> None:
        step, question, value = opener(draft.definition)
        page = Opened(alice, draft, step)
        for _ in range(2):  # the first answer is lost: the person typed on, and the next save overtook it
            response = page.by_itself({question: value})
            assert response["HX-Retarget"] == "#step"
        assert f'name="shown" value="{Opened(alice, draft, step).fingerprint}"' in response.content.decode()

    def test_a_conflict_is_a_fragment_with_the_way_to_both(self, alice: Client, bob: Client, draft: Submission) -> None:
        hers, his = Opened(alice, draft), Opened(bob, draft)
        hers.by_itself({"A1.04": "hers"})
        response = his.by_itself({"A1.04": "his"})
        lost = Save.objects.get(has_lost=True)
        assert response.status_code == 409
        assert f"/portal/forms/{draft.number}/conflicts/{lost.pk}/" in response.content.decode()
        assert "<html" not in response.content.decode()

    def test_what_cannot_be_changed_any_more_is_said(self, alice: Client, draft: Submission) -> None:
        page = Opened(alice, draft)
        Submission.objects.update(state="submitted")
        response = page.by_itself(HALF)
        assert response.status_code == 409
        assert f"{draft.number} is signed and with us." in response.content.decode()
        assert not Sheet.objects.exists()

    def test_a_page_that_another_answer_closed_keeps_what_was_typed(
        self, alice: Client, draft: Submission, people: world.People
    ) -> None:
        page = Opened(alice, draft, "emergency")
        path = f"/portal/forms/{draft.number}/company-more/"
        assert alice.get(path).status_code == 302, "it is not needed yet"
        data = page.data({}) | {"page-codes": "A1.15", "page-A1.15": "while it was open", "autosave": "1"}
        response = alice.post(path, data, headers=HTMX)
        assert response.status_code == 409
        assert "<b>Saved.</b> That page is not needed" in response.content.decode()
        assert typed_of(draft, "company-more") == {"A1.15": ["while it was open"]}
