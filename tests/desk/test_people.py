import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import Invitation, Role
from tests.world import People, come_in, make_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return make_people()


@pytest.fixture
def desk(client: Client, people: People) -> Client:
    """Ada, the administrator, at the desk."""
    come_in(client, people.ada)
    return client


def test_the_list_names_everybody_with_their_place(desk: Client, people: People) -> None:
    staff = desk.get("/desk/people/").content.decode()
    assert all(name in staff for name in ("Dana", "Rita", "Orla", "Ada"))
    assert "Alice" not in staff
    assert "Missing" in staff
    vendors = desk.get("/desk/people/?show=vendors").content.decode()
    assert "Owner of" in vendors
    assert "Alder Mailings" in vendors
    found = desk.get("/desk/people/?show=all&q=Birch").content.decode()
    assert "Charlie" in found
    assert "Alice" not in found


@pytest.mark.parametrize("sort", ["name", "-name", "email", "role", "-seen", "nonsense"])
def test_it_sorts(desk: Client, sort: str) -> None:
    assert desk.get(f"/desk/people/?sort={sort}").status_code == 200


def test_an_administrator_invites_to_the_desk_and_to_a_vendor(desk: Client, people: People) -> None:
    invite = {"name": "Eve", "email": "eve@example.com", "role": "auditor"}
    assert "is on its way" in desk.post("/desk/people/invite/", invite, follow=True).content.decode()
    for written in (people.vendor_a.number, "alder mailings"):
        desk.post("/desk/people/invite/", invite | {"email": "v@example.com", "role": "owner", "vendor": written})
    assert set(Invitation.objects.filter(state="open").values_list("email", "role", "vendor_uid", "member_role")) == {
        ("eve@example.com", "auditor", None, ""),
        ("v@example.com", "", people.vendor_a.uid, "owner"),
    }


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"role": "owner"}, "Enter the vendor that this person acts for."),
        ({"vendor": "V-0001"}, "People of the desk act for no vendor."),
        ({"role": "owner", "vendor": "V-99999999999999999999"}, "No vendor in use has the number or the name"),
        ({"email": "dana@people.example.com"}, "can sign in already. Change the role of this person instead."),
        ({"email": ""}, "Enter the email address."),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused_and_kept(
    desk: Client, typed: dict[str, str], sentence: str
) -> None:
    text = desk.post(
        "/desk/people/invite/", {"name": "Eve", "email": "eve@example.com", "role": "it"} | typed
    ).content.decode()
    assert sentence in text
    assert 'value="Eve"' in text
    assert not Invitation.objects.exists()


def test_an_invitation_is_taken_back(desk: Client) -> None:
    desk.post("/desk/people/invite/", {"name": "Eve", "email": "eve@example.com", "role": "it"})
    pk = Invitation.objects.get().pk
    assert "is taken back" in desk.post(f"/desk/people/invitations/{pk}/withdraw/", follow=True).content.decode()


def test_a_role_is_changed_and_the_last_administrator_kept(desk: Client, people: People) -> None:
    page = f"/desk/people/{people.rita.pk}/"
    assert "Rita is IT now" in desk.post(page, {"role": "it"}, follow=True).content.decode()
    refused = desk.post(f"/desk/people/{people.ada.pk}/", {"role": "it"}).content.decode()
    assert "Ada is the last administrator. Make somebody else one first." in refused
    people.ada.refresh_from_db()
    assert people.ada.role == Role.ADMINISTRATOR


def test_an_account_is_closed_with_a_reason_and_opened_again(desk: Client, people: People) -> None:
    page = f"/desk/people/{people.bob.pk}/"
    assert "Write a reason." in desk.post(f"{page}close/", {"reason": " "}).content.decode()
    text = desk.post(f"{page}close/", {"reason": "Left Alder."}, follow=True).content.decode()
    assert "The account of Bob is closed." in text
    assert "Closed: cannot sign in" in text
    assert "is open again" in desk.post(f"{page}reopen/", follow=True).content.decode()
    people.bob.refresh_from_db()
    assert people.bob.is_active


def test_a_lost_second_step_is_forgotten_with_a_reason(desk: Client, people: People) -> None:
    Authenticator.objects.create(user=people.dana, type="totp", data={})
    page = f"/desk/people/{people.dana.pk}/"
    assert "Forget the second step" in desk.get(page).content.decode()
    desk.post(f"{page}forget-second-step/", {"reason": "Lost her phone. I called her back."})
    assert not Authenticator.objects.exists()


def test_somebody_who_is_not_there_gets_404(desk: Client) -> None:
    assert desk.get("/desk/people/999999/").status_code == 404
    assert desk.post("/desk/people/invitations/999999/withdraw/").status_code == 404
