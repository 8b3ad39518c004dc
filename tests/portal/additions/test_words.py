"""What an Exhibit B waits for, or loses, is the addresses that it adds: no page or letter about it stops other mail."""

import pytest

from journal.actor import ENGINE
from notices import links
from notices.letters import render
from notices.models import Delivery
from questionnaires import acceptances
from questionnaires.acceptances import RECEIPT
from questionnaires.models import Acceptance
from tests import world
from tests.exhibit_b_pages import Desk, Vendor, accept
from tests.world import come

pytestmark = pytest.mark.django_db
OF_ALL_MAIL = ["start mailing", "may not mail for", "o mail may be sent.", "o mail may be sent in", "you may not mail."]


@pytest.fixture
def issued(people: world.People, alice: Vendor, rita: Desk) -> Acceptance:
    return accept(alice.file(), rita, Desk(come(people.dana)))


def letter(name: str) -> tuple[str, str]:
    """The newest of the name, as text and as HTML, on one line each."""
    delivery = Delivery.objects.filter(letter=name).last()
    assert delivery, name
    written = render(name, delivery.facts)
    return " ".join(written.text.split()), " ".join(written.html.split())


def says(text: str, sentence: str) -> None:
    assert sentence in text
    assert not [words for words in OF_ALL_MAIL if words in text]


def test_the_signed_copy_and_the_page_after_it(alice: Vendor) -> None:
    submission = alice.file()
    says(alice.page(submission, "signed"), "You may not mail the added addresses yet")
    for text in letter("signed_copy"):
        says(text, "You may not mail the added addresses yet.")


def test_the_acceptance_and_its_pages(alice: Vendor, issued: Acceptance) -> None:
    for text in letter("acceptance"):
        says(text, "Until then the added addresses may not be mailed")
    page = alice.client.get(f"/portal/acceptances/{issued.number}/").content.decode()
    says(page, "Until then the added addresses may not be mailed.")
    token = links.make(RECEIPT, issued.about, world.NOON, holder_name="Alice", holder_email="alice@example.com")
    says(alice.client.get(f"/receipt/{token}").content.decode(), "Until then the added addresses may not be mailed.")


def test_what_is_sent_back(alice: Vendor, rita: Desk) -> None:
    submission = alice.file()
    rita.post(submission, "take-up/")
    rita.post(submission, "returns/", code="B4.03", row="", text="How often?")
    assert "went back" in rita.post(submission, "send-back/", note="One answer.")
    for text in letter("submission_returned"):
        says(text, "You may not mail the added addresses yet.")


def test_what_is_declined(alice: Vendor, rita: Desk) -> None:
    submission = alice.file()
    rita.post(submission, "take-up/")
    rita.post(submission, "decline/", note="The proof was false.")
    for text in letter("submission_declined"):
        says(text, "You may not mail the added addresses.")


def test_an_acceptance_that_is_withdrawn(alice: Vendor, rita: Desk, issued: Acceptance) -> None:
    alice.receive(issued)
    rita.client.post(f"/desk/acceptances/{issued.number}/withdraw/", {"reason": "The proof was false."})
    for text in letter("acceptance_changed"):
        says(text, "No mail may be sent to the addresses that it added.")


def test_an_acceptance_that_expires(alice: Vendor, issued: Acceptance) -> None:
    alice.receive(issued)
    issued.refresh_from_db()
    acceptances.expire(issued, by=ENGINE, at=issued.valid_until)
    for text in letter("acceptance_expired"):
        says(text, "No mail may be sent to the addresses that it added")
