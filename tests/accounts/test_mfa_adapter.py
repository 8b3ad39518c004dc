"""The secrets of second factors in the database, as a stolen copy would show them."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from pytest_django import Settings

from tests.world import PASSWORD, make_people

pytestmark = pytest.mark.django_db


def code_of(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time())))))


def stored() -> str:
    return json.dumps(list(Authenticator.objects.values_list("data", flat=True)))


def test_a_copy_of_the_database_makes_no_codes() -> None:
    dana = make_people().dana
    secret = totp.generate_totp_secret()
    assert totp.TOTP.activate(dana, secret).validate_code(code_of(secret))
    RecoveryCodes.activate(dana)
    assert secret not in stored()
    assert stored().count("gAAAA") == 2
    assert len(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()) == 10


def test_an_earlier_key_still_reads_and_the_new_one_writes(settings: Settings) -> None:
    people = make_people()
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(people.dana, secret)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a newer key for tests only"
    assert Authenticator.objects.get().wrap().validate_code(code_of(secret))
    totp.TOTP.activate(people.ada, secret)
    settings.SECRET_KEY_FALLBACKS = []
    assert Authenticator.objects.get(user=people.ada).wrap().validate_code(code_of(secret))


def test_a_key_that_is_lost_is_told_at_the_sign_in_and_lets_nobody_in(client: Client, settings: Settings) -> None:
    dana = make_people().dana
    totp.TOTP.activate(dana, totp.generate_totp_secret())
    settings.SECRET_KEY = "another key for tests only"
    client.post("/account/login/", {"login": dana.email, "password": PASSWORD})
    page = client.post("/account/2fa/authenticate/", {"code": code_of("")})
    assert "the server&#x27;s secret key was changed" in page.content.decode()
    assert client.get("/desk/")["Location"].startswith("/account/login/")
