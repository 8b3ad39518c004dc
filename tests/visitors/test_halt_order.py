"""The page of a halt order: what opening it does (nothing), what answering does, and what a wrong link gets."""

import logging
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.logmask import MaskLinks, mask
from halts import orders
from halts.models import Acknowledgement, HaltOrder
from journal.actor import ENGINE
from journal.models import Entry, Head
from notices import links
from notices.models import Delivery
from tests import halted, world

pytestmark = pytest.mark.django_db
ANSWER = {"name": "Jonas Aker", "authority": "on"}


@pytest.fixture
def order() -> HaltOrder:
    vendor = world.make_vendor("Brightleaf Mailings")
    return halted.make_order(
        vendor, server=world.make_server(vendor, "203.0.113.27", hostname="mta3.brightleaf.example")
    )


@pytest.fixture
def page(order: HaltOrder) -> str:
    """The address that the contact got."""
    return f"/halt/{halted.make_order_token(order, world.make_contact(order.vendor, 'Jonas Aker'))}"


def everything() -> dict[str, list[dict[str, object]]]:
    """Every row of every table."""
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in apps.get_models()}


def test_a_thousand_reads_change_nothing(client: Client, page: str, order: HaltOrder) -> None:
    before = everything()
    head = Head.objects.get()
    for number in range(1000):
        response = (client.get, client.head, client.options)[number % 3](page)
        assert response.status_code == (405 if number % 3 == 2 else 200)
        assert not response.cookies
    assert everything() == before
    assert Head.objects.get().hash == head.hash
    order.refresh_from_db()
    assert order.state == HaltOrder.State.ISSUED


def test_the_page_says_what_to_stop_and_why(client: Client, page: str, order: HaltOrder) -> None:
    text = client.get(page).content.decode()
    for part in (
        "Stop mailing for Harrow &amp; Lyle from 203.0.113.27 now",
        order.number,
        "Brightleaf Mailings",
        "mta3.brightleaf.example (203.0.113.27)",
        "Your server is on the blocklist Quarry.",
        f"{order.code[:4]} {order.code[4:]}",
        'value="Jonas Aker"',
    ):
        assert part in text


def test_the_page_is_kept_by_nobody(client: Client, page: str) -> None:
    response = client.get(page)
    assert response["Cache-Control"] == "no-store, private"
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"]


def test_name_and_tick_answer_the_order(page: str, order: HaltOrder) -> None:
    bare = Client(enforce_csrf_checks=True)  # a mail program's browser: no cookies, no token of a form
    response = bare.post(page, ANSWER, REMOTE_ADDR="192.0.2.9")
    assert response.status_code == 303
    assert response["Location"] == page
    order.refresh_from_db()
    answer = order.acknowledgements.get()
    assert (order.state, answer.name, answer.ip) == ("acknowledged", "Jonas Aker", "192.0.2.9")
    assert answer.contact is not None
    assert answer.contact.name == "Jonas Aker"
    entry = Entry.objects.filter(verb="acknowledged").get()
    assert entry.actor.startswith("link:")


def test_a_second_visit_shows_who_answered_and_when(client: Client, page: str) -> None:
    client.post(page, ANSWER)
    text = client.get(page).content.decode()
    assert "Answered by Jonas Aker" in text
    assert "The order stays in force" in text
    assert "<form" not in text


def test_sending_twice_records_one_answer(client: Client, page: str, order: HaltOrder) -> None:
    for _ in range(3):
        assert client.post(page, ANSWER).status_code == 303
    assert Acknowledgement.objects.count() == 1
    assert Entry.objects.filter(verb="acknowledged").count() == 1


def test_a_second_person_is_recorded_beside_the_first(client: Client, page: str, order: HaltOrder) -> None:
    client.post(page, ANSWER)
    client.post(page, ANSWER | {"name": "Mara Lindqvist"})
    assert [answer.name for answer in order.acknowledgements.all()] == ["Jonas Aker", "Mara Lindqvist"]
    assert "Answered by Jonas Aker" in client.get(page).content.decode()


def test_answering_takes_back_letters_that_have_not_left(client: Client, page: str, order: HaltOrder) -> None:
    delivery = halted.make_delivery(order, to="b@example.net")
    client.post(page, ANSWER)
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.CANCELLED


def test_without_the_tick_nothing_is_answered_and_the_name_is_kept(client: Client, page: str, order: HaltOrder) -> None:
    response = client.post(page, {"name": "Mara <b>Lindqvist</b>"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "There is a problem" in text
    assert "Tick the box to say that you are stopping the mailings." in text
    assert 'value="Mara &lt;b&gt;Lindqvist&lt;/b&gt;"' in text
    assert not order.acknowledgements.exists()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Enter your name, so that we know who is stopping the mailings."),
        ("\u202e\u200b", "Enter your name, so that we know who is stopping the mailings."),
        ("x" * 201, "This name has 201 characters. Enter at most 200."),
    ],
)
def test_a_name_that_is_none_is_refused_and_the_tick_is_kept(
    client: Client, page: str, name: str, sentence: str
) -> None:
    text = client.post(page, ANSWER | {"name": name}).content.decode()
    assert sentence in text
    assert " checked" in text
    assert not Acknowledgement.objects.exists()


