"""Halt orders through the API: issued once, read with who was told and who answered, lifted."""

import pytest
from django.db import IntegrityError, transaction

from halts.models import Acknowledgement, HaltOrder
from journal.models import Entry
from notices import outbox
from notices.models import Delivery
from notices.outbox import Recipient
from tests.api.caller import Caller, caller
from tests.halted import make_order
from tests.world import NOON, make_contact, make_server, make_vendor
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
KEY = "b6d1b7a4-0c57-4c1e-8f0e-0d7a3a2b1c00"


@pytest.fixture
def vendor() -> Vendor:
    return make_vendor("Alder")


@pytest.fixture
def machine() -> Caller:
    return caller()


def test_an_order_is_issued_for_a_whole_vendor_or_one_server(machine: Caller, vendor: Vendor) -> None:
    server = make_server(vendor)
    whole = machine.post("/halts", {"vendor": str(vendor.uid), "reason": " Spam was reported. "})
    assert whole.status == 201
    order = HaltOrder.objects.get()
    assert whole.headers["Location"] == f"/api/v1/halts/{order.uid}"
    assert (whole.body["scope"], whole.body["server"], whole.body["reason"]) == ("vendor", None, "Spam was reported.")
    assert (whole.body["state"], whole.body["issued_by"], whole.body["clause"]) == ("issued", "it machine", "R12")
    one = machine.post("/halts", {"vendor": vendor.number, "server": str(server.uid), "reason": "Spam."})
    assert (one.body["scope"], one.body["server"]["id"]) == ("server", str(server.uid))
    assert Entry.objects.filter(object_type="halts.haltorder", verb="issued").count() == 2


def test_fifty_identical_calls_with_one_key_give_one_order(machine: Caller, vendor: Vendor) -> None:
    body = {"vendor": str(vendor.uid), "reason": "Spam was reported."}
    answers = [machine.post("/halts", body, Idempotency_Key=KEY) for _ in range(50)]
    assert [answer.status for answer in answers] == [201] + [200] * 49
    assert {answer.body["id"] for answer in answers} == {str(HaltOrder.objects.get().uid)}
    assert {answer.headers["Location"] for answer in answers} == {answers[0].headers["Location"]}


def test_the_database_refuses_a_second_order_with_the_same_key(vendor: Vendor) -> None:
    order = make_order(vendor)
    HaltOrder.objects.filter(pk=order.pk).update(idempotency_key="token:key")
    order.pk, order.uid, order.idempotency_key = None, vendor.uid, "token:key"
    with pytest.raises(IntegrityError), transaction.atomic():
        order.save(force_insert=True)


def test_the_same_key_with_another_body_is_refused(machine: Caller, vendor: Vendor) -> None:
    server, other = make_server(vendor), make_vendor("Birch")
    first = {"vendor": str(vendor.uid), "reason": "Spam."}
    number = machine.post("/halts", first, Idempotency_Key=KEY).body["number"]
    for change in ({"vendor": str(other.uid)}, {"server": str(server.uid)}, {"reason": "Other spam."}):
        answer = machine.post("/halts", first | change, Idempotency_Key=KEY)
        assert (answer.status, answer.body["type"]) == (422, "urn:sluice:problem:key-reused")
        assert answer.body["detail"].startswith(f"This idempotency key was already used for {number}")
    assert HaltOrder.objects.count() == 1


def test_a_key_belongs_to_the_token_that_sent_it(machine: Caller, vendor: Vendor) -> None:
    body = {"vendor": str(vendor.uid), "reason": "Spam."}
    assert machine.post("/halts", body, Idempotency_Key=KEY).status == 201
    assert caller().post("/halts", body, Idempotency_Key=KEY).status == 201


def test_without_a_key_every_call_is_an_order(machine: Caller, vendor: Vendor) -> None:
    body = {"vendor": str(vendor.uid), "reason": "Spam."}
    assert [machine.post("/halts", body).status for _ in range(2)] == [201, 201]


