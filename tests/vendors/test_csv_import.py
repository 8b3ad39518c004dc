"""A CSV file is taken whole or not at all, every fault in it is named, and the same file twice adds nothing."""

import io
import json
import time
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from journal.actor import Actor
from journal.models import Entry
from journal.verification import verify
from tests import world
from tests.world import NOON, make_contact, make_server, make_vendor
from vendors import register
from vendors.csv_file import FileRefused
from vendors.csv_import import COLUMNS, Plan, apply, read
from vendors.models import Contact, SendingServer, Vendor

pytestmark = pytest.mark.django_db
DANA = Actor("user", "4 (it)")
HEADER = ",".join(COLUMNS)
GOOD = f"""{HEADER}
Alder Mailings,192.0.2.10,mail.alder.example,,Kim Roe,kim@alder.example,+44 20 7946 0958,yes
alder mailings,2001:DB8::10,,,,,,
Birch Direct,192.0.2.20,mx.birch.example,helo.birch.example,,,,
Birch Direct,,,,Lee Poe,lee@birch.example,,no
"""


@pytest.fixture(autouse=True)
def _documentation_networks_may_be_used(settings: Any) -> None:
    settings.EGRESS_ALLOW = (ip_network("192.0.2.0/24"), ip_network("2001:db8::/32"))


def plan_of(text: str | bytes) -> Plan:
    return read(io.BytesIO(text if isinstance(text, bytes) else text.encode()))


def refusals(text: str | bytes) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        plan_of(text)
    return [str(fault) for fault in refused.value.faults]


def stored() -> tuple[int, int, int]:
    return Vendor.objects.count(), SendingServer.objects.count(), Contact.objects.count()


def test_a_good_file_is_added_with_a_journal_entry_for_each_thing() -> None:
    plan = plan_of(GOOD)
    assert str(plan) == "2 vendors, 3 servers and 2 contacts"
    assert stored() == (0, 0, 0), "reading stores nothing"
    apply(plan, by=DANA, at=NOON)
    assert stored() == (2, 3, 2)
    assert world.entries().count() == 7
    alder = Vendor.objects.get(name="Alder Mailings")
    assert sorted(server.address for server in alder.servers.all()) == ["192.0.2.10", "2001:db8::10"]
    kim = alder.contacts.get()
    assert (kim.name, kim.phone, kim.is_emergency) == ("Kim Roe", "+442079460958", True)


def test_the_same_file_twice_adds_nothing() -> None:
    apply(plan_of(GOOD), by=DANA, at=NOON)
    entries = Entry.objects.count()
    again = plan_of(GOOD)
    assert again.is_empty
    assert again.remarks == ()
    apply(again, by=DANA, at=NOON)
    assert Entry.objects.count() == entries


def test_known_vendors_are_met_whatever_their_case_and_what_is_known_of_them_stays() -> None:
    alder = make_vendor("ALDER MAILINGS")
    make_server(alder, "192.0.2.10", hostname="other.alder.example")
    make_contact(alder, "Kim", email="Kim@alder.example")
    plan = plan_of(GOOD)
    assert (plan.vendors, plan.servers, plan.contacts) == (1, 2, 1)
    assert plan.remarks == (
        "Row 2: 192.0.2.10 is known with other names; they stay as they are.",
        "Row 2: Kim@alder.example is known with other particulars; they stay as they are.",
    )
    apply(plan, by=DANA, at=NOON)
    assert alder.servers.get(address="192.0.2.10").hostname == "other.alder.example"


def test_every_fault_of_every_row_is_named_and_nothing_is_stored() -> None:
    assert refusals(
        f"""{HEADER}
Alder,192.0.2.700,mail,,,,,
,192.0.2.1,,,,,,

Birch,,only.host.example,,Kim,,,
Cedar,10.0.0.1,,,Lee,lee@@cedar,12345,maybe
Dogwood,192.0.2.5,,,,,,
"""
    ) == [
        "Row 2, server_address: 192.0.2.700 is not an IP address. The last part must be 0 to 255.",
        "Row 2, server_hostname: “mail” is only part of a host name. Write all of it, like mail.example.com.",
        "Row 3, vendor: Write a name.",
        "Row 5, server_address: Write the server's IP address, for example 198.51.100.25 or 2001:db8::25.",
        "Row 5, contact_email: Write an email address, for example abuse@example.com.",
        "Row 5, contact_emergency: Write yes if this contact gets halt orders, or no.",
        (
            "Row 6, server_address: 10.0.0.1 is an address of private networks. Write the public address that the "
            "server sends from, or let IT add its network to SLUICE_EGRESS_ALLOW."
        ),
        "Row 6, contact_email: “lee@@cedar” looks like several addresses. Write one; add a contact for each.",
        (
            "Row 6, contact_phone: “12345” does not begin with + and a country code. Write the number as it is dialled "
            "from abroad, like +44 20 7946 0958."
        ),
        "Row 6, contact_emergency: Write yes if this contact gets halt orders, or no.",
    ]
    assert stored() == (0, 0, 0)


