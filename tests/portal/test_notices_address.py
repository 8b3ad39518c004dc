"""The address for notices (A2.06): named before signing until somebody is shown to read its mail."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client

from notices import codes
from questionnaires import waivers
from questionnaires.designated import NOTICES
from questionnaires.models import Submission
from tests import submissions
from tests.world import NOON, People
from vendors.models import AddressCode

pytestmark = pytest.mark.django_db
ADDRESS = "letters@fieldnote.example.net"


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def form(people: People) -> Submission:
    return submissions.make_filled(people.vendor_a, said={"A2.06": ADDRESS})


def page(form: Submission, name: str = "notices-address/") -> str:
    return f"/portal/forms/{form.number}/{name}"


def body(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def is_flagged(form: Submission) -> bool:
    return any(flag.rule.id == "notices-unconfirmed" for flag in waivers.flags(form, submissions.answers(form), NOON))


def test_an_address_that_nobody_confirmed_is_named_before_signing_and_keeps_nobody_from_it(
    alice: Client, form: Submission
) -> None:
    for name in ("", "check/", "sign/"):
        words = body(alice, page(form, name))
        assert f'href="{page(form)}"' in words, name
    assert "Nobody has confirmed that the mail to the address for notices is read." in body(alice, page(form, "check/"))
    assert "Sign and send" in body(alice, page(form, "sign/"))
    assert is_flagged(form)


def test_the_code_in_the_letter_confirms_it_and_nothing_is_named_any_more(alice: Client, form: Submission) -> None:
    assert "Send a code" in body(alice, page(form))
    assert not AddressCode.objects.exists(), "reading the page sends nothing"
    answer = alice.post(page(form, "notices-address/send/"), follow=True)
    assert f"A code is on its way to {ADDRESS}." in answer.content.decode()
    code = AddressCode.objects.get()
    assert code.email == ADDRESS
    answer = alice.post(page(form), {"code": codes.digits_of(code)}, follow=True)
    assert f"{ADDRESS} is confirmed." in answer.content.decode()
    assert not is_flagged(form)
    for name in ("", "check/", "sign/"):
        assert f'href="{page(form)}"' not in body(alice, page(form, name))
    assert "Nothing is left to do here" in body(alice, page(form))


def test_five_wrong_codes_end_it_and_the_right_one_comes_too_late(alice: Client, form: Submission) -> None:
    alice.post(page(form, "notices-address/send/"))
    right = codes.digits_of(AddressCode.objects.get())
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for left in ("4 more tries", "3 more tries", "2 more tries", "one more try", "typed wrongly 5 times"):
        assert left in alice.post(page(form), {"code": wrong}).content.decode()
    assert "it counts no more" in alice.post(page(form), {"code": right}).content.decode()
    assert is_flagged(form)
    answer = alice.post(page(form, "notices-address/send/"), follow=True).content.decode()
    assert "less than a minute ago" in answer


def test_another_address_has_to_be_confirmed_anew(alice: Client, form: Submission) -> None:
    AddressCode.objects.create(
        vendor=form.vendor, email=ADDRESS, purpose=NOTICES, seed="", sent_at=NOON, expires_at=NOON, confirmed_at=NOON
    )
    assert not is_flagged(form)
    sheet = form.sheets.get(step="people", row="")
    sheet.values["A2.06"] = "office@fieldnote.example.net"
    sheet.save()
    assert is_flagged(form)


def test_an_address_that_was_shown_to_be_read_before_needs_no_code(people: People, form: Submission) -> None:
    sheet = form.sheets.get(step="people", row="")
    sheet.values["A2.06"] = people.alice.email.upper()
    sheet.save()
    assert not is_flagged(form), "one of the vendor's people signs in with it"
    contact = form.vendor.contacts.get()
    sheet.values["A2.06"] = contact.email
    sheet.save()
    assert not is_flagged(form), "a contact confirmed it"
    type(contact).objects.update(email_confirmed_at=None)
    assert is_flagged(form)


def test_a_code_for_a_contact_at_the_same_address_confirms_nothing_here(people: People, form: Submission) -> None:
    code = codes.send_code(form.vendor, ADDRESS, "contact", by=people.alice.actor(), at=NOON)
    AddressCode.objects.filter(pk=code.pk).update(confirmed_at=NOON + timedelta(minutes=1))
    assert is_flagged(form)


def test_exhibit_b_names_no_address(alice: Client, people: People) -> None:
    form = Submission.objects.create(
        vendor=people.vendor_a, exhibit="B", version=1, created_at=NOON, created_by="Alice", touched_at=NOON
    )
    assert alice.get(page(form)).status_code == 404


# ── the other addresses of the form ─────────────────────────────────────────
HEADER = "news@fieldnote.example.net"


def test_each_header_address_and_those_of_domains_can_be_confirmed_by_a_code(alice: Client, form: Submission) -> None:
    words = body(alice, page(form))
    for address in (HEADER, "abuse@fieldnote.example.net", "postmaster@fieldnote.example.net"):
        assert f'href="{page(form)}?address={quote(address)}"' in words
    assert words.count("Not confirmed yet") == 3
    assert f"?address={quote(HEADER)}" in body(alice, page(form, ""))
    assert "headers.answered" not in submissions.answers(form).facts, "a code that nobody typed says nothing"
    alice.post(f"{page(form, 'notices-address/send/')}?address={HEADER}")
    code = AddressCode.objects.get()
    assert code.email == HEADER
    assert "headers.answered" not in submissions.answers(form).facts
    answer = alice.post(f"{page(form)}?address={HEADER}", {"code": codes.digits_of(code)}, follow=True)
    assert f"{HEADER} is confirmed." in answer.content.decode()
    assert submissions.answers(form).facts["headers.answered"] is True
    assert "?address=" not in body(alice, page(form, ""))
    assert is_flagged(form), "the address for notices is another"


def test_one_of_two_header_addresses_is_not_enough(alice: Client, people: People) -> None:
    lines = [{"address": HEADER, "also": ["return_path"]}, {"address": "more@fieldnote.example.net", "also": []}]
    form = submissions.make_filled(people.vendor_a, said={"A2.06": ADDRESS, "A6.01": lines})
    for address, is_enough in ((HEADER, False), ("more@fieldnote.example.net", True)):
        codes.send_code(people.vendor_a, address, NOTICES, by=people.alice.actor(), at=NOON)
        sent = AddressCode.objects.get(email=address)
        alice.post(f"{page(form)}?address={address}", {"code": codes.digits_of(sent)})
        assert ("headers.answered" in submissions.answers(form).facts) == is_enough


def test_a_code_goes_to_no_address_that_the_form_does_not_name(alice: Client, form: Submission) -> None:
    for address in ("somebody@elsewhere.example.org", "", "ABUSE@fieldnote.example.net"):
        assert alice.get(f"{page(form)}?address={address}").status_code == 404
        assert alice.post(f"{page(form, 'notices-address/send/')}?address={address}").status_code == 404
    assert not AddressCode.objects.exists()


def test_a_pattern_of_addresses_cannot_be_written_to(alice: Client, people: People) -> None:
    said = {
        "A6.01": [{"address": HEADER, "also": []}],
        "A6.03": [{"address": "bounce+{recipient}@fieldnote.example.net"}],
    }
    form = submissions.make_filled(people.vendor_a, said=said)
    assert "recipient" not in body(alice, page(form))
