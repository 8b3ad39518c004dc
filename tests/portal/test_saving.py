"""What somebody types is kept, word for word: through killed sessions, two people at once, rows that are removed and
requests that no browser sends."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from questionnaires import decisions, drafts, review
from questionnaires.definition import Definition, Kind, Question
from questionnaires.definition_file import load
from questionnaires.models import Save, Sheet, Submission
from tests import world
from tests.acceptances import make_submission
from tests.submissions import make_in_review

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HALF = {"A1.08": "nobody@", "A1.07": " 020 79 ", "A1.09": "http//fieldnote\n<b>ünfinished</b> \u202e"}


@pytest.fixture
def people() -> world.People:
    return world.make_people()


@pytest.fixture
def draft(people: world.People) -> Submission:
    return make_submission(people.vendor_a, state=Submission.State.DRAFT)


def come(user: Any) -> Client:
    client = Client()
    world.come_in(client, user)
    return client


@pytest.fixture
def alice(people: world.People) -> Client:
    return come(people.alice)


@pytest.fixture
def bob(people: world.People) -> Client:
    return come(people.bob)


class Opened:
    """A page of a form, open in somebody's browser: what it shows, and what its buttons post."""

    def __init__(self, client: Client, draft: Submission, step: str = "company", query: str = "") -> None:
        self.client, self.step = client, step
        self.path = f"/portal/forms/{draft.number}/{step}/{query}"
        response = client.get(self.path)
        assert response.status_code == 200, (step, response.status_code)
        self.parts = {part.prefix: part for part in response.context["wizard"]["form"].parts}
        self.editor = response.context["editor"]
        self.fingerprint = response.context["wizard"]["form"].shown
        self.page = response.content.decode()
        self.revisions = {prefix: part.revision for prefix, part in self.parts.items()}

    def shown(self, code: str, prefix: str = "page") -> Any:
        return next(line.bound.value() for line in self.parts[prefix].lines if line.question.code == code)

    def data(self, typed: dict[str, Any], prefix: str = "page") -> dict[str, Any]:
        posted: dict[str, Any] = {
            "wizard-current_step": self.step,
            "editor": self.editor,
            "shown": self.fingerprint,
        }
        for name, part in self.parts.items():
            kept = part.sheet.typed if part.sheet else {}
            posted |= {f"{name}-{key}": of for key, of in kept.items()}
            posted |= {f"{name}-revision": str(self.revisions[name]), f"{name}-codes": part.codes}
        return posted | {f"{prefix}-{code}": text for code, text in typed.items()}

    def later(self, typed: dict[str, Any], prefix: str = "page") -> Any:
        return self.client.post(self.path, self.data(typed, prefix) | {"later": "1"})

    def by_itself(self, typed: dict[str, Any], prefix: str = "page") -> Any:
        return self.client.post(self.path, self.data(typed, prefix) | {"autosave": "1"}, headers=HTMX)


def typed_of(draft: Submission, step: str = "company", row: str = "") -> dict[str, list[str]]:
    sheet = drafts.sheet_of(draft, step, row)
    assert sheet is not None
    return dict(sheet.typed)


def add_domain(draft: Submission, people: world.People, name: str) -> Sheet:
    return drafts.add_row(draft, "domains", values={"A4.01": [name]}, by=people.alice.actor(), at=world.NOON)


# ── sessions that end ───────────────────────────────────────────────────────
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


def opener(definition: Definition) -> tuple[str, str, str]:
    """A question that opens another one on its own page when it is answered so."""
    for step, page in definition.pages.items():
        for question in page.questions:
            if page.when is None and page.rows is None and isinstance(question.when, dict) and len(question.when) == 1:
                code, wanted = next(iter(question.when.items()))
                asker = definition.questions.get(code)
                if asker in page.questions and asker.when is None and (value := answer_of(asker, wanted)):
                    return step, code, value
    raise AssertionError("no question opens another on its page")


def answer_of(question: Question, wanted: Any) -> str:
    if question.kind is Kind.YESNO and isinstance(wanted, bool):
        return "yes" if wanted else "no"
    if question.kind is Kind.ONE and isinstance(wanted, str):
        return wanted
    return ""


# ── two at once ─────────────────────────────────────────────────────────────
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


