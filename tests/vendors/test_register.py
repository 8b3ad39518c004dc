"""The verbs of the register: each changes one thing, says so in the journal, and refuses with a sentence."""

import pytest
from django.core.exceptions import ValidationError

from journal.actor import Actor
from journal.models import Entry
from tests import world
from tests.world import NOON, make_contact, make_server, make_vendor
from vendors import register
from vendors.models import Contact, SendingServer, Vendor

pytestmark = pytest.mark.django_db
DANA = Actor("user", "4 (it)", "192.0.2.9")


def faults(refused: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return refused.value.message_dict


def test_a_vendor_is_added_with_a_clean_name_and_a_journal_entry() -> None:
    vendor = register.add_vendor("  Alder   Mailings ", by=DANA, at=NOON)
    assert (vendor.name, vendor.state, vendor.created_at) == ("Alder Mailings", "active", NOON)
    entry = world.entries().get()
    assert (entry.object_type, entry.verb, entry.actor, entry.ip) == (
        "vendors.vendor",
        "added",
        "user:4 (it)",
        "192.0.2.9",
    )


def test_a_second_vendor_of_the_same_name_is_refused_whatever_its_case() -> None:
    first = register.add_vendor("Alder Mailings", by=DANA, at=NOON)
    with pytest.raises(ValidationError) as refused:
        register.add_vendor("ALDER mailings", by=DANA, at=NOON)
    assert faults(refused) == {
        "name": [f"There is a vendor named “Alder Mailings” already ({first.number}). Use that one, or another name."]
    }
    assert Vendor.objects.count() == 1


def test_a_vendor_may_change_the_case_of_its_own_name() -> None:
    vendor = register.add_vendor("Alder mailings", by=DANA, at=NOON)
    register.rename_vendor(vendor, "Alder Mailings", by=DANA, at=NOON)
    vendor.refresh_from_db()
    assert vendor.name == "Alder Mailings"
    assert Entry.objects.last().after == {  # type: ignore[union-attr]
        "fields": ["name"],
        "was": {"name": "Alder mailings"},
        "now": {"name": "Alder Mailings"},
    }


def test_a_retired_vendor_takes_no_servers_until_it_is_reinstated() -> None:
    vendor = make_vendor("Alder")
    register.retire_vendor(vendor, by=DANA, at=NOON, why="The contract ended.")
    register.retire_vendor(vendor, by=DANA, at=NOON)
    assert world.entries().get().why == "The contract ended."
    with pytest.raises(ValidationError, match="Alder is retired"):
        register.add_server(vendor, address="8.8.4.4", by=DANA, at=NOON)
    register.reinstate_vendor(vendor, by=DANA, at=NOON)
    register.add_server(vendor, address="8.8.4.4", by=DANA, at=NOON)


def test_all_faults_of_a_server_are_told_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        register.add_server(make_vendor(), address="1.2.3", hostname="mail", helo="a_b.example", by=DANA, at=NOON)
    assert set(faults(refused)) == {"address", "hostname", "helo"}
    assert not world.entries().exists()


def test_the_same_address_twice_is_refused_for_one_vendor_and_allowed_for_two() -> None:
    alder, birch = make_vendor("Alder"), make_vendor("Birch")
    server = register.add_server(alder, address="8.8.4.4", by=DANA, at=NOON)
    register.add_server(birch, address="8.8.4.4", by=DANA, at=NOON)
    with pytest.raises(ValidationError) as refused:
        register.add_server(alder, address="::ffff:8.8.4.4", by=DANA, at=NOON)
    assert faults(refused) == {"address": ["8.8.4.4 is a server of Alder already."]}
    register.retire_server(server, by=DANA, at=NOON)
    with pytest.raises(ValidationError) as refused:
        register.add_server(alder, address="8.8.4.4", by=DANA, at=NOON)
    assert faults(refused) == {"address": ["8.8.4.4 is a retired server of Alder. Reinstate it instead."]}
    register.reinstate_server(server, by=DANA, at=NOON)
    assert SendingServer.objects.active().filter(pk=server.pk).exists()


def test_changing_nothing_writes_nothing() -> None:
    server = make_server(make_vendor(), hostname="mail.example.com")
    register.change_server(server, hostname="Mail.example.com.", by=DANA, at=NOON)
    assert not world.entries().exists()


def test_the_journal_names_a_contact_by_id_and_not_by_address_or_telephone() -> None:
    vendor = make_vendor()
    contact = register.add_contact(
        vendor, name="Kim Roe", email="kim@example.com", phone="+44 20 7946 0958", by=DANA, at=NOON
    )
    register.change_contact(contact, phone="+44 20 7946 0959", has_authority=True, by=DANA, at=NOON)
    register.remove_contact(contact, by=DANA, at=NOON)
    assert not Contact.objects.exists()
    written = "".join(f"{entry.before}{entry.after}{entry.why}" for entry in world.entries())
    assert [entry.verb for entry in world.entries()] == ["added", "changed", "removed"]
    assert "7946" not in written
    assert "kim" not in written.lower()


def test_contacts_are_told_in_the_order_in_which_they_were_added() -> None:
    vendor = make_vendor()
    first = register.add_contact(vendor, name="Kim", email="kim@example.com", by=DANA, at=NOON)
    second = register.add_contact(vendor, name="Lee", email="lee@example.com", by=DANA, at=NOON)
    assert (first.rank, second.rank) == (1, 2)


def test_two_contacts_of_a_vendor_do_not_share_an_address() -> None:
    vendor = make_vendor("Alder")
    make_contact(vendor, "Kim", email="kim@example.com")
    lee = make_contact(vendor, "Lee", email="lee@example.com")
    sentence = "KIM@example.com is the address of Kim, who is a contact of Alder already."
    with pytest.raises(ValidationError) as refused:
        register.add_contact(vendor, name="Kim", email="KIM@example.com", by=DANA, at=NOON)
    assert faults(refused) == {"email": [sentence]}
    with pytest.raises(ValidationError) as refused:
        register.change_contact(lee, email="KIM@example.com", by=DANA, at=NOON)
    assert faults(refused) == {"email": [sentence]}


def test_nobody_has_authority_without_being_told_of_orders() -> None:
    contact = make_contact(make_vendor())
    with pytest.raises(ValidationError, match="is told of halt orders"):
        register.change_contact(contact, is_emergency=False, by=DANA, at=NOON)
    register.change_contact(contact, is_emergency=False, has_authority=False, by=DANA, at=NOON)
    assert not contact.is_emergency
