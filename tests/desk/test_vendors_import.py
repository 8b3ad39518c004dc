"""Importing a file: first what it would add, then all of it or nothing."""

import html
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.desk.conftest import Desk
from tests.desk.pages import heading, text
from vendors.models import Contact, SendingServer, Vendor

PAGE = "/desk/vendors/import/"
HEADER = "vendor,server_address,server_hostname,server_helo,contact_name,contact_email,contact_phone,contact_emergency"
GOOD = f"""{HEADER}
Copperline Media,203.0.113.40,mta1.copper.example.net,,,,,
Copperline Media,,,,R. Imbert,r@copper.example.net,+12125550100,yes
"""


def send(client: Client, content: str) -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile("vendors.csv", content.encode())})


def test_a_file_is_shown_before_anything_is_stored(desk: Desk, dana: Client) -> None:
    answer = send(dana, GOOD)
    assert heading(answer) == "The file would add 1 vendor, 1 server and 1 contact"
    assert "Copperline Media new 203.0.113.40 r@copper.example.net" in text(answer)
    assert not Vendor.objects.filter(name="Copperline Media").exists()


def test_a_contact_whom_nobody_can_call_is_warned_of(desk: Desk, dana: Client) -> None:
    answer = send(dana, GOOD.replace("+12125550100", ""))
    assert "Row 3: r@copper.example.net has no telephone: in an emergency nobody can be called." in text(answer)
    assert heading(answer) == "The file would add 1 vendor, 1 server and 1 contact"


def test_the_second_press_adds_what_was_shown(desk: Desk, dana: Client) -> None:
    shown = re.search(r'name="looked_at"[^>]*>\n(.*?)</textarea>', send(dana, GOOD).content.decode(), re.DOTALL)
    assert shown
    answer = dana.post(PAGE, {"looked_at": html.unescape(shown[1]), "apply": "yes"}, follow=True)
    assert "Added 1 vendor, 1 server and 1 contact." in text(answer)
    vendor = Vendor.objects.get(name="Copperline Media")
    assert SendingServer.objects.get(vendor=vendor).address == "203.0.113.40"
    assert Contact.objects.get(vendor=vendor).name == "R. Imbert"


def test_every_fault_is_named_and_nothing_is_added(desk: Desk, dana: Client) -> None:
    answer = send(dana, f"{HEADER}\nCopperline Media,203.0.113.700,,,,,,\nCopperline Media,,,,X,not-an-address,,yes\n")
    assert "The file has 2 faults. Nothing was added" in text(answer)
    assert "Row 2, server_address: 203.0.113.700 is not an IP address." in text(answer)
    assert "It reads: not-an-address" in text(answer)


def test_a_file_of_known_rows_adds_nothing_and_says_so(desk: Desk, dana: Client) -> None:
    answer = send(dana, f"{HEADER}\nAlder Mailings,203.0.113.27,mta3.alder.example.net,mta3.alder.example.net,,,,\n")
    assert heading(answer) == "The file adds nothing"


def test_no_file_is_asked_for(desk: Desk, dana: Client) -> None:
    assert "Choose a CSV file." in text(dana.post(PAGE, {}))


def test_a_picture_is_refused_with_a_sentence(desk: Desk, dana: Client) -> None:
    answer = dana.post(PAGE, {"file": SimpleUploadedFile("logo.png", b"\x89PNG\r\n\x1a\n\xff\xfe")})
    assert answer.status_code == 200
    assert "Nothing was added" in text(answer)
