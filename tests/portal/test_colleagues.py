import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation
from notices.invitations import invite_to_vendor
from notices.models import Delivery
from tests.world import People

pytestmark = pytest.mark.django_db
EVE = {"name": "Eve", "email": "eve@example.com", "member_role": "member"}


def invitation_of(people: People) -> Invitation:
    by = people.alice.actor()
    return invite_to_vendor(
        people.vendor_a,
        "eve@example.com",
        name="Eve",
        member_role="member",
        user=people.alice,
        by=by,
        at=timezone.now(),
    )


def test_an_owner_invites_a_colleague(client: Client, people: People) -> None:
    client.force_login(people.alice)
    response = client.post("/portal/colleagues/", EVE, follow=True)
    text = response.content.decode()
    assert "The invitation to eve@example.com is on its way." in text
    assert "Invited, not yet here" in text
    invitation = Invitation.objects.get()
    assert (invitation.vendor_uid, invitation.member_role, invitation.role) == (people.vendor_a.uid, "member", "")
    letter = Delivery.objects.get()
    assert letter.facts["place"] == "the pages of Alder Mailings at Harrow & Lyle"
    assert letter.to_email == "eve@example.com"


def test_a_member_sees_colleagues_and_invites_nobody(client: Client, people: People) -> None:
    client.force_login(people.bob)
    text = client.get("/portal/colleagues/").content.decode()
    assert "Alice" in text
    assert "Owners can invite colleagues." in text
    assert "Send the invitation" not in text
    assert client.post("/portal/colleagues/", EVE).status_code == 403
    assert client.post(f"/portal/colleagues/{invitation_of(people).pk}/withdraw/").status_code == 403


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Enter the name."),
        ({"email": "eve"}, "is not an email address"),
        ({"email": "a@example.com, b@example.com"}, "looks like several addresses"),
        ({"member_role": "administrator"}, "Select a valid choice"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_kept(
    client: Client, people: People, typed: dict[str, str], sentence: str
) -> None:
    client.force_login(people.alice)
    text = client.post("/portal/colleagues/", EVE | typed).content.decode()
    assert sentence in text
    assert "There is a problem" in text
    kept = (EVE | typed)["email"]
    assert f'value="{kept}"' in text
    assert not Invitation.objects.exists()


def test_an_owner_takes_an_invitation_back(client: Client, people: People) -> None:
    invitation = invitation_of(people)
    client.force_login(people.alice)
    for sentence in ("is taken back", "no longer open"):
        text = client.post(f"/portal/colleagues/{invitation.pk}/withdraw/", follow=True).content.decode()
        assert sentence in text
    assert Delivery.objects.get().state == "cancelled"


def test_charlie_gets_404(client: Client, people: People) -> None:
    invitation = invitation_of(people)
    client.force_login(people.charlie)
    assert client.post(f"/portal/colleagues/{invitation.pk}/withdraw/").status_code == 404
    invitation.refresh_from_db()
    assert invitation.state == "open"
