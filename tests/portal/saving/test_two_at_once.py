"""Two people on one page: both versions are shown, and nothing is lost; nor with a row that is removed."""

import pytest
from django.test import Client

from questionnaires import decisions, drafts, review
from questionnaires.models import Save, Submission
from tests import world
from tests.portal.saving.opened import Opened, add_domain, typed_of
from tests.submissions import make_in_review

pytestmark = pytest.mark.django_db


class TestTwoAtOnce:
    def conflicted(self, alice: Client, bob: Client, draft: Submission) -> str:
        hers, his = Opened(alice, draft, "company-reach"), Opened(bob, draft, "company-reach")
        hers.later({"A1.08": "hers", "A1.07": "her phone"})
        response = his.later({"A1.08": "his", "A1.09": "his page"})
        assert "/conflicts/" in response["Location"]
        return str(response["Location"])

    def test_both_versions_are_shown(self, alice: Client, bob: Client, draft: Submission) -> None:
        page = bob.get(self.conflicted(alice, bob, draft)).content.decode()
        assert [word for word in ("hers", "her phone", "his", "his page") if word not in page] == []
        assert typed_of(draft, "company-reach")["A1.08"] == ["hers"]

    def test_what_was_chosen_is_kept_and_the_rest_stays(self, alice: Client, bob: Client, draft: Submission) -> None:
        where = self.conflicted(alice, bob, draft)
        revision = drafts.sheet_of(draft, "company-reach")
        assert revision is not None
        bob.post(where, {"revision": str(revision.revision), "A1.08": "mine", "A1.07": "theirs", "A1.09": "mine"})
        typed = typed_of(draft, "company-reach")
        assert (typed["A1.08"], typed["A1.07"], typed["A1.09"]) == (["his"], ["her phone"], ["his page"])
        assert {"hers", "his"} <= {text for save in Save.objects.all() for text in save.typed.get("A1.08", [])}

    def test_a_third_save_while_choosing_is_shown_again(self, alice: Client, bob: Client, draft: Submission) -> None:
        where = self.conflicted(alice, bob, draft)
        Opened(alice, draft, "company-reach").later({"A1.08": "hers, again"})
        response = bob.post(where, {"revision": "1", "A1.08": "mine"})
        assert "/conflicts/" in response["Location"]
        assert response["Location"] != where
        page = bob.get(response["Location"]).content.decode()
        assert ("hers, again" in page, ">his" in page or " his" in page) == (True, True)
        assert typed_of(draft, "company-reach")["A1.08"] == ["hers, again"]

    def test_a_page_that_was_only_looked_at_is_no_conflict(self, alice: Client, bob: Client, draft: Submission) -> None:
        Opened(alice, draft).later({"A1.04": "first"})
        his = Opened(bob, draft)
        Opened(alice, draft).later({"A1.04": "second"})
        assert his.later({}).headers["Location"] == f"/portal/forms/{draft.number}/"
        assert typed_of(draft)["A1.04"] == ["second"]

    def test_each_row_that_came_too_late_is_shown(
        self, alice: Client, bob: Client, draft: Submission, people: world.People
    ) -> None:
        rows = [add_domain(draft, people, f"{name}.example").row for name in ("one", "two", "three")]
        hers, his = Opened(alice, draft, "domains"), Opened(bob, draft, "domains")
        data = hers.data({})
        hers.client.post(hers.path, data | {f"{row}-A4.01": "hers.example" for row in rows} | {"later": "1"})
        data = his.data({})
        answer = his.client.post(his.path, data | {f"{row}-A4.01": "his.example" for row in rows} | {"later": "1"})
        for row in rows:
            assert "/conflicts/" in answer["Location"], row
            sheet = drafts.sheet_of(draft, "domains", row)
            assert sheet is not None
            answer = bob.post(answer["Location"], {"revision": str(sheet.revision), "A4.01": "mine"})
        assert answer["Location"].startswith(f"/portal/forms/{draft.number}/domains/")
        assert [typed_of(draft, "domains", row)["A4.01"] for row in rows] == [["his.example"]] * 3


