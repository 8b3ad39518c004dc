"""The page that signs: what stands on it is what is signed, and what the copy says."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from notices.files import content_of
from questionnaires import waivers
from questionnaires.definition_file import newest
from questionnaires.models import Signature, Submission
from tests import amended, submissions, world
from tests.questionnaires import pdf
from tests.world import People

pytestmark = pytest.mark.django_db
CONSENT = newest("A").questions["A18.07"].label


def page(form: Submission) -> str:
    return f"/portal/forms/{form.number}/sign/"


def ticked(alice: Client, form: Submission) -> dict[str, str]:
    context = alice.get(page(form)).context
    fields = context["form"].fields
    return dict.fromkeys((code for code in fields if code.startswith("A18")), "on") | {"seen": context["seen"]}


def test_both_exhibits_ask_for_the_same_consent() -> None:
    assert newest("B").questions["B11.07"].label == CONSENT
    for said in ("sign with my typed name", "ask for paper at any time", "withdraw this consent"):
        assert said in CONSENT


def test_the_consent_that_is_shown_is_the_one_in_the_snapshot_and_in_the_copy(people: People, alice: Client) -> None:
    form = submissions.make_filled(people.vendor_a)
    shown = alice.get(page(form)).content.decode()
    assert shown.count(CONSENT) == 1
    alice.post(page(form), ticked(alice, form) | {"name": "Mara Lindqvist", "title": "Director"})
    signature = Signature.objects.get()
    assert signature.picture["promises"]["A18.07"] == CONSENT
    copy = " ".join(pdf.text(content_of(signature.copy_place)).split())
    assert copy.count(CONSENT) == 1


def test_without_the_consent_nothing_is_signed_and_its_first_sentence_says_what_is_missing(
    people: People, alice: Client
) -> None:
    form = submissions.make_filled(people.vendor_a)
    data = ticked(alice, form) | {"name": "Mara Lindqvist", "title": "Director"}
    del data["A18.07"]
    answer = alice.post(page(form), data).content.decode()
    first, _, rest = CONSENT.partition(". ")
    assert f"Tick this to sign: {first}." in answer
    assert f"Tick this to sign: {first}. {rest}" not in answer
    assert not Signature.objects.exists()


def change(form: Submission, code: str, value: str) -> None:
    """Bob changes an answer in another window."""
    sheet = form.sheets.get(step=form.definition.page_of[code].step, row="")
    sheet.values = {**sheet.values, code: value}
    sheet.save()


NAME = {"name": "Mara Lindqvist", "title": "Director"}


def test_a_policy_that_the_signer_has_not_seen_is_not_signed_and_nothing_typed_is_lost(
    people: People, alice: Client
) -> None:
    form = submissions.make_filled(people.vendor_a)
    data = ticked(alice, form) | NAME
    number = amended.make_version("O1", effective_at=timezone.now()).number
    answer = alice.post(page(form), data)
    html = answer.content.decode()
    assert f"The policy is version {number} now, and another one stood on the page that you saw." in html
    assert not Signature.objects.exists()
    assert 'value="Mara Lindqvist"' in html
    assert answer.context["form"]["A18.07"].value()
    assert alice.post(page(form), data | {"seen": answer.context["seen"]}).status_code == 302
    assert Signature.objects.get().policy.number == number


def test_an_answer_that_changed_under_the_signer_is_named_and_not_signed(people: People, alice: Client) -> None:
    form = submissions.make_filled(people.vendor_a)
    data = ticked(alice, form) | NAME
    change(form, "A1.04", "GB 55555555")
    answer = alice.post(page(form), data)
    assert "Answers changed in A1. Nothing was signed, and what you typed here is kept." in answer.content.decode()
    assert "GB 55555555" in answer.content.decode(), "and what is signed now stands on the page"
    assert not Signature.objects.exists()


@pytest.mark.parametrize("seen", ["", "x", "\0", "form=1;policy=1"])
def test_without_the_line_of_what_was_seen_nothing_is_signed(people: People, alice: Client, seen: str) -> None:
    form = submissions.make_filled(people.vendor_a)
    answer = alice.post(page(form), ticked(alice, form) | NAME | {"seen": seen})
    assert "was not the one that we show now" in answer.content.decode()
    assert not Signature.objects.exists()


def test_what_changed_between_checking_and_signing_is_said(people: People, alice: Client) -> None:
    form = submissions.make_filled(people.vendor_a)
    html = alice.get(f"/portal/forms/{form.number}/check/").content.decode()
    [link] = re.findall(r'href="([^"]*/sign/[^"]*)"', html)
    assert "Since you checked" not in alice.get(unescape(link)).content.decode()
    change(form, "A1.04", "GB 55555555")
    assert "Since you checked your answers: Answers changed in A1." in alice.get(unescape(link)).content.decode()


def flagged(form: Submission) -> bool:
    form.refresh_from_db()
    found = waivers.flags(form, submissions.answers(form), world.NOON)
    return any(flag.rule.id == "signed-from-another-account" for flag in found)


def test_the_page_and_the_desk_say_when_the_account_is_not_that_of_the_one_who_signs(
    people: People, alice: Client
) -> None:
    form = submissions.make_filled(people.vendor_a)
    named = submissions.answers(form).values["A2.01"]["email"]
    html = alice.get(page(form)).content.decode()
    assert f'the one who signs has the address <b class="host">{named}</b> (A2.01)' in html
    assert not flagged(form), "nobody has signed yet"
    alice.post(page(form), ticked(alice, form) | NAME)
    assert flagged(form)
    rita = Client()
    world.come_in(rita, people.rita)
    section = rita.get(f"/desk/submissions/{form.number}/?section=A18").content.decode()
    assert people.alice.email in section
    assert named in section


def test_the_account_of_the_one_who_signs_raises_no_flag(people: People, alice: Client) -> None:
    form = submissions.make_filled(people.vendor_a)
    named = submissions.answers(form).values["A2.01"]["email"]
    type(people.alice).objects.filter(pk=people.alice.pk).update(email=named.upper())
    assert "Your account is" not in alice.get(page(form)).content.decode()
    alice.post(page(form), ticked(alice, form) | NAME)
    assert Signature.objects.get().email == named.upper()
    assert not flagged(form)


def test_a_form_that_is_open_when_the_policy_changes_says_so(people: People, alice: Client) -> None:
    form = submissions.make_filled(people.vendor_a)
    address = f"/portal/forms/{form.number}/"
    assert "The policy changed since you began" not in alice.get(address).content.decode()
    version = amended.make_version("O1", effective_at=timezone.now() + timedelta(days=9), at=timezone.now())
    html = alice.get(address).content.decode()
    assert "The policy changed since you began" in html
    assert f"/policy/{version.number}/" in html
