"""The outbox: what was written to whom, what the other side said, and another try for what was given up."""

from django.test import Client
from django.urls import reverse

from journal.models import Entry
from notices.models import Delivery
from tests import halted
from tests.desk.conftest import Desk
from tests.desk.pages import heading, text

PAGE = "/desk/deliveries/"


def page(letter: Delivery) -> str:
    return reverse("desk:delivery", args=[letter.uid])


def test_letters_are_listed_found_and_filtered(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor)
    halted.make_delivery(order, state=Delivery.State.SENT)
    halted.make_delivery(order, to="lena@alder.example.net", name="Lena Frost", state=Delivery.State.DEAD)
    halted.make_delivery(halted.make_order(desk.people.vendor_b), to="cara@birch.example.net", name="Cara")
    assert heading(dana.get(PAGE)) == "3 letters"
    assert heading(dana.get(PAGE, {"show": "dead"})) == "1 letter was given up"
    assert heading(dana.get(PAGE, {"show": "due"})) == "1 letter waits to leave"
    assert "Lena Frost" in text(dana.get(PAGE, {"q": "lena@"}))
    assert dana.get(PAGE, {"q": order.number}).context["page"].paginator.count == 2


def test_a_sent_letter_shows_its_text_as_sent(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor)
    answer = dana.get(page(halted.make_delivery(order, state=Delivery.State.SENT)))
    assert heading(answer) == "Halt order: accepted for Theo Marsh"
    assert f"Stop now. Order {order.number}." in text(answer)
    assert "The secret part of the link is not kept here" in text(answer)


def test_a_waiting_letter_says_that_it_is_on_its_way(desk: Desk, dana: Client) -> None:
    answer = dana.get(page(halted.make_delivery(halted.make_order(desk.vendor))))
    assert heading(answer) == "Halt order: on its way to Theo Marsh"
    assert "Its text is written when it leaves" in text(answer)


def test_a_dead_letter_is_tried_again_with_a_reason(desk: Desk, dana: Client) -> None:
    letter = halted.make_delivery(halted.make_order(desk.vendor), state=Delivery.State.DEAD)
    assert "550 5.1.1 no such user" in text(dana.get(page(letter)))
    url = reverse("desk:delivery_retry", args=[letter.uid])
    assert "Write why another try may help" in text(dana.post(url, {"reason": ""}))
    answer = dana.post(url, {"reason": "They mended the mailbox."}, follow=True)
    assert "The letter to Theo Marsh is in the outbox again." in text(answer)
    letter.refresh_from_db()
    assert letter.state == Delivery.State.DUE
    assert letter.next_action_at is not None
    assert Entry.objects.get(verb="due").why == "They mended the mailbox."


def test_a_letter_that_was_not_given_up_is_not_tried_again(desk: Desk, dana: Client) -> None:
    letter = halted.make_delivery(halted.make_order(desk.vendor), state=Delivery.State.SENT)
    answer = dana.post(reverse("desk:delivery_retry", args=[letter.uid]), {"reason": "Once more."})
    assert "Only a letter that was given up can be tried again, and this one is not." in text(answer)
    letter.refresh_from_db()
    assert letter.state == Delivery.State.SENT


def test_an_empty_outbox_says_when_letters_are_written(desk: Desk, dana: Client) -> None:
    assert "Letters are written when an order is issued, climbs a step, or is lifted." in text(dana.get(PAGE))
