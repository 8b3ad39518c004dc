from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Role, User
from accounts.people import deactivate
from config.management.commands.serve import FIRST_ADMINISTRATOR, Command
from journal.models import Entry
from notices import links
from tests.world import make_user
from visitors.views.welcome import WELCOME

pytestmark = pytest.mark.django_db
FORM = {"email": "Ada@Example.com", "name": "Ada", "password": "nine quiet herons row"}


def printed() -> str:
    out = StringIO()
    Command(stdout=out)._welcome()
    return out.getvalue()


def link_in(text: str) -> str:
    return text.rpartition("http://127.0.0.1:8000")[2].strip()


def test_the_link_that_serve_prints_makes_the_first_administrator_once(client: Client, settings: Settings) -> None:
    settings.REQUIRE_MFA = True
    page = link_in(printed())
    assert client.get(page).status_code == 200
    assert not User.objects.exists()
    assert client.post(page, FORM)["Location"] == "/account/2fa/"
    ada = User.objects.get()
    assert (ada.email, ada.role) == ("ada@example.com", Role.ADMINISTRATOR)
    again = Client().post(page, FORM | {"email": "eve@example.com"})
    assert again.status_code == 404
    assert "This link no longer opens" in again.content.decode()
    assert User.objects.count() == 1
    assert Entry.objects.filter(verb="founded").count() == 1
    assert printed() == ""


def test_starting_again_ends_the_earlier_link(client: Client) -> None:
    first, second = link_in(printed()), link_in(printed())
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_it_opens_nothing_while_somebody_administers(client: Client) -> None:
    ada = make_user("Ada", role=Role.ADMINISTRATOR)
    page = f"/welcome/{links.make(WELCOME, FIRST_ADMINISTRATOR, timezone.now())}"
    assert client.post(page, FORM).status_code == 404
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert client.get(page).status_code == 200


def test_bad_input_is_refused_with_a_sentence_and_kept(client: Client) -> None:
    make_user("Rita", role=Role.REVIEWER, email="rita@example.com")
    page = link_in(printed())
    text = client.post(page, FORM | {"email": "not an address"}).content.decode()
    assert "is not an email address" in text
    assert 'value="not an address"' in text
    taken = client.post(page, FORM | {"email": "rita@example.com"}).content.decode()
    assert "rita@example.com has an account already. Use another address." in taken
    weak = client.post(page, FORM | {"password": "short"}).content.decode()
    assert "This password is too short." in weak
    assert not User.objects.filter(role=Role.ADMINISTRATOR).exists()


def test_the_last_administrator_cannot_be_closed_so_the_link_stays_shut() -> None:
    ada = make_user("Ada", role=Role.ADMINISTRATOR)
    with pytest.raises(Exception, match="last administrator"):
        deactivate(ada, by=ada.actor(), at=timezone.now())
