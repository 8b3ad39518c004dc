import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings

from accounts import second_factor
from accounts.models import User
from tests.halted import make_order
from tests.world import NOON, make_people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demanded(settings: Settings) -> None:
    settings.REQUIRE_MFA = True


def give(user: User, kind: str) -> None:
    Authenticator.objects.create(user=user, type=kind, data={})


@pytest.mark.parametrize("path", ["/desk/", "/desk/orders/", "/desk/people/", "/portal/"])
def test_staff_without_a_second_factor_get_no_further_than_setting_it_up(client: Client, path: str) -> None:
    client.force_login(make_people().ada)
    response = client.get(path, follow=True)
    assert response.redirect_chain[-1][0] == "/account/2fa/"
    assert "Set up a second step first." in response.content.decode()


def test_nor_can_they_post(client: Client) -> None:
    people = make_people()
    order = make_order(people.vendor_a)
    client.force_login(people.dana)
    client.post(f"/desk/orders/{order.number}/lift/", {"reason": "It is over."})
    order.refresh_from_db()
    assert order.lifted_at is None


def test_they_can_sign_out_and_read_what_everybody_reads(client: Client) -> None:
    client.force_login(make_people().ada)
    assert client.get("/policy/").status_code == 200
    assert client.get("/account/2fa/").status_code == 200
    assert client.post("/account/logout/").status_code == 302
    assert client.get("/desk/")["Location"].startswith("/account/login/")


@pytest.mark.parametrize(("kind", "opens"), [("totp", True), ("webauthn", True), ("recovery_codes", False)])
def test_an_app_or_a_passkey_opens_the_desk_and_recovery_codes_alone_do_not(
    client: Client, kind: str, opens: bool
) -> None:
    dana = make_people().dana
    give(dana, kind)
    client.force_login(dana)
    assert (client.get("/desk/orders/").status_code == 200) is opens


def test_people_of_vendors_need_none(client: Client) -> None:
    client.force_login(make_people().alice)
    assert client.get("/portal/").status_code == 200


def test_an_operator_can_relax_it(client: Client, settings: Settings) -> None:
    settings.REQUIRE_MFA = False
    client.force_login(make_people().dana)
    assert client.get("/desk/orders/").status_code == 200


def test_a_lost_factor_is_forgotten_and_demanded_anew(client: Client) -> None:
    people = make_people()
    give(people.dana, "totp")
    give(people.dana, "recovery_codes")
    second_factor.forget(people.dana, by=people.ada.actor(), at=NOON, why="Lost her phone; called back.")
    assert not Authenticator.objects.exists()
    assert second_factor.is_missing(people.dana)
