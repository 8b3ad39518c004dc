"""The signed copy: made at once, or later from what was signed; its bytes are recorded once, and it is mailed once."""

import hashlib
import logging
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from engine.cycle import Sweep
from notices.files import content_of
from notices.models import Delivery
from questionnaires import letters, signed_copies, signing
from questionnaires.models import Signature, Submission
from questionnaires.sweep import sweep
from questionnaires.typeset import PAPERS, PaperRefused
from tests import submissions, world
from tests.world import NOON, People

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def people() -> People:
    return world.make_people()


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The papers without what they share: Typst cannot set one."""
    folder = tmp_path / "papers"
    shutil.copytree(PAPERS, folder)
    (folder / "paper.typ").unlink()
    return folder


def signed(vendor_user: User, submission: Submission, papers: Path = PAPERS, at: datetime = NOON) -> Signature:
    signer = submissions.signer(submission, vendor_user, at=at)
    return signing.sign(
        submission, signer, seen=submissions.seen(submission, at=at), by=vendor_user.actor(), at=at, papers=papers
    )


def mailed() -> list[Delivery]:
    return list(Delivery.objects.filter(letter="signed_copy"))


def ring(at: datetime) -> Sweep:
    state = Sweep(at)
    sweep(state)
    return state


def test_a_form_whose_copy_cannot_be_set_is_signed_and_says_that_the_copy_follows(
    people: People, broken: Path, caplog: pytest.LogCaptureFixture
) -> None:
    form = submissions.make_filled(people.vendor_a)
    with caplog.at_level(logging.ERROR):
        signature = signed(people.alice, form, broken)
    assert f"the copy of {form.number} could not be made" in caplog.text
    assert form.state == Submission.State.SUBMITTED, "the signature counts"
    assert mailed() == []
    client = Client()
    world.come_in(client, people.alice)
    answer = client.get(f"/portal/forms/{form.number}/copy.pdf")
    assert answer.status_code == 302, "never a copy that says that nobody signed"
    page = client.get(answer["Location"]).content.decode()
    assert f"it follows by mail to {signature.email}" in page
    assert "as signed (PDF)" not in page
    dana = Client()
    world.come_in(dana, people.dana)
    answer = dana.get(f"/desk/submissions/{form.number}/pdf/", follow=True)
    assert "The signed copy could not be made yet" in answer.content.decode()


def test_the_sweep_makes_it_from_what_was_signed_and_mails_it_once(people: People, broken: Path) -> None:
    form = submissions.make_filled(people.vendor_a)
    signature = signed(people.alice, form, broken)
    ring(NOON + timedelta(minutes=4))
    assert mailed() == [], "not tried again before its moment"
    type(people.vendor_a).objects.filter(pk=people.vendor_a.pk).update(name="Quite another name")
    assert ring(LATER).error == ""
    signature.refresh_from_db()
    content = content_of(signature.copy_place)
    assert hashlib.sha256(content).hexdigest() == signature.copy_sha256
    [letter] = mailed()
    assert letter.facts["sha256"] == signature.copy_sha256
    assert letter.enclosures[0]["place"] == signature.copy_place
    assert letter.to_email == people.alice.email
    ring(LATER + timedelta(hours=1))
    signed_copies.hand_out(signature, LATER + timedelta(hours=1))
    assert len(mailed()) == 1
    client = Client()
    world.come_in(client, people.alice)
    answer = client.get(f"/portal/forms/{form.number}/copy.pdf")
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]


def test_a_copy_made_late_has_the_bytes_that_it_would_have_had_at_once(people: People) -> None:
    signature = signed(people.alice, submissions.make_filled(people.vendor_a))
    at_once = content_of(signature.copy_place)
    type(people.vendor_a).objects.filter(pk=people.vendor_a.pk).update(name="Quite another name")
    assert letters.signed_copy(Signature.objects.get()) == at_once


def test_of_two_who_make_it_at_once_one_is_recorded_and_mailed(people: People, broken: Path) -> None:
    signature = signed(people.alice, submissions.make_filled(people.vendor_a), broken)
    [one], [other] = list(signed_copies.waiting(LATER)), list(signed_copies.waiting(LATER))
    signed_copies.hand_out(one, LATER)
    signed_copies.hand_out(other, LATER)
    signature.refresh_from_db()
    assert other.copy_place == one.copy_place == signature.copy_place
    assert len(mailed()) == 1
    assert not signed_copies.waiting(LATER + timedelta(days=1)).exists()


def test_one_that_still_fails_comes_again_and_keeps_nobody_else_waiting(people: People, broken: Path) -> None:
    first = signed(people.alice, submissions.make_filled(people.vendor_a), broken)
    with pytest.raises(PaperRefused):
        signed_copies.hand_out(first, LATER, papers=broken)
    first.refresh_from_db()
    assert first.copy_due_at == LATER + signed_copies.AGAIN_AFTER
    assert not signed_copies.waiting(LATER).exists()
    ring(LATER + signed_copies.AGAIN_AFTER)
    assert len(mailed()) == 1
