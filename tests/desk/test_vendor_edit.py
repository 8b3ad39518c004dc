"""Changing the register by hand: what is typed wrongly comes back with a sentence, and nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from journal.models import Entry
from tests import world
from tests.desk.conftest import Desk
from tests.desk.pages import text
from vendors.models import Contact, SendingServer, Vendor


def test_a_vendor_is_added_and_numbered(desk: Desk, dana: Client) -> None:
    answer = dana.post(reverse("desk:vendor_new"), {"name": "Copperline Media"}, follow=True)
    vendor = Vendor.objects.get(name="Copperline Media")
    assert f"Copperline Media is {vendor.number} in the register. Now add servers and contacts." in text(answer)
    assert Entry.objects.get(object_type="vendors.vendor", verb="added").actor.startswith("user:")


def test_a_name_that_is_taken_stays_in_the_field(desk: Desk, dana: Client) -> None:
    answer = dana.post(reverse("desk:vendor_new"), {"name": "ALDER mailings"})
    assert "There is a vendor named “Alder Mailings” already" in text(answer)
    assert 'value="ALDER mailings"' in answer.content.decode()
    assert "<title>Error: Add a vendor" in answer.content.decode()
    assert 'href="#id_name"' in answer.content.decode()


def test_a_vendor_without_a_name_is_asked_for_one(desk: Desk, dana: Client) -> None:
    assert "Write the vendor's name." in text(dana.post(reverse("desk:vendor_new"), {"name": " "}))


def test_a_vendor_gets_another_name(desk: Desk, dana: Client) -> None:
    url = reverse("desk:vendor_edit", args=[desk.vendor.uid])
    assert 'value="Alder Mailings"' in dana.get(url).content.decode()
    assert "The vendor is called Alder Post now." in text(dana.post(url, {"name": "Alder Post"}, follow=True))


def test_retiring_a_vendor_needs_a_reason_and_can_be_undone(desk: Desk, dana: Client) -> None:
    url = reverse("desk:vendor_retire", args=[desk.vendor.uid])
    assert "a halt order stays in force" in text(dana.get(url))
    assert "Write a reason. It is kept in the journal." in text(dana.post(url, {"reason": ""}))
    assert "Alder Mailings is retired" in text(dana.post(url, {"reason": "The contract ended."}, follow=True))
    assert Entry.objects.get(verb="retired").why == "The contract ended."
    assert "is back" in text(dana.post(url, {"reason": "A new contract."}, follow=True))
    assert Vendor.objects.get(pk=desk.vendor.pk).state == Vendor.State.ACTIVE


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("203.0.113.700", "203.0.113.700 is not an IP address."),
        ("", "Write the server's IP address, for example 198.51.100.25."),
        ("203.0.113.27", "203.0.113.27 is a server of Alder Mailings already."),
    ],
)
def test_a_wrong_address_is_refused_with_a_sentence(desk: Desk, dana: Client, typed: str, said: str) -> None:
    fields = {"address": typed, "hostname": "mta9.alder.example.net", "helo": ""}
    answer = dana.post(reverse("desk:server_new", args=[desk.vendor.uid]), fields)
    assert said in text(answer)
    assert 'value="mta9.alder.example.net"' in answer.content.decode()
    assert SendingServer.objects.count() == 1


def test_a_server_is_added_and_its_names_are_changed(desk: Desk, dana: Client) -> None:
    dana.post(reverse("desk:server_new", args=[desk.vendor.uid]), {"address": "203.0.113.28"})
    server = SendingServer.objects.get(address="203.0.113.28")
    url = reverse("desk:server_edit", args=[server.uid])
    assert "The address itself never changes" in text(dana.get(url))
    answer = dana.post(url, {"hostname": "MTA4.alder.example.net", "helo": ""}, follow=True)
    assert "The names of 203.0.113.28 are saved." in text(answer)
    assert SendingServer.objects.get(pk=server.pk).hostname == "mta4.alder.example.net"


def test_a_server_is_retired_and_reinstated(desk: Desk, dana: Client) -> None:
    url = reverse("desk:server_retire", args=[desk.server.uid])
    assert "is retired." in text(dana.post(url, {"reason": "Switched off."}, follow=True))
    assert "is back, and watched again." in text(dana.post(url, {"reason": "On again."}, follow=True))


def test_a_contact_is_added_after_those_who_are_there(desk: Desk, dana: Client) -> None:
    fields = {
        "name": "Lena Frost",
        "email": "Lena@alder.example.net",
        "phone": "+44 20 7946 0958",
        "is_emergency": "on",
    }
    answer = dana.post(reverse("desk:contact_new", args=[desk.vendor.uid]), fields, follow=True)
    assert "Lena Frost is a contact of Alder Mailings now." in text(answer)
    lena = Contact.objects.get(name="Lena Frost")
    assert (lena.phone, lena.rank, lena.has_authority) == ("+442079460958", 2, False)


def test_an_emergency_contact_without_a_telephone_is_saved_and_warned_of(desk: Desk, dana: Client) -> None:
    fields = {"name": "Lena Frost", "email": "lena@alder.example.net", "is_emergency": "on"}
    answer = dana.post(reverse("desk:contact_new", args=[desk.vendor.uid]), fields, follow=True)
    assert "Lena Frost has no telephone: in an emergency nobody can be called." in text(answer)
    lena = Contact.objects.get(name="Lena Frost")
    answer = dana.post(reverse("desk:contact_edit", args=[lena.uid]), fields | {"is_emergency": ""}, follow=True)
    assert "has no telephone" not in text(answer)


def test_a_telephone_number_that_cannot_be_is_refused_and_kept_in_the_field(desk: Desk, dana: Client) -> None:
    fields = {"name": "Lena Frost", "email": "lena@alder.example.net", "phone": "0800-CALL", "is_emergency": "on"}
    answer = dana.post(reverse("desk:contact_new", args=[desk.vendor.uid]), fields)
    assert 'value="0800-CALL"' in answer.content.decode()
    assert 'value="Lena Frost"' in answer.content.decode()
    assert not Contact.objects.filter(name="Lena Frost").exists()


def test_a_contact_is_changed_without_the_journal_keeping_the_address(desk: Desk, dana: Client) -> None:
    url = reverse("desk:contact_edit", args=[desk.contact.uid])
    fields = {"name": "Theo Marsh", "email": "theo@alder.example.net", "phone": "", "is_emergency": "on", "rank": "1"}
    assert "Theo Marsh is saved." in text(dana.post(url, fields, follow=True))
    assert "theo@alder.example.net" not in str(Entry.objects.get(verb="changed").after)


def test_removing_the_only_contact_says_what_that_means(desk: Desk, dana: Client) -> None:
    url = reverse("desk:contact_remove", args=[desk.contact.uid])
    assert "Theo Marsh is the only emergency contact" in text(dana.get(url))
    assert "Theo Marsh is no longer a contact" in text(dana.post(url, {"reason": "Left the company."}, follow=True))
    assert not Contact.objects.exists()


def test_nothing_is_added_to_a_retired_vendor(desk: Desk, dana: Client) -> None:
    Vendor.objects.filter(pk=desk.vendor.pk).update(state=Vendor.State.RETIRED)
    answer = dana.post(reverse("desk:server_new", args=[desk.vendor.uid]), {"address": "203.0.113.99"})
    assert "Alder Mailings is retired. Reinstate the vendor first." in text(answer)


def test_charlies_contact_is_not_alders(desk: Desk, dana: Client) -> None:
    world.make_contact(desk.people.vendor_b, "Cara Birch")
    assert "Cara Birch" not in dana.get(reverse("desk:vendor", args=[desk.vendor.uid])).content.decode()
