"""Other names of a vendor at the desk: approved with evidence by who is signed in, withdrawn with a reason."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.desk.conftest import Desk
from tests.desk.pages import text
from vendors.models import Alias

SEEN = "Companies House, 04417723, seen on 3 Nov 2026"


def test_a_name_is_approved_by_who_saw_the_evidence(desk: Desk, dana: Client) -> None:
    page = text(dana.get(reverse("desk:vendor", args=[desk.vendor.uid])))
    assert "No other name is approved." in page
    fields = {"name": "Alder Group plc", "evidence": SEEN}
    answer = text(dana.post(reverse("desk:alias_new", args=[desk.vendor.uid]), fields, follow=True))
    assert "Alder Mailings is known as “Alder Group plc” too now." in answer
    assert f"Alder Group plc {SEEN} Approved by Dana," in answer
    assert "“Alder Group plc” was approved as another name of Alder Mailings." in answer
    assert Alias.objects.get().approved_by_name == "Dana"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Write the name."),
        ("name", "alder MAILINGS", "Alder Mailings is known as “alder MAILINGS” already."),
        ("evidence", " ", "Write what shows that the name is the vendor's: where you saw it, and when."),
    ],
)
def test_what_is_refused_comes_back_with_a_sentence_and_all_that_was_typed(
    desk: Desk, dana: Client, field: str, typed: str, said: str
) -> None:
    fields = {"name": "Alder Group plc", "evidence": SEEN} | {field: typed}
    answer = dana.post(reverse("desk:alias_new", args=[desk.vendor.uid]), fields)
    assert said in text(answer)
    kept = fields["name"] if field == "evidence" or typed else SEEN
    assert kept in answer.content.decode()
    assert not Alias.objects.exists()


def test_a_withdrawn_name_is_gone_from_the_page_and_stays_in_the_story(desk: Desk, dana: Client) -> None:
    alias = world.make_alias(desk.vendor, "Alder Group plc")
    url = reverse("desk:alias_withdraw", args=[alias.uid])
    assert "The journal keeps name and evidence." in text(dana.get(url))
    assert "Write a reason. It is kept in the journal." in text(dana.post(url, {"reason": ""}))
    answer = text(dana.post(url, {"reason": "The group was sold."}, follow=True))
    assert "“Alder Group plc” is no name of Alder Mailings any more. The group was sold." in answer
    assert not Alias.objects.exists()


def test_a_name_with_markup_is_shown_as_text(desk: Desk, dana: Client) -> None:
    world.make_alias(desk.vendor, "Alder <b>Group</b>", evidence="<script>1</script>\nline two")
    page = dana.get(reverse("desk:vendor", args=[desk.vendor.uid])).content.decode()
    assert "Alder &lt;b&gt;Group&lt;/b&gt;" in page
    assert "&lt;script&gt;1&lt;/script&gt;<br>line two" in page
