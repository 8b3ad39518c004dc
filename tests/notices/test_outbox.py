from datetime import timedelta

import pytest
import time_machine

from engine.claim import claim, release
from journal.actor import ENGINE
from journal.models import Entry
from journal.record import MoveRefused
from lab.smtp import SmtpMood, SmtpSink
from notices import outbox
from notices.models import Attempt, Delivery
from notices.outbox import Recipient
from tests.notices.post import deliver_due, write
from tests.world import NOON

pytestmark = pytest.mark.django_db
MINUTE = timedelta(seconds=60)


def test_the_same_letter_is_written_once() -> None:
    first = write(facts={"reason": "The first."})
    again = write(to=Recipient("Another", "another@alder.example.net"), facts={"reason": "The second."})
    assert again == first
    stored = Delivery.objects.get()
    assert (stored.to_email, stored.facts["reason"]) == ("alma@alder.example.net", "The first.")


def test_the_message_id_is_the_key_s_and_the_same_whenever_it_is_written() -> None:
    one = write("halt:41:step0:contact1")
    other = write("halt:41:step1:contact1")
    assert one.message_id != other.message_id
    was = one.message_id
    one.delete()
    assert write("halt:41:step0:contact1").message_id == was


def test_a_letter_is_due_at_once() -> None:
    delivery = write()
    assert (delivery.state, delivery.next_action_at, delivery.attempts) == ("due", NOON, 0)


def test_a_cancelled_letter_does_not_leave_and_the_journal_says_why(
    sink: SmtpSink, clock: time_machine.Traveller
) -> None:
    delivery = write()
    assert outbox.cancel("halt:41", "halt_order", at=NOON, why="The order was lifted.") == 1
    deliver_due()
    delivery.refresh_from_db()
    assert (delivery.state, sink.messages) == ("cancelled", [])
    assert Entry.objects.get(verb="cancelled").why == "The order was lifted."


def test_cancelling_leaves_other_letters_and_other_subjects_alone() -> None:
    kept = [
        write("a", letter="halt_lifted"),
        write("b", about="halt:42"),
    ]
    write("c")
    assert outbox.cancel("halt:41", "halt_order", at=NOON, why="Lifted.") == 1
    assert [Delivery.objects.get(pk=one.pk).state for one in kept] == ["due", "due"]


def test_a_letter_that_is_leaving_while_it_is_cancelled_stays_what_it_is_when_it_arrives() -> None:
    write()
    [held] = claim(Delivery.objects.waiting(), now=NOON, lease=MINUTE, limit=1)
    assert outbox.cancel("halt:41", "halt_order", at=NOON, why="Acknowledged.") == 0
    assert Delivery.objects.get().state == "due"
    assert held.lease_token == Delivery.objects.get().lease_token


def test_a_letter_that_could_not_leave_while_it_was_cancelled_is_not_tried_again(
    sink: SmtpSink, clock: time_machine.Traveller
) -> None:
    write()
    [held] = claim(Delivery.objects.waiting(), now=NOON, lease=MINUTE, limit=1)
    outbox.cancel("halt:41", "halt_order", at=NOON, why="Acknowledged.")
    release(held, attempts=1, next_action_at=NOON)  # it failed
    deliver_due()
    assert sink.messages == []
    stored = Delivery.objects.get()
    assert (stored.state, stored.lease_token) == ("cancelled", None)
    assert Entry.objects.get(verb="cancelled").why == "Acknowledged."
    assert not Attempt.objects.exists()


def test_a_letter_whose_sender_died_before_it_was_cancelled_does_not_leave(
    sink: SmtpSink, clock: time_machine.Traveller
) -> None:
    write()
    claim(Delivery.objects.waiting(), now=NOON, lease=MINUTE, limit=1)
    clock.shift(3600)
    outbox.cancel("halt:41", "halt_order", at=NOON, why="Lifted.")
    deliver_due()
    assert (Delivery.objects.get().state, sink.messages) == ("cancelled", [])


def test_a_letter_that_was_given_up_is_taken_back_too(sink: SmtpSink, clock: time_machine.Traveller) -> None:
    sink.set_mood(SmtpMood(reject=frozenset({"alma@alder.example.net"})))
    write()
    deliver_due()
    assert outbox.cancel("halt:41", "halt_order", at=NOON, why="Lifted.") == 1
    with pytest.raises(MoveRefused):
        outbox.retry(Delivery.objects.get(), at=NOON, why="Their server works again.", by=ENGINE)
    assert Delivery.objects.get().state == "cancelled"