# ── rows that are removed ───────────────────────────────────────────────────
class TestARemovedRow:
    @pytest.fixture
    def row(self, draft: Submission, people: world.People) -> str:
        return add_domain(draft, people, "one.example").row

    def remove(self, client: Client, draft: Submission, row: str) -> None:
        client.post(f"/portal/forms/{draft.number}/domains/remove/", {"row": row})

    def test_it_does_not_come_back_when_its_page_is_posted_again(
        self, alice: Client, bob: Client, draft: Submission, row: str
    ) -> None:
        page = Opened(alice, draft, "domains")
        self.remove(bob, draft, row)
        assert page.later({}).status_code == 302
        assert page.by_itself({}).status_code == 200
        assert not draft.sheets.exclude(row="").exists()
        assert not Save.objects.filter(has_lost=True).exists()

    def test_what_is_typed_into_it_is_kept_and_can_be_added_again(
        self, alice: Client, bob: Client, draft: Submission, row: str
    ) -> None:
        page = Opened(alice, draft, "domains")
        self.remove(bob, draft, row)
        response = page.by_itself({"A4.01": "typed.example"}, row)
        assert response.status_code == 409
        assert "Bob removed this row" in response.content.decode()
        where = page.later({"A4.01": "typed.example"}, row)["Location"]
        assert Save.objects.filter(has_lost=True).count() == 1, "the same words are kept once"
        shown = alice.get(where).content.decode()
        assert ("Removed while you typed" in shown, "typed.example" in shown) == (True, True)
        assert not draft.sheets.exclude(row="").exists()
        alice.post(where)
        new = draft.sheets.exclude(row="").get()
        assert (new.typed["A4.01"], new.row != row) == (["typed.example"], True)

    def test_it_is_in_the_journal(self, bob: Client, draft: Submission, row: str) -> None:
        self.remove(bob, draft, row)
        assert world.entries().get(verb="row removed").after == {"step": "domains", "in_row": row, "files": 0}

    def test_removed_while_somebody_settles_a_conflict_in_it(
        self, alice: Client, bob: Client, draft: Submission, row: str
    ) -> None:
        his = Opened(bob, draft, "domains")
        Opened(alice, draft, "domains").later({"A4.01": "hers.example"}, row)
        where = his.later({"A4.01": "his.example"}, row)["Location"]
        self.remove(alice, draft, row)
        assert "his.example" in bob.get(where).content.decode()
        bob.post(where)
        assert draft.sheets.exclude(row="").get().typed["A4.01"] == ["his.example"]


# ── what stays as signed ────────────────────────────────────────────────────
class TestAReturnedForm:
    @pytest.fixture
    def returned(self, people: world.People) -> Submission:
        submission = make_in_review(people.vendor_a, people.alice, people.rita)
        review.mark_return(submission, "A1.04", "", "Wrong.", by=people.rita.actor(), at=world.NOON)
        decisions.send_back(submission, "", user=people.rita, by=people.rita.actor(), at=world.NOON)
        return submission

    def test_locked_answers_are_shown_as_signed_and_do_not_stand_in_the_way(
        self, alice: Client, returned: Submission
    ) -> None:
        page = Opened(alice, returned)
        kinds = {line.question.code: line.kind for line in page.parts["page"].lines}
        assert (kinds["A1.04"], kinds["A1.05"]) == ("field", "signed")
        assert page.parts["page"].codes == "A1.04"
        assert "Street and number: 8 Weaver Street" in page.page
        response = page.client.post(page.path, page.data({"A1.04": "GB 777"}))
        assert response.status_code == 302, response.content.decode()[:3000]
        assert typed_of(returned)["A1.04"] == ["GB 777"]

    def test_posting_locked_codes_changes_nothing(self, alice: Client, returned: Submission) -> None:
        before = typed_of(returned)
        page = Opened(alice, returned)
        data = page.data({"A1.07": "+44 20 7946 0000", "A1.05-street": "1 Elsewhere"}) | {
            "page-codes": "A1.04 A1.05 A1.07 A5.01",
            "still-page-A1.07": "1",
        }
        assert alice.post(page.path, data | {"later": "1"}).status_code == 302
        assert typed_of(returned) == before

    def test_no_row_is_added_or_removed(self, alice: Client, returned: Submission) -> None:
        rows = sorted(returned.sheets.exclude(row="").values_list("step", "row"))
        for step, row in [(step, row) for step, row in rows if step != "parties"]:  # not needed on the short way
            page = Opened(alice, returned, step)
            alice.post(page.path, page.data({}) | {"add": "1"})
            alice.post(f"/portal/forms/{returned.number}/{step}/remove/", {"row": row})
        assert sorted(returned.sheets.exclude(row="").values_list("step", "row")) == rows
