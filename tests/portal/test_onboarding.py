"""Exhibit A from beginning to signature, through the pages, without a browser."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from notices.files import content_of
from questionnaires import acceptances, decisions, review, waivers
from questionnaires.models import Signature, Submission
from questionnaires.reading import answers_of
from questionnaires.review import ReviewRefused
from tests import world
from tests.portal.filling_in import answer_everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> world.People:
    people = world.make_people()
    world.make_contact(people.vendor_a, "Jonas Aker", proven_at=world.NOON)
    return people


def begin(client: Client) -> Submission:
    response = client.post("/portal/forms/begin/", {"exhibit": "A"})
    number = response["Location"].split("/")[3]
    return Submission.objects.numbered(number).get()


def test_a_vendor_fills_in_all_of_it_and_signs(alice: Client) -> None:
    submission = begin(alice)
    answer_everything(alice, submission)
    address = f"/portal/forms/{submission.number}"
    assert alice.get(f"{address}/done/")["Location"] == f"{address}/check/"
    page = alice.get(f"{address}/check/").content.decode()
    assert "Go on to sign" in page
    response = alice.get(f"{address}/sign/")
    assert response.status_code == 200
    data = {code: "on" for code in response.context["form"].fields if code.startswith("A18")}
    response = alice.post(
        f"{address}/sign/", data | {"name": "mara lindqvist", "title": "Director", "seen": response.context["seen"]}
    )
    assert response.status_code == 302, response.content.decode()
    signature = Signature.objects.get()
    assert signature.copy_sha256
    submission.refresh_from_db()
    assert submission.state == Submission.State.SUBMITTED
    assert "You may not start mailing yet" in alice.get(response["Location"]).content.decode()


def sign(client: Client, submission: Submission) -> None:
    address = f"/portal/forms/{submission.number}/sign/"
    context = client.get(address).context
    promises = [code for code in context["form"].fields if code.startswith(("A18", "B11"))]
    response = client.post(
        address,
        dict.fromkeys(promises, "on") | {"name": "Mara Lindqvist", "title": "Director", "seen": context["seen"]},
    )
    assert response.status_code == 302, response.content.decode()


def test_two_people_accept_it_and_the_letter_is_received(alice: Client, people: world.People) -> None:
    submission = begin(alice)
    answer_everything(alice, submission)
    sign(alice, submission)
    submission.refresh_from_db()
    now = timezone.now()
    rita, dana = people.rita, people.dana
    review.take_up(submission, by=rita.actor(), at=now)
    answers = answers_of(submission, now)
    for flag in waivers.flags(submission, answers, now):
        if flag.stops:
            waivers.waive(
                submission, flag.rule.id, flag.row.uid if flag.row else "", "Known.", now.date() + timedelta(days=30),
                by=dana.actor(), at=now,
            )  # fmt: skip
    for section in review.sections_to_look_at(submission, answers):
        review.look_at(submission, section, "Seen.", by=rita.actor(), at=now)
    assert decisions.obstacles(submission, answers_of(submission, now), now) == []
    decisions.recommend(
        submission, [{"text": "Send a drill report.", "due": "2027-01-31"}], user=rita, by=rita.actor(), at=now
    )
    with pytest.raises(ReviewRefused, match="Somebody else"):
        acceptances.accept(submission, [], user=rita, by=rita.actor(), at=now)
    acceptance = acceptances.accept(submission, [], user=dana, by=dana.actor(), at=now)
    letter = content_of(acceptance.letter_place)
    assert letter.startswith(b"%PDF")
    assert len(letter) == acceptance.letter_size
    assert acceptance.state == "issued"
    stranger = Client()
    page = stranger.get(f"/verify/{acceptance.code_shown}").content.decode()
    assert "Not yet received" in page
    page = stranger.post("/verify/", {"file": SimpleUploadedFile("a.pdf", letter)}).content.decode()
    assert "byte for byte" in page
    changed = letter[:-10] + bytes([letter[-10] ^ 1]) + letter[-9:]
    page = stranger.post("/verify/", {"file": SimpleUploadedFile("a.pdf", changed)}).content.decode()
    assert "We never issued this file" in page
    response = alice.post(f"/portal/acceptances/{acceptance.number}/receive/")
    assert response.status_code == 302
    acceptance.refresh_from_db()
    assert acceptance.state == "received"
    assert people.vendor_a.servers.get().address == "93.184.215.14"
