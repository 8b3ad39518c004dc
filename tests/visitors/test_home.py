import pytest
from django.test import Client
from pytest_django import Settings

from tests.world import make_people, make_user

pytestmark = pytest.mark.django_db


def test_strangers_see_the_front_page(client: Client, settings: Settings) -> None:
    settings.OPTOUT_URL = "https://optout.harrow.example.com/"
    text = client.get("/").content.decode()
    assert "Nobody mails in our name until the gate is open" in text
    assert "https://optout.harrow.example.com/" in text
    assert "/account/login/" in text


def test_everybody_else_is_sent_to_their_own_window(client: Client) -> None:
    people = make_people()
    for user, window in ((people.alice, "/portal/"), (people.bob, "/portal/"), (people.orla, "/desk/")):
        client.force_login(user)
        assert client.get("/")["Location"] == window


def test_an_account_without_a_place_is_told_so(client: Client) -> None:
    client.force_login(make_user("Lost"))
    text = client.get("/").content.decode()
    assert "There are no pages for your account" in text
    assert "Sign out" in text
