"""Machines that report the growth of a list."""

import pytest

from journal.actor import ENGINE
from journal.models import Entry
from questionnaires.acceptances import suspend
from questionnaires.models import Acceptance, Addition, ListSource
from tests.acceptances import make_acceptance, make_source
from tests.api.caller import Caller, caller
from tests.world import NOON, make_vendor
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine() -> Caller:
    return caller()


@pytest.fixture
def vendor() -> Vendor:
    return make_vendor("Alder")


def test_additions_are_counted_together_until_they_need_exhibit_b(machine: Caller, vendor: Vendor) -> None:
    path = f"/vendors/{vendor.number}/sources/GARDEN-WEB/additions"
    first = machine.post(path, {"count": 500})
    assert first.status == 201
    assert first.body["addition"]["count"] == 500
    assert first.body["source"] | {"id": "", "created_at": ""} == {
        "id": "", "code": "GARDEN-WEB", "owner": "", "new": 500, "limit": 500, "needs_exhibit_b": False, "covered": [],
        "suspended": [], "awaiting": [], "created_at": "",
    }  # fmt: skip
    second = machine.post(path, {"count": 1})
    assert (second.body["source"]["new"], second.body["source"]["needs_exhibit_b"]) == (501, True)
    answer = machine.get(f"/clearance/{vendor.number}?source=garden-web").body
    assert "source_uncovered" in str(answer)


def test_a_suspended_letter_covers_nothing_and_is_named(machine: Caller, vendor: Vendor) -> None:
    letter = make_acceptance(vendor, exhibit="B", lists={"GARDEN": 800})
    make_source(vendor, "GARDEN", 800, accepted_in=letter)
    suspend(letter, "Its proof was forged.", by=ENGINE, at=NOON)
    [garden] = machine.get(f"/vendors/{vendor.number}/sources").body["items"]
    assert (garden["covered"], garden["suspended"]) == ([], [letter.number])
    assert (garden["new"], garden["needs_exhibit_b"]) == (800, True)


@pytest.mark.parametrize("spelt", ["garden web", "%20Garden%20%20WEB%20", "GARDEN%E2%80%8B%20WEB", "Garden%09web"])
def test_case_and_blanks_make_no_other_source(machine: Caller, vendor: Vendor, spelt: str) -> None:
    make_source(vendor, "Garden Web", 499)
    answer = machine.post(f"/vendors/{vendor.uid}/sources/{spelt.replace(' ', '%20')}/additions", {"count": 2})
    assert answer.body["source"]["new"] == 501
    assert ListSource.objects.count() == 1


def test_a_code_may_hold_a_slash(machine: Caller, vendor: Vendor) -> None:
    answer = machine.post(f"/vendors/{vendor.uid}/sources/GARDEN/2026%2Fadditions/additions", {"count": 3})
    assert answer.body["source"]["code"] == "GARDEN/2026/additions"


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"count": 0}, "count", "This must be at least 1."),
        ({"count": -5}, "count", "This must be at least 1."),
        ({"count": 100_000_001}, "count", "This must be at most 100000000."),
        ({"count": "501"}, "count", "This must be a whole number."),
        ({"count": 1.5}, "count", "This must be a whole number."),
        ({"count": True}, "count", "This must be a whole number."),
        ({}, "count", "This is required."),
        ({"count": 3, "source": "x"}, "source", "This is not known here. Leave it out, or check its spelling."),
    ],
)
def test_a_bad_body_is_refused_by_field(
    machine: Caller, vendor: Vendor, body: dict[str, object], field: str, sentence: str
) -> None:
    answer = machine.post(f"/vendors/{vendor.uid}/sources/GARDEN/additions", body)
    assert (answer.status, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert answer.faults == {field: sentence}
    assert not Addition.objects.exists()


@pytest.mark.parametrize("code", ["%20%20", "x" * 101, "%E2%80%8B"])
def test_a_code_that_is_none_is_refused(machine: Caller, vendor: Vendor, code: str) -> None:
    answer = machine.post(f"/vendors/{vendor.uid}/sources/{code}/additions", {"count": 3})
    assert answer.faults == {"code": "Write the code of the source, at most 100 characters."}


def test_the_same_key_is_noted_once(machine: Caller, vendor: Vendor) -> None:
    path = f"/vendors/{vendor.uid}/sources/GARDEN/additions"
    first = machine.post(path, {"count": 300}, Idempotency_Key="night of 20 November")
    again = machine.post(path, {"count": 300}, Idempotency_Key="night of 20 November")
    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body
    assert Addition.objects.get().count == 300
    other = machine.post(path, {"count": 301}, Idempotency_Key="night of 20 November")
    assert (other.status, other.body["type"]) == (422, "urn:sluice:problem:key-reused")
    assert caller().post(path, {"count": 301}, Idempotency_Key="night of 20 November").status == 201


def test_sources_are_listed_with_the_letters_that_cover_them(machine: Caller, vendor: Vendor) -> None:
    letter = make_acceptance(vendor, lists={"GARDEN": 4000})
    waiting = make_acceptance(vendor, exhibit="B", state=Acceptance.State.ISSUED, lists={"garden ": 501})
    make_source(vendor, "GARDEN", 501, accepted_in=waiting)
    make_source(vendor, "ROSES", 3)
    make_source(make_vendor("Birch"), "OTHER", 3)
    garden, roses = machine.get(f"/vendors/{vendor.number}/sources").body["items"]
    assert garden["covered"] == [{"acceptance": letter.number, "count": 4000}]
    assert (garden["awaiting"], garden["new"], garden["needs_exhibit_b"]) == ([waiting.number], 501, True)
    assert (roses["code"], roses["new"], roses["covered"]) == ("ROSES", 3, [])
    assert machine.get(f"/vendors/{vendor.number}/sources?colour=red").status == 422


def test_the_journal_names_the_machine(machine: Caller, vendor: Vendor) -> None:
    machine.post(f"/vendors/{vendor.uid}/sources/GARDEN/additions", {"count": 3})
    entry = Entry.objects.get(verb="addresses declared")
    assert entry.actor.startswith("token:")
    assert entry.after == {"count": 3}
