"""Requests that no browser sends lose nothing and change nothing."""

import pytest
from django.conf import settings
from django.test import Client

from questionnaires.definition_file import load
from questionnaires.models import Sheet, Submission
from tests import world
from tests.portal.saving.opened import Opened, add_domain, fields_of, typed_of

pytestmark = pytest.mark.django_db


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
