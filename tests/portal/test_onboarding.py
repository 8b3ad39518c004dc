"""Exhibit A from beginning to signature, through the pages, without a browser."""

import pytest
from django.test import Client

from questionnaires import asking
from questionnaires.models import Signature, Submission
from questionnaires.reading import answers_of
from tests import world
from tests.portal.filling_in import answer_everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> world.People:
    people = world.make_people()
    world.make_contact(people.vendor_a, "Jonas Aker", proven_at=world.NOON)
    return people


@pytest.fixture
def alice(people: world.People) -> Client:
    client = Client()
    world.come_in(client, people.alice)
    return client


def begin(client: Client) -> Submission:
    response = client.post("/portal/forms/begin/", {"exhibit": "A"})
    number = response["Location"].split("/")[3]
    return Submission.objects.numbered(number).get()


def test_a_vendor_fills_in_all_of_it_and_signs(alice: Client) -> None:
    submission = begin(alice)
    met = answer_everything(alice, submission)
    answers = answers_of(submission, world.NOON)
    asked = [place.key for place in asking.asked(submission.definition, answers)]
    print(len(asked), set(met) ^ set(asked))
    address = f"/portal/forms/{submission.number}"
    assert alice.get(f"{address}/done/")["Location"] == f"{address}/check/"
    page = alice.get(f"{address}/check/").content.decode()
    assert "Go on to sign" in page
    response = alice.get(f"{address}/sign/")
    assert response.status_code == 200
    data = {code: "on" for code in response.context["form"].fields if code.startswith("A18")}
    response = alice.post(f"{address}/sign/", data | {"name": "mara lindqvist", "title": "Director"})
    assert response.status_code == 302, response.content.decode()
    signature = Signature.objects.get()
    assert signature.copy_sha256
    submission.refresh_from_db()
    assert submission.state == Submission.State.SUBMITTED
    assert "You may not start mailing yet" in alice.get(response["Location"]).content.decode()