def test_rows_that_contradict_each_other_are_named() -> None:
    assert refusals(f"{HEADER}\nAlder,192.0.2.1,a.example.com,,,,,\nALDER,192.0.2.1,b.example.com,,,,,\n") == [
        "Row 3, server_address: Row 2 says something else of 192.0.2.1. Make them the same, or leave one out."
    ]


def test_authority_and_rank_may_stand_in_the_file() -> None:
    head = f"{HEADER},contact_rank,contact_authority"
    apply(
        plan_of(
            f"{head}\nAlder,,,,Kim,kim@alder.example,+44 20 7946 0958,yes,2,yes\n"
            "Alder,,,,Lee,lee@alder.example,+44 20 7946 0959,yes,1,\n"
            "Alder,,,,Max,max@alder.example,+44 20 7946 0960,no,,no\n"
        ),
        by=DANA,
        at=NOON,
    )
    told = [(one.name, one.rank, one.has_authority) for one in Vendor.objects.get().contacts.emergency()]
    assert told == [("Lee", 1, False), ("Kim", 2, True)]


def test_authority_and_rank_are_refused_with_a_sentence() -> None:
    head = f"{HEADER},contact_authority,contact_rank"
    assert refusals(
        f"{head}\nAlder,,,,Kim,kim@alder.example,,yes,perhaps,first\n"
        "Alder,,,,Lee,lee@alder.example,,no,yes,0\nAlder,192.0.2.1,,,,,,,,1\n"
    ) == [
        "Row 2, contact_authority: Write yes if they told us that they may stop mailings, or no.",
        "Row 2, contact_rank: Write a whole number from 1, who is told first, to 999.",
        (
            "Row 3, contact_emergency: Who has the authority to stop mailings is told of halt orders: "
            "make them an emergency contact."
        ),
        "Row 3, contact_rank: Write a whole number from 1, who is told first, to 999.",
        "Row 4, contact_name: Write a name.",
        "Row 4, contact_email: Write an email address, for example abuse@example.com.",
        "Row 4, contact_emergency: Write yes if this contact gets halt orders, or no.",
    ]


def test_an_emergency_contact_without_a_telephone_is_taken_and_warned_of() -> None:
    plan = plan_of(f"{HEADER}\nAlder,,,,Kim,kim@alder.example,,yes\nAlder,,,,Lee,lee@alder.example,,no\n")
    assert plan.warnings == ("Row 2: kim@alder.example has no telephone: in an emergency nobody can be called.",)
    apply(plan, by=DANA, at=NOON)
    assert stored() == (1, 0, 2)