def test_a_name_is_stored_without_what_could_deceive_a_reader(client: Client, page: str) -> None:
    client.post(page, ANSWER | {"name": "  Jonas\u202e\r\n Aker\t"})
    assert Acknowledgement.objects.get().name == "Jonas Aker"


def test_a_lifted_order_says_so_and_takes_no_answer(client: Client, page: str, order: HaltOrder) -> None:
    orders.lift(order, reason="Delisted.", by=ENGINE, at=timezone.now(), by_name="Dana")
    text = client.get(page).content.decode()
    assert "This order is lifted" in text
    assert "Nobody answered it" in text
    assert client.post(page, ANSWER).status_code == 303
    assert not Acknowledgement.objects.exists()


def test_a_link_ends_seven_days_after_the_lift(client: Client, page: str, order: HaltOrder) -> None:
    orders.lift(order, reason="Delisted.", by=ENGINE, at=timezone.now() - timedelta(days=7, minutes=1), by_name="Dana")
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("tail", ["/", ".", ">", "/>", "%3E", "),", "%20", "/index.html", "=%0A"])
def test_what_a_mail_program_hangs_on_the_link_does_not_matter(
    client: Client, page: str, order: HaltOrder, tail: str
) -> None:
    assert order.number in client.get(page + tail).content.decode()
    answered = client.post(page + tail, ANSWER)
    assert order.number in client.get(answered["Location"]).content.decode()
    order.refresh_from_db()
    assert order.state == HaltOrder.State.ACKNOWLEDGED


@pytest.mark.parametrize("path", ["/halt/", "/halt/%3E", "/halt/wrong/", "/invite/", "/welcome/wrong."])
def test_a_link_that_lost_its_end_gets_a_way_out_too(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "This link" in response.content.decode()


@pytest.mark.parametrize("token", ["wrong", "x" * 43, "%00", "é" * 43, "x" * 5000])
def test_a_wrong_link_gets_a_sentence_and_a_way_out(client: Client, token: str) -> None:
    for response in (client.get(f"/halt/{token}"), client.post(f"/halt/{token}", ANSWER)):
        assert response.status_code == 404
        text = response.content.decode()
        assert "This link does not open an order" in text
        assert "abuse@harrow.example.com" in text


def test_guessing_is_slowed_for_one_network_and_a_right_link_still_opens(client: Client, page: str) -> None:
    guesses = [client.get("/halt/wrong", REMOTE_ADDR=f"2001:db8::{number:x}") for number in range(1, 23)]
    assert {guess.status_code for guess in guesses[:20]} == {404}
    assert guesses[-1].status_code == 429
    assert "Wait one minute" in guesses[-1].content.decode()
    assert client.get(page, REMOTE_ADDR="2001:db8::1").status_code == 200
    assert client.get("/halt/wrong", REMOTE_ADDR="192.0.2.1").status_code == 404


def test_a_token_for_something_else_opens_no_order(client: Client, order: HaltOrder) -> None:
    assert client.get(f"/halt/{links.make('invite', order.about, world.NOON)}").status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(client: Client, page: str, method: str) -> None:
    response = getattr(client, method)(page)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"
    assert response["Cache-Control"] == "no-store, private"


def test_the_token_reaches_no_log(
    client: Client, page: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.handler.addFilter(MaskLinks())
    client.delete(page)
    client.get("/halt/secret-of-somebody")
    assert "Method Not Allowed" in caplog.text
    assert page.removeprefix("/halt/") not in caplog.text
    assert "secret-of-somebody" not in caplog.text
    assert all("/halt/…" in record.getMessage() for record in caplog.records)


def test_masking_covers_arguments_tracebacks_and_quoted_paths() -> None:
    assert mask("GET /halt/abc_-1 HTTP/1.1") == "GET /halt/… HTTP/1.1"
    assert mask("next=%2Finvite%2Fabc&x=1") == "next=%2Finvite%2F…&x=1"
    assert mask("https://sluice.example/welcome/abc.") == "https://sluice.example/welcome/…"
    assert mask("/desk/orders/H-2026-0001/") == "/desk/orders/H-2026-0001/"
    assert any("links" in str(handler.filters) or handler.filters for handler in logging.getLogger().handlers)


def test_the_page_promises_further_people_only_while_the_ladder_has_some(
    client: Client, page: str, settings: Settings
) -> None:
    settings.ESCALATION = "contact:15m,staff:15m"
    assert "tell further people" in client.get(page).content.decode()
    HaltOrder.objects.update(step=2)
    assert "tell further people" not in client.get(page).content.decode()
