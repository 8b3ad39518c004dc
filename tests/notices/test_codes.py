"""Codes of six digits: one right guess confirms, five wrong ones end it, and strangers are not mailed."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from journal.actor import Actor
from journal.models import Entry
from lab.smtp import SmtpSink
from notices.codes import CodeRefused, check_code, confirmed_at, digits_of, send_code
from notices.models import Delivery
from tests.notices.post import deliver_due
from tests.world import NOON, make_vendor
from vendors.models import AddressCode, Vendor

pytestmark = pytest.mark.django_db
ALICE = Actor("user", "1 (vendor)")
EMAIL = "legal@alder.example.net"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def vendor() -> Vendor:
    return make_vendor("Alder Mailings")


def send(vendor: Vendor, minutes: float = 0, email: str = EMAIL, purpose: str = "letters") -> AddressCode:
    return send_code(vendor, email, purpose, by=ALICE, at=NOON + minutes * MINUTE)


def check(vendor: Vendor, typed: str, minutes: float = 1, email: str = EMAIL, purpose: str = "letters") -> AddressCode:
    return check_code(vendor, email, purpose, typed, by=ALICE, at=NOON + minutes * MINUTE)


def wrong(code: AddressCode, step: int = 1) -> str:
    return f"{(int(digits_of(code)) + step) % 1_000_000:06d}"


def test_the_right_code_confirms_the_address_once(vendor: Vendor) -> None:
    code = send(vendor)
    digits = digits_of(code)
    assert confirmed_at(vendor, EMAIL, "letters") is None
    assert check(vendor, f" {digits[:3]} {digits[3:]}\n").confirmed_at == NOON + MINUTE
    assert confirmed_at(vendor, EMAIL.upper(), "letters") == NOON + MINUTE
    with pytest.raises(CodeRefused, match="was used already"):
        check(vendor, digits)
    assert Entry.objects.filter(verb="code confirmed").count() == 1


def test_a_code_is_for_one_vendor_one_address_and_one_purpose(vendor: Vendor) -> None:
    digits = digits_of(send(vendor))
    for other in ({"purpose": "contact"}, {"email": "noc@alder.example.net"}):
        with pytest.raises(CodeRefused, match="No code was sent to"):
            check(vendor, digits, **other)  # type: ignore[arg-type]
    with pytest.raises(CodeRefused, match="No code was sent to"):
        check(make_vendor(), digits)
    check(vendor, digits)


def test_five_wrong_guesses_end_a_code_and_the_right_one_comes_too_late(vendor: Vendor) -> None:
    code = send(vendor)
    said = []
    for step in range(1, 6):
        with pytest.raises(CodeRefused) as refused:
            check(vendor, wrong(code, step))
        said.append(str(refused.value))
    assert said[0] == f"This is not the code in the newest letter to {EMAIL}. You have 4 more tries."
    assert said[3] == f"This is not the code in the newest letter to {EMAIL}. You have one more try."
    ended = "This code was typed wrongly 5 times, so it counts no more. Have a new one sent."
    assert said[4] == ended
    with pytest.raises(CodeRefused) as refused:
        check(vendor, digits_of(code))
    assert str(refused.value) == ended
    assert confirmed_at(vendor, EMAIL, "letters") is None


def test_who_guesses_all_day_gets_thirty_guesses_an_hour(vendor: Vendor) -> None:
    """Brute force with every code the limits allow, through a whole day: 720 guesses of a million."""
    guesses = codes_sent = 0
    for minute in range(0, 24 * 60, 2):
        try:
            code = send(vendor, minute)
        except CodeRefused:
            continue
        codes_sent += 1
        for step in range(1, 20):
            with pytest.raises(CodeRefused):
                check(vendor, wrong(code, step), minute + 0.5)
        code.refresh_from_db()
        guesses += code.tries
    assert (codes_sent, guesses) == (144, 720)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12a456", "１２３４５６", "-12345", "12.456", "٠١٢٣٤٥"])
def test_what_is_no_code_costs_no_try(vendor: Vendor, typed: str) -> None:
    code = send(vendor)
    with pytest.raises(CodeRefused, match="It has six digits"):
        check(vendor, typed)
    code.refresh_from_db()
    assert code.tries == 0


def test_a_code_ends_after_thirty_minutes(vendor: Vendor) -> None:
    code = send(vendor)
    with pytest.raises(CodeRefused) as refused:
        check(vendor, digits_of(code), 30)
    assert str(refused.value) == "This code ended at 21 Nov 2026, 12:30 UTC. Have a new one sent."
    check(vendor, digits_of(code), 29.9)


def test_a_newer_code_ends_the_earlier_and_takes_back_its_letter(vendor: Vendor) -> None:
    first = send(vendor)
    second = send(vendor, 2)
    assert Delivery.objects.get(about=first.about).state == Delivery.State.CANCELLED
    if digits_of(first) != digits_of(second):
        with pytest.raises(CodeRefused, match="not the code in the newest letter"):
            check(vendor, digits_of(first), 3)
    check(vendor, digits_of(second), 3)


def test_an_address_gets_a_code_a_minute_and_six_an_hour(vendor: Vendor) -> None:
    send(vendor)
    with pytest.raises(CodeRefused, match="less than a minute ago"):
        send(vendor, 0.9)
    for minute in range(1, 6):
        send(vendor, minute)
    with pytest.raises(CodeRefused) as refused:
        send(vendor, 59)
    assert str(refused.value) == (
        f"6 codes were sent to {EMAIL} within an hour. The next one can be sent at 21 Nov 2026, 13:00 UTC."
    )
    send(vendor, 60)
    assert Delivery.objects.count() == 7


def test_a_vendor_mails_codes_to_twenty_addresses_an_hour_and_no_more(vendor: Vendor) -> None:
    for number in range(20):
        send(vendor, email=f"stranger{number}@example.org")
    with pytest.raises(CodeRefused, match="20 codes of Alder Mailings were sent within an hour"):
        send(vendor, 5, email="one.more@example.org")
    send(make_vendor(), email="one.more@example.org")


def test_a_guess_is_counted_although_the_caller_fails(vendor: Vendor) -> None:
    """Not even by mistake can a caller undo the count with its own transaction."""
    send(vendor)
    connection.atomic_blocks[-1]._from_testcase = False  # type: ignore[attr-defined]
    try:
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            check(vendor, "123456")
    finally:
        connection.atomic_blocks[-1]._from_testcase = True  # type: ignore[attr-defined]


def test_the_digits_are_in_the_letter_and_nowhere_in_the_database(vendor: Vendor, sink: SmtpSink) -> None:
    with time_machine.travel(NOON, tick=False):
        code = send(vendor)
        deliver_due()
    [mail] = sink.messages
    digits = digits_of(code)
    assert re.findall(r"\b\d{6}\b", mail.text) == [digits]
    assert f">{digits}<" in mail.html
    assert mail.subject == "Your code for Alder Mailings at Harrow & Lyle"
    kept = " ".join(str(row) for model in (AddressCode, Delivery, Entry) for row in model._base_manager.values())
    assert digits not in re.findall(r"(?<!\d)\d{6}(?!\d)", re.sub(r"[0-9a-f]{32,}", "", kept))
    assert "……" in Delivery.objects.get().sent_text


def test_a_letter_that_is_sent_again_carries_the_same_code(vendor: Vendor) -> None:
    code = send(vendor)
    assert digits_of(code) == digits_of(AddressCode.objects.get(pk=code.pk))


def test_a_code_that_ended_does_not_leave(vendor: Vendor, sink: SmtpSink) -> None:
    with time_machine.travel(NOON + 31 * MINUTE, tick=False):
        send(vendor)
        deliver_due()
    letter = Delivery.objects.get()
    assert (letter.state, sink.messages) == (Delivery.State.DEAD, [])
    assert letter.last_error == "The code ended before the letter could leave."


@given(st.integers(1, 10**9), st.text("0123456789abcdef", min_size=32, max_size=32))
def test_digits_are_always_six(pk: int, seed: str) -> None:
    assert re.fullmatch(r"[0-9]{6}", digits_of(AddressCode(pk=pk, seed=seed)))
