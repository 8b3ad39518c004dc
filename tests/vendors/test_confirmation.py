"""What a contact has shown, what each change makes void, and that the journal tells it without personal words."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from journal.actor import Actor
from journal.models import Entry
from tests.world import NOON, make_contact, make_user, make_vendor
from vendors import confirmation, register
from vendors.confirmation import ConfirmationRefused, promises
from vendors.models import Contact

pytestmark = pytest.mark.django_db
THEO = Actor("link", "link 7 (contact 3)", "192.0.2.9")
DANA = Actor("user", "4 (it)")
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def contact() -> Contact:
    return make_contact(make_vendor("Alder Mailings"), "Theo Marsh", email="abuse@alder.example.net")


def prove(contact: Contact) -> None:
    confirmation.confirm_email(contact, by=THEO, at=NOON)
    confirmation.confirm_authority(contact, "\n".join(promises(contact)), by=THEO, at=NOON)


def fresh(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


def test_a_contact_is_proven_by_address_and_authority_together(contact: Contact) -> None:
    assert not contact.is_proven
    assert confirmation.confirm_email(contact, by=THEO, at=NOON)
    assert not fresh(contact).is_proven
    assert confirmation.confirm_authority(contact, "I can.", by=THEO, at=NOON)
    assert fresh(contact).is_proven
    assert list(Contact.objects.proven()) == [contact]


def test_the_promises_name_the_person_the_address_and_the_advertiser(contact: Contact) -> None:
    assert promises(contact) == (
        "I am Theo Marsh, and abuse@alder.example.net is my address.",
        "I can stop all mailings for Harrow & Lyle at any time, without asking anybody.",
        "I will follow an instruction from Harrow & Lyle to stop at once.",
    )


def test_the_first_words_stay_however_often_they_are_said(contact: Contact) -> None:
    prove(contact)
    assert not confirmation.confirm_authority(contact, "Other words.", by=THEO, at=LATER)
    assert not confirmation.confirm_email(contact, by=THEO, at=LATER)
    kept = fresh(contact)
    assert (kept.email_confirmed_at, kept.authority_confirmed_at) == (NOON, NOON)
    assert kept.authority_words.splitlines() == list(promises(contact))
    assert Entry.objects.filter(verb__in=["address confirmed", "authority confirmed"]).count() == 2


def test_the_journal_holds_neither_name_nor_address_nor_words(contact: Contact) -> None:
    prove(contact)
    confirmation.decline(contact, by=THEO, at=LATER)
    confirmation.log_test_call(contact, "reached", remark="Theo said hello", user=make_user(), by=DANA, at=NOON)
    kept = " ".join(f"{entry.before} {entry.after} {entry.why}" for entry in Entry.objects.all())
    for private in ("Theo", "alder.example.net", "without asking", "hello", "+1212"):
        assert private not in kept
    assert Entry.objects.get(verb="authority confirmed").after["words"].startswith("sha256:")


@pytest.mark.parametrize(
    ("change", "address", "authority"),
    [
        ({"email": "noc@alder.example.net"}, False, False),
        ({"name": "Mara Lindqvist"}, True, False),
        ({"phone": "+442079460958"}, True, True),
        ({"rank": 4}, True, True),
        ({"has_authority": False}, True, False),
        ({"is_emergency": False, "has_authority": False}, True, False),
        ({"name": "Theo Marsh", "email": "abuse@alder.example.net"}, True, True),
        ({"name": "Mara Lindqvist", "email": "noc@alder.example.net"}, False, False),
    ],
)
def test_a_change_voids_what_it_makes_untrue(
    contact: Contact, change: dict[str, Any], address: bool, authority: bool
) -> None:
    prove(contact)
    register.change_contact(contact, **change, by=DANA, at=LATER)
    for row in (contact, fresh(contact)):
        assert bool(row.email_confirmed_at) is address
        assert bool(row.authority_confirmed_at) is authority
        assert bool(row.authority_words) is authority


def test_a_change_voids_a_proof_that_came_in_after_the_row_was_read(contact: Contact) -> None:
    prove(fresh(contact))  # `contact` still says that nothing is confirmed
    register.change_contact(contact, email="noc@alder.example.net", by=DANA, at=LATER)
    assert not fresh(contact).email_confirmed_at
    assert not fresh(contact).authority_confirmed_at


def test_a_proof_of_what_stood_there_before_is_refused(contact: Contact) -> None:
    stale = fresh(contact)
    register.change_contact(contact, email="noc@alder.example.net", by=DANA, at=NOON)
    for verb in (confirmation.confirm_email, confirmation.decline):
        with pytest.raises(ConfirmationRefused, match="changed or removed just now"):
            verb(stale, by=THEO, at=LATER)
    with pytest.raises(ConfirmationRefused):
        confirmation.confirm_authority(stale, "I can.", by=THEO, at=LATER)
    assert not fresh(contact).is_proven


def test_who_is_not_told_of_orders_has_no_authority_to_confirm(contact: Contact) -> None:
    register.change_contact(contact, is_emergency=False, has_authority=False, by=DANA, at=NOON)
    with pytest.raises(ConfirmationRefused):
        confirmation.confirm_authority(contact, "I can.", by=THEO, at=LATER)


def test_saying_no_voids_all_and_a_new_name_is_asked_afresh(contact: Contact) -> None:
    prove(contact)
    assert confirmation.decline(contact, by=THEO, at=LATER)
    assert not confirmation.decline(contact, by=THEO, at=LATER)
    said = fresh(contact)
    assert (said.declined_at, said.email_confirmed_at, said.authority_confirmed_at) == (LATER, None, None)
    assert (said.has_authority, said.authority_words) == (False, "")
    assert said.warnings == ["Theo Marsh says that they are not the emergency contact, or cannot stop the mailings."]
    register.change_contact(said, name="Mara Lindqvist", by=DANA, at=LATER)
    assert fresh(contact).declined_at is None


def test_a_test_call_counts_for_the_person_and_the_number_that_were_called(contact: Contact) -> None:
    user = make_user("Dana")
    call = confirmation.log_test_call(contact, "reached", remark=" Two rings. ", user=user, by=DANA, at=NOON)
    assert (call.name, call.phone, call.note, call.by) == ("Theo Marsh", contact.phone, "Two rings.", user)
    assert contact.last_test_call == call
    was = contact.phone
    register.change_contact(contact, phone="+442079460958", by=DANA, at=LATER)
    assert fresh(contact).last_test_call is None
    register.change_contact(contact, phone=was, name="Mara Lindqvist", by=DANA, at=LATER)
    assert fresh(contact).last_test_call is None
    assert contact.test_calls.count() == 1


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("no_answer", "Theo Marsh was not reached by the last test call: nobody answered."),
        ("wrong_person", "Theo Marsh was not reached by the last test call: somebody else answered."),
        ("wrong_number", "Theo Marsh was not reached by the last test call: the number is wrong."),
    ],
)
def test_a_call_that_reached_nobody_is_a_warning_until_one_does(contact: Contact, outcome: str, sentence: str) -> None:
    user = make_user()
    confirmation.log_test_call(contact, outcome, user=user, by=DANA, at=NOON)
    assert contact.warnings == [sentence]
    confirmation.log_test_call(contact, "reached", user=user, by=DANA, at=LATER)
    assert contact.warnings == []


def test_a_call_needs_a_number_and_an_outcome_that_exists(contact: Contact) -> None:
    with pytest.raises(ValidationError, match="is no outcome of a call"):
        confirmation.log_test_call(contact, "fine", user=make_user(), by=DANA, at=NOON)
    register.change_contact(contact, phone="", by=DANA, at=NOON)
    with pytest.raises(ValidationError, match="has no telephone number on file"):
        confirmation.log_test_call(contact, "reached", user=make_user(), by=DANA, at=NOON)
    assert not contact.test_calls.exists()


STEPS = st.sampled_from(["prove", "rename", "readdress", "call", "demote", "promote", "decline", "disown"])


class ProofLaw(TestCase):
    """Whatever happens in whatever order: who is proven is an emergency contact, said to have the authority, did not
    say no since, and agreed to words that hold the name and the address that stand there."""

    @given(st.lists(STEPS, max_size=12))
    @settings(max_examples=60)
    def test_a_proof_is_always_of_what_stands_there(self, steps: list[str]) -> None:
        contact = make_contact(make_vendor(), "Theo Marsh")
        for number, step in enumerate(steps):
            changes: dict[str, dict[str, Any]] = {
                "rename": {"name": f"Theo Marsh {number}"},
                "readdress": {"email": f"abuse{number}@alder.example.net"},
                "call": {"phone": "+442079460958"},
                "demote": {"is_emergency": False, "has_authority": False},
                "promote": {"is_emergency": True},
                "disown": {"has_authority": False},
            }
            if change := changes.get(step):
                register.change_contact(contact, **change, by=DANA, at=NOON)
            elif step == "decline":
                confirmation.decline(contact, by=THEO, at=NOON)
            elif contact.is_emergency:
                prove(contact)
            row = fresh(contact)
            assert row.is_proven == contact.is_proven
            if row.authority_confirmed_at:
                assert row.is_emergency
                assert row.has_authority
                assert not row.declined_at
                assert row.authority_words.splitlines() == list(promises(row))