def test_a_retired_vendor_gets_nothing_new() -> None:
    vendor = make_vendor("Alder Mailings")
    register.retire_vendor(vendor, by=DANA, at=NOON)
    assert refusals(GOOD) == ["Row 2, vendor: Alder Mailings is retired. Reinstate the vendor first."]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", f"The file is empty. Its first row must be: {HEADER}"),
        (HEADER.encode(), "The file has a header and no rows. Add a row for each server or contact."),
        (GOOD.encode("utf-16"), "The file is not UTF-8 text: line 1 holds the byte 0xFF."),
        (GOOD.replace("Roe", "Rö").encode("latin-1"), "The file is not UTF-8 text: line 2 holds the byte 0xF6."),
        (b"PK\x03\x04rest", "This is a spreadsheet, not a CSV file."),
        (b"x" * 2_000_001, "The file has more than 2 MB. Split it."),
        (f'{HEADER}\nAlder,"192.0.2.1,,,,,,\n'.encode(), "Row 2: It cannot be read as CSV"),
        (f"{HEADER}\nAlder,192.0.2.1\n".encode(), "Row 2: It has 2 cells where the header has 8."),
        ((HEADER + "\n" + "Alder,,,,,,,\n" * 10_001).encode(), "The file has more than 10,000 rows. Split it."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    assert refusals(content)[-1].startswith(sentence)


def test_columns_that_are_unknown_missing_or_doubled_are_named() -> None:
    found = refusals("vendor,server_ip,vendor," + ",".join(COLUMNS[2:]) + "\n")
    assert [sentence.split(".")[0] for sentence in found] == [
        "Row 1, server_ip: This column is not known",
        "Row 1, server_address: This column is missing",
        "Row 1, vendor: This column is there twice",
    ]


def test_a_byte_order_mark_semicolons_and_another_order_of_columns_are_understood() -> None:
    columns = ";".join(reversed(COLUMNS))
    assert plan_of(f"\ufeff{columns}\r\n;;;;;;192.0.2.1;Alder\r\n").servers == 1


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda rest: f"{HEADER}\n{rest}".encode()))
def test_whatever_the_file_holds_it_is_read_or_refused(content: bytes) -> None:
    with suppress(FileRefused):
        plan_of(content)
    assert not Vendor.objects.exists()


def test_when_the_register_changes_in_between_nothing_is_added() -> None:
    plan = plan_of(GOOD)
    make_vendor("Birch Direct")
    with pytest.raises(FileRefused, match="The register changed while the file was read"):
        apply(plan, by=DANA, at=NOON)
    assert stored() == (1, 0, 0)


def test_two_thousand_servers_are_added_in_seconds_and_the_journal_holds() -> None:
    lines = [f"Vendor {n % 40},192.0.2.{n % 250},,,,,," for n in range(2000)]
    started = time.monotonic()
    plan = plan_of("\n".join([HEADER, *lines]))
    apply(plan, by=DANA, at=NOON)
    assert (plan.vendors, plan.servers) == (40, 1000)
    assert not verify().faults
    assert time.monotonic() - started < 30


def command(file: Path, *options: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_vendors", str(file), *options, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_says_what_it_would_do_then_does_it_then_has_nothing_to_do(tmp_path: Path) -> None:
    file = tmp_path / "vendors.csv"
    file.write_text(GOOD, encoding="utf-8")
    assert command(file, "--dry-run") == (
        0,
        "Would add 2 vendors, 3 servers and 2 contacts from 4 rows. Nothing was stored.\n",
        "",
    )
    assert stored() == (0, 0, 0)
    assert command(file)[1] == "Added 2 vendors, 3 servers and 2 contacts from 4 rows.\n"
    assert {entry.actor for entry in world.entries()} == {"command:import-vendors"}
    assert command(file)[1] == "Nothing to add: all 4 rows are known already.\n"


def test_the_command_names_faults_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "vendors.csv"
    file.write_text(f"{HEADER}\nAlder,192.0.2.700,,,,,,\n", encoding="utf-8")
    code, out, err = command(file)
    assert (code, out) == (1, "")
    assert err.startswith("Row 2, server_address: 192.0.2.700 is not an IP address.")
    code, out, _ = command(file, "--json")
    assert code == 1
    assert json.loads(out) == {
        "ok": False,
        "errors": [
            {
                "row": 2,
                "column": "server_address",
                "value": "192.0.2.700",
                "sentence": "192.0.2.700 is not an IP address. The last part must be 0 to 255.",
            }
        ],
    }


def test_a_file_that_is_not_there_is_told_in_words_and_in_json(tmp_path: Path) -> None:
    code, out, err = command(tmp_path / "absent.csv")
    assert (code, out) == (1, "")
    assert "absent.csv cannot be read: No such file or directory.\nNothing was added." in err
    code, out, _ = command(tmp_path / "absent.csv", "--json")
    assert code == 1
    assert "cannot be read" in json.loads(out)["errors"][0]["sentence"]


def test_the_command_speaks_json(tmp_path: Path) -> None:
    file = tmp_path / "vendors.csv"
    file.write_text(GOOD, encoding="utf-8")
    assert json.loads(command(file, "--json")[1]) == {
        "ok": True,
        "dry_run": False,
        "rows": 4,
        "added": {"vendors": 2, "servers": 3, "contacts": 2},
        "remarks": [],
        "warnings": [],
        "errors": [],
    }
