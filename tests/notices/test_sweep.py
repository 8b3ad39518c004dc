from datetime import timedelta

import pytest
import time_machine

from engine.claim import claim
from engine.cycle import Sweep
from journal.models import Entry
from lab.smtp import SmtpMood, SmtpSink
from notices.models import Attempt, Delivery, Link
from notices.outbox import Recipient
from notices.sweep import deliver, sweep
from tests.notices.post import deliver_due, write
from tests.world import NOON

pytestmark = pytest.mark.django_db
REJECTED = "gone@alder.example.net"


def test_a_letter_that_is_due_is_sent_and_marked_after_the_server_said_yes(
    sink: SmtpSink, clock: time_machine.Traveller
) -> None:
    delivery = write()
    state = deliver_due()
    [mail] = sink.messages
    delivery.refresh_from_db()
    assert (state.claimed, state.failed, state.oldest_due_at) == (1, 0, None)
    assert (delivery.state, delivery.attempts, delivery.sent_at) == ("sent", 1, NOON)
    assert (delivery.lease_token, delivery.next_action_at) == (None, None)
    assert mail.message_id == delivery.message_id
    assert mail.recipients == ("alma@alder.example.net",)
    assert mail.subject == delivery.sent_subject == "Halt order H-2026-0041: stop mailing for Harrow & Lyle now"
    assert mail.header("Auto-Submitted") == ("auto-generated",)
    assert mail.raw.index(b"text/plain") < mail.raw.index(b"text/html")


def test_nothing_is_sent_before_it_is_due_or_twice(sink: SmtpSink, clock: time_machine.Traveller) -> None:
    delivery = write(at=NOON + timedelta(seconds=1))
    assert deliver_due().claimed == 0
    clock.shift(1)
    deliver_due()
    deliver_due()
    assert len(sink.messages) == 1
    assert Attempt.objects.get().delivery == delivery


def test_every_copy_of_a_letter_has_the_same_message_id(sink: SmtpSink, clock: time_machine.Traveller) -> None:
    sink.set_mood(SmtpMood(drop=1.0, keeps_dropped=True))
    write()
    deliver_due()
    clock.shift(5)
    sink.set_mood(SmtpMood())
    deliver_due()
    first, second = sink.messages
    assert first.message_id == second.message_id
    assert first.links != second.links  # each copy has a link of its own, and both work
    assert Link.objects.filter(about="halt:41", expires_at=None).count() == 2


def test_a_letter_that_cannot_leave_is_tried_after_5_15_30_60_and_then_every_120_seconds(
    sink: SmtpSink, clock: time_machine.Traveller
) -> None:
    sink.set_mood(SmtpMood(refuses=True))
    write()
    waits = []
    for _ in range(7):
        deliver_due()
        delivery = Delivery.objects.get()
        assert delivery.next_action_at
        wait = (delivery.next_action_at - Attempt.objects.order_by("-pk")[0].ended_at).total_seconds()
        waits.append(wait)
        clock.shift(wait - 1)
        assert deliver_due().claimed == 0
        clock.shift(1)
    assert waits == [5, 15, 30, 60, 120, 120, 120]
    assert Delivery.objects.get().attempts == 7
    assert "ConnectionRefused" in Delivery.objects.get().last_error
    sink.set_mood(SmtpMood())
    deliver_due()
    assert Delivery.objects.get().state == "sent"
    assert Delivery.objects.get().last_error == ""


def test_a_temporary_refusal_is_tried_again(sink: SmtpSink, clock: time_machine.Traveller) -> None:
    sink.set_mood(SmtpMood(defer=1.0))
    write()
    state = deliver_due()
    delivery = Delivery.objects.get()
    assert (state.claimed, state.failed, delivery.state) == (1, 1, "due")
    assert delivery.last_error.startswith("4")
    assert Attempt.objects.get().answer == delivery.last_error


