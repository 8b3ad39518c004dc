"""The page that signs: what stands on it is what is signed, and what the copy says."""

import pytest
from django.test import Client

from notices.files import content_of
from questionnaires.definition_file import newest
from questionnaires.models import Signature, Submission
from tests import submissions, world
from tests.questionnaires import pdf
from tests.world import People

pytestmark = pytest.mark.django_db
CONSENT = newest("A").questions["A18.07"].label


@pytest.fixture
def people() -> People:
    return world.make_people()


@pytest.fixture
def alice(people: People) -> Client:
    client = Client()
    world.come_in(client, people.alice)
    return client


def page(form: Submission) -> str:
    return f"/portal/forms/{form.number}/sign/"


def ticked(alice: Client, form: Submission) -> dict[str, str]:
    fields = alice.get(page(form)).context["form"].fields
    return dict.fromkeys((code for code in fields if code.startswith("A18")), "on")


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