def test_an_order_that_makes_no_sense_is_refused_by_field(machine: Caller, vendor: Vendor) -> None:
    foreign = make_server(make_vendor("Birch"))
    alder = str(vendor.uid)
    assert machine.post("/halts", {"vendor": alder, "reason": "  "}).faults == {"reason": "This must not be empty."}
    assert machine.post("/halts", {"reason": "Spam."}).faults == {"vendor": "This is required."}
    assert machine.post("/halts", {"vendor": "V-999", "reason": "Spam."}).faults == {
        "vendor": "There is no vendor V-999."
    }
    answer = machine.post("/halts", {"vendor": alder, "server": str(foreign.uid), "reason": "Spam."})
    assert answer.faults == {"server": f"{foreign.address} is not a server of Alder. Name one of its own, or none."}
    too_long = machine.post("/halts", {"vendor": alder, "reason": "Spam."}, Idempotency_Key="x" * 151)
    assert too_long.faults == {"Idempotency-Key": "This may have 150 characters at most."}
    assert not HaltOrder.objects.exists()


def test_an_order_is_shown_with_who_was_told_and_who_answered(machine: Caller, vendor: Vendor) -> None:
    order, kim = make_order(vendor), make_contact(vendor, "Kim", email="kim@alder.example")
    letter = outbox.write(
        "halt_order", Recipient("Kim", kim.email, kim), key="k", about=order.about, facts={"secret": "x"}, at=NOON
    )
    Acknowledgement.objects.create(order=order, at=NOON, name="Kim Roe", contact=kim, channel="link", ip="192.0.2.1")
    shown = machine.get(f"/halts/{order.number}").body
    assert shown["acknowledgements"] == [
        {"at": "2026-11-21T12:00:00Z", "name": "Kim Roe", "contact": str(kim.uid), "channel": "link"}
    ]
    (delivery,) = shown["deliveries"]
    assert (delivery["id"], delivery["to_email"], delivery["state"]) == (str(letter.uid), "kim@alder.example", "due")
    assert delivery["halt"] == {"id": str(order.uid), "number": order.number}
    assert "secret" not in str(shown)
    assert machine.get(f"/halts/{order.uid}").body == shown


def test_an_order_is_lifted_once_and_everybody_who_got_it_is_told(machine: Caller, vendor: Vendor) -> None:
    order = make_order(vendor)
    outbox.write("halt_order", Recipient("Kim", "kim@alder.example"), key="k", about=order.about, facts={}, at=NOON)
    Delivery.objects.update(state=Delivery.State.SENT)
    assert machine.post(f"/halts/{order.number}/lift", {}).faults == {"reason": "This is required."}
    lifted = machine.post(f"/halts/{order.number}/lift", {"reason": "The server was mended."})
    assert (lifted.status, lifted.body["state"], lifted.body["lifted_by"]) == (200, "lifted", "it machine")
    assert lifted.body["lift_reason"] == "The server was mended."
    told = machine.get(f"/deliveries?halt={order.number}&state=due").body["items"]
    assert [(letter["letter"], letter["to_email"]) for letter in told] == [("halt_lifted", "kim@alder.example")]
    again = machine.post(f"/halts/{order.number}/lift", {"reason": "Once more."})
    assert (again.status, again.body["detail"]) == (409, f"{order.number} was already lifted.")


def test_orders_are_narrowed_by_state_and_vendor(machine: Caller, vendor: Vendor) -> None:
    make_order(make_vendor("Birch"))
    order = make_order(vendor)
    machine.post(f"/halts/{order.uid}/lift", {"reason": "Mended."})
    assert [item["number"] for item in machine.get("/halts?state=lifted").body["items"]] == [order.number]
    assert machine.get(f"/halts?vendor={vendor.number}&state=issued").body["count"] == 0


def test_deliveries_name_the_order_they_are_about_or_none(machine: Caller, vendor: Vendor) -> None:
    order = make_order(vendor)
    for key, about in (("a", order.about), ("b", "sight:3"), ("c", "halt:999999")):
        outbox.write("halt_order", Recipient("Kim", "kim@alder.example"), key=key, about=about, facts={}, at=NOON)
    shown = machine.get("/deliveries").body["items"]
    assert [(item["about"], item["halt"] and item["halt"]["number"]) for item in shown] == [
        ("halt:999999", None),
        ("sight:3", None),
        (order.about, order.number),
    ]
    assert machine.get(f"/deliveries?about={order.about}").body["count"] == 1
    assert machine.get("/deliveries?halt=H-2026-0999").status == 404