# ── requests that no browser sends ──────────────────────────────────────────
class TestOddRequests:
    def test_a_megabyte_of_text_is_answered_with_a_sentence_and_given_back(
        self, alice: Client, draft: Submission
    ) -> None:
        page = Opened(alice, draft)
        text = "word " * 200_000
        response = page.later({"A1.04": text})
        assert response.status_code == 422
        assert "One page holds at most 200,000 characters." in response.content.decode()
        assert text.strip() in response.content.decode()
        assert page.by_itself({"A1.04": text}).status_code == 409
        assert not Sheet.objects.exists()

    def test_five_thousand_fields_are_answered_with_a_sentence(self, alice: Client, draft: Submission) -> None:
        page = Opened(alice, draft)
        response = page.later({f"A1.04-{number}": "x" for number in range(5_000)})
        assert response.status_code == 400
        assert "too many files or lines" in response.content.decode()

    @pytest.mark.parametrize("odd", ["\0", "a\0b", "\x01\x1f", "\ufffe\uffff", "\U0001f600", "\u202e", "a" * 900])
    def test_odd_characters_are_kept_or_left_out_and_never_a_fault(
        self, odd: str, alice: Client, draft: Submission
    ) -> None:
        page = Opened(alice, draft)
        data = page.data({"A1.04": odd, "A1.09": odd, f"A1.05-{odd}": odd, "A1.03-form": odd})
        for more in ({"later": "1"}, {}, {"goto": f"files A1.13 {odd}"}, {f"{odd}-revision": odd, "editor": odd}):
            assert alice.post(page.path, data | more).status_code in {200, 302}
        assert typed_of(draft)["A1.04"] == [odd.replace("\0", "")] or not odd.replace("\0", "")
        assert Opened(alice, draft).page

    @pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "utf-16", "cp037", "latin-1"])
    def test_a_charset_that_is_none_of_ours_is_refused(self, charset: str, alice: Client, draft: Submission) -> None:
        kind = f"multipart/form-data; boundary=x; charset={charset}"
        body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\\ud800\r\n--x--\r\n'
        path = f"/portal/forms/{draft.number}/comments/A1.04/"
        assert alice.post(path, body, kind).status_code == 400

    @pytest.mark.parametrize("number", ["9" * 5000, "-1", "²", "٣", "1e9", "", "x"])
    def test_numbers_that_are_none_are_never_a_fault(self, number: str, alice: Client, draft: Submission) -> None:
        page = Opened(alice, draft)
        page.later({"A1.04": "first"})
        assert alice.get(page.path, {"rows": number}).status_code == 200
        response = alice.post(page.path, page.data({"A1.04": "x"}) | {"page-revision": number, "editor": ""})
        assert response.status_code == 302
        assert alice.get(response["Location"], {"then": number}).status_code == 200
        assert alice.post(response["Location"], {"revision": number, "A1.04": "mine"}).status_code == 302
        assert alice.post(f"/portal/forms/{draft.number}/assign/A1/", {"user": number}).status_code in {302, 404}

    def test_a_post_without_a_step_is_refused(self, alice: Client, draft: Submission) -> None:
        assert alice.post(f"/portal/forms/{draft.number}/company/", {"page-A1.04": "x"}).status_code == 400

    def test_a_page_for_all_rows_is_not_to_be_had(self, alice: Client, draft: Submission, people: world.People) -> None:
        for number in range(7):
            add_domain(draft, people, f"d{number}.example")
        parts = Opened(alice, draft, "domains", "?rows=all").parts.values()
        assert len([part for part in parts if part.uid]) == 5

    def test_the_largest_page_may_be_posted_whole(self) -> None:
        largest = max(fields_of(load(exhibit, 1), step) for exhibit in "AB" for step in load(exhibit, 1).pages)
        assert largest <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def fields_of(definition: Definition, step: str) -> int:
    """How many fields the page posts when every line of every table is filled and every box ticked."""
    page = definition.pages[step]
    of_row = sum(map(controls, page.of_row())) + 2 + len(page.of_row())  # revision, codes, still right
    of_page = sum(map(controls, page.of_page())) + 2 + len(page.of_page())
    return of_page + (of_row * page.rows.per_page if page.rows else 0) + 5


def controls(question: Question) -> int:
    if question.columns:
        return len(question.columns) * ((question.most or 100) if question.kind is Kind.TABLE else 1)
    return len(question.choices) if question.kind is Kind.MANY else 1