def test_a_refusal_for_good_is_dead_at_once_and_stays_visible(sink: SmtpSink, clock: time_machine.Traveller) -> None:
    sink.set_mood(SmtpMood(reject=frozenset({REJECTED})))
    write(to=Recipient("Gone", REJECTED))
    deliver_due()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.next_action_at) == ("dead", 1, None)
    assert delivery.last_error == "554 5.7.1 No mail for this address"
    assert Entry.objects.get(verb="dead").why == delivery.last_error
    clock.shift(86400)
    assert deliver_due().claimed == 0


def test_one_dead_address_does_not_hold_up_the_others(sink: SmtpSink, clock: time_machine.Traveller) -> None:
    sink.set_mood(SmtpMood(reject=frozenset({REJECTED})))
    write("first", to=Recipient("Gone", REJECTED))
    for n in range(3):
        write(f"later {n}", to=Recipient("Alma", f"alma{n}@alder.example.net"))
    assert deliver_due().claimed == 4
    assert [mail.recipients[0][:5] for mail in sink.messages] == ["alma0", "alma1", "alma2"]


def test_a_letter_whose_template_is_poison_is_dead_and_the_others_are_sent(
    sink: SmtpSink, clock: time_machine.Traveller
) -> None:
    write("poison", letter="no_such_letter")
    write("good")
    state = deliver_due()
    assert (state.claimed, state.failed, len(sink.messages)) == (2, 1, 1)
    poison = Delivery.objects.get(key="poison")
    assert poison.state == "dead"
    assert poison.last_error.startswith("The letter could not be written: TemplateDoesNotExist")


def test_after_a_day_in_vain_a_letter_is_given_up(sink: SmtpSink, clock: time_machine.Traveller) -> None:
    sink.set_mood(SmtpMood(refuses=True))
    write()
    clock.shift(86400)
    deliver_due()
    assert Delivery.objects.get().state == "due"
    clock.shift(120)
    deliver_due()
    assert Delivery.objects.get().state == "dead"


def test_orders_go_before_everything_else(sink: SmtpSink, clock: time_machine.Traveller) -> None:
    for key, priority in (("ordinary", 9), ("staff", 5), ("order", 0)):
        write(key, to=Recipient("", f"{key}@alder.example.net"), priority=priority)
    deliver_due()
    assert [mail.recipients[0].partition("@")[0] for mail in sink.messages] == ["order", "staff", "ordinary"]


def test_a_late_finisher_does_not_mark_what_another_has_taken_over(
    sink: SmtpSink, clock: time_machine.Traveller
) -> None:
    write()
    lease = timedelta(seconds=60)
    [slow] = claim(Delivery.objects.waiting(), now=NOON, lease=lease, limit=1)
    clock.shift(60)
    [other] = claim(Delivery.objects.waiting(), now=NOON + lease, lease=lease, limit=1)
    deliver(slow)
    stored = Delivery.objects.get()
    assert (stored.state, stored.lease_token) == ("due", other.lease_token)
    deliver(other)
    assert Delivery.objects.get().state == "sent"
    assert len({mail.message_id for mail in sink.messages}) == 1


def test_the_link_is_in_the_mail_and_only_its_hash_in_the_database(
    sink: SmtpSink, clock: time_machine.Traveller
) -> None:
    write()
    deliver_due()
    [mail] = sink.messages
    [url] = [link for link in mail.links if "/halt/" in link]
    token = url.rpartition("/")[2]
    assert len(token) >= 43  # 256 bits
    delivery = Delivery.objects.get()
    assert "/halt/…" in delivery.sent_text
    kept = [*Delivery.objects.values_list(), *Link.objects.values_list(), *Attempt.objects.values_list()]
    assert token not in str([*kept, *Entry.objects.values_list()])


def test_a_sweep_ends_when_its_time_is_spent_although_more_is_due(sink: SmtpSink) -> None:
    """The next ring goes on; what is left shows in the heartbeat."""
    for n in range(3):
        write(f"letter {n}")
    state = Sweep(NOON)
    sweep(state, budget=0.0)
    assert (state.claimed, len(sink.messages)) == (0, 0)
    assert state.oldest_due_at == NOON
