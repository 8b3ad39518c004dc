"""Signing in through allauth, as a browser does it."""

import re

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from pytest_django import Settings

from accounts.models import Role, User
from journal.models import Entry
from tests.world import NOON, PASSWORD, make_people, make_user
from tests.world import entries as world_entries

pytestmark = pytest.mark.django_db


def sign_in(client: Client, email: str, password: str = PASSWORD, *, ip: str = "192.0.2.7", host: str = "") -> str:
    """Where the sign-in leads, or the text of the page that refuses it."""
    headers = {"host": host} if host else {}
    response = client.post("/account/login/", {"login": email, "password": password}, headers=headers, REMOTE_ADDR=ip)
    return response["Location"] if response.status_code == 302 else response.content.decode()


def test_staff_come_to_the_desk_and_vendors_to_the_portal(client: Client) -> None:
    people = make_people()
    for user, window in ((people.dana, "/desk/"), (people.alice, "/portal/")):
        assert sign_in(client, user.email.upper()) == "/"
        assert client.get("/")["Location"] == window
        client.logout()


def test_signing_in_and_out_stands_in_the_journal(client: Client) -> None:
    dana = make_user("Dana", role=Role.IT)
    sign_in(client, dana.email)
    client.post("/account/logout/")
    entries = list(world_entries().order_by("position"))
    assert [entry.verb for entry in entries] == ["signed in", "signed out"]
    assert entries[0].ip == "192.0.2.7"
    assert entries[0].object_id == str(dana.pk)


def test_a_wrong_password_and_an_unknown_address_look_the_same(client: Client) -> None:
    dana = make_user("Dana", role=Role.IT)
    wrong = sign_in(client, dana.email, "not her password")
    unknown = sign_in(client, "nobody@people.example.com", "not her password")
    hide = re.compile(r'value="[^"]*"')
    assert hide.sub("", wrong) == hide.sub("", unknown)
    refused = Entry.objects.filter(verb="sign-in refused")
    assert [entry.object_id for entry in refused] == [str(dana.pk), "0"]
    assert "nobody@" not in str(list(refused.values()))


def test_guessing_is_limited(client: Client) -> None:
    dana = make_user("Dana", role=Role.IT)
    for _ in range(6):
        page = sign_in(client, dana.email, "wrong")
    assert "Too many failed" in page
    assert sign_in(client, dana.email) != "/"


def test_a_stranger_who_guesses_does_not_keep_its_owner_out(client: Client) -> None:
    dana = make_user("Dana", role=Role.IT)
    for _ in range(8):
        page = sign_in(client, dana.email, "wrong", ip="198.51.100.66")
    assert "Too many failed" in page
    assert sign_in(client, dana.email) == "/"


def test_another_port_in_the_host_header_is_no_new_allowance(client: Client) -> None:
    dana = make_user("Dana", role=Role.IT)
    for port in range(6):
        page = sign_in(client, dana.email, "wrong", host=f"127.0.0.1:{port + 1}")
    assert "Too many failed" in page


def test_guessing_one_password_from_everywhere_is_limited_too(client: Client) -> None:
    dana = make_user("Dana", role=Role.IT)
    for number in range(100):
        assert "Too many failed" not in sign_in(client, dana.email, "wrong", ip=f"198.51.100.{number}")
    assert "Too many failed" in sign_in(client, dana.email, "wrong", ip="203.0.113.1")


def test_signing_in_counts_as_no_guess(client: Client) -> None:
    dana = make_user("Dana", role=Role.IT)
    for _ in range(8):
        assert sign_in(client, dana.email) == "/"
        client.logout()


def test_refusals_are_always_logged_and_fill_the_journal_only_so_far(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with time_machine.travel(NOON, tick=False):
        for number in range(9):
            sign_in(client, f"nobody{number}@people.example.com", "wrong")
    told = [record.getMessage() for record in caplog.records if record.name == "accounts.refusals"]
    assert told == ["sign-in refused: no such account, from 192.0.2.7"] * 9
    assert Entry.objects.filter(verb="sign-in refused").count() == 5


def test_a_wrong_code_is_noted_like_a_wrong_password(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    dana = make_user("Dana", role=Role.IT)
    totp.TOTP.activate(dana, totp.generate_totp_secret())
    assert sign_in(client, dana.email) == "/account/2fa/authenticate/"
    client.post("/account/2fa/authenticate/", {"code": "000000"}, REMOTE_ADDR="192.0.2.7")
    refused = Entry.objects.get(verb="second step refused")
    assert (refused.object_id, refused.ip) == (str(dana.pk), "192.0.2.7")
    assert f"second step refused: account {dana.pk}, from 192.0.2.7" in caplog.text


def test_nobody_signs_up(client: Client) -> None:
    client.post("/account/signup/", {"email": "x@example.com", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()


def test_a_forgotten_password_is_replaced_through_our_own_address(client: Client) -> None:
    dana = make_user("Dana", role=Role.IT)
    answers = [client.post("/account/password/reset/", {"email": e}) for e in (dana.email, "nobody@example.com")]
    assert {answer["Location"] for answer in answers} == {"/account/password/reset/done/"}
    text = next(str(letter.body) for letter in mail.outbox if letter.to == [dana.email])
    link = re.search(r"http://127\.0\.0\.1:8000(/account/password/reset/key/\S+)", text)
    assert link
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    assert client.post(form, {"password1": "nine quiet herons", "password2": "nine quiet herons"}).status_code == 302
    client.logout()
    assert sign_in(client, dana.email, "nine quiet herons") == "/"


def test_a_mail_server_that_is_down_shows_nobody_an_error_page(client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    dana = make_user("Dana", role=Role.IT)
    response = client.post("/account/password/reset/", {"email": dana.email})
    assert response["Location"] == "/account/password/reset/done/"


def test_an_app_is_set_up_right_after_signing_in_and_asked_for_from_then_on(client: Client, settings: Settings) -> None:
    settings.REQUIRE_MFA = True
    dana = make_user("Dana", role=Role.IT)
    sign_in(client, dana.email)
    assert client.get("/desk/")["Location"] == "/account/2fa/"
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    assert client.post("/account/2fa/totp/activate/", {"code": code}).status_code == 302
    assert client.get("/desk/").status_code == 200
    client.post("/account/logout/")
    assert sign_in(client, dana.email) == "/account/2fa/authenticate/"
    assert client.get("/desk/")["Location"].startswith("/account/login/")


def test_changing_the_password_needs_the_old_one_and_keeps_the_session(client: Client) -> None:
    dana = make_user("Dana", role=Role.IT)
    sign_in(client, dana.email)
    new = {"oldpassword": PASSWORD, "password1": "nine quiet herons", "password2": "nine quiet herons"}
    assert client.post("/account/password/change/", new | {"oldpassword": "wrong"}).status_code == 200
    assert client.post("/account/password/change/", new).status_code == 302
    assert client.get("/desk/orders/").status_code == 200
