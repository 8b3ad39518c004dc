"""From an invitation at the desk or in the portal, through the letter, to a first sign-in."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.invitations import InvitationRefused
from accounts.models import Invitation, Role, User
from accounts.people import deactivate
from engine.cycle import Sweep
from journal.models import Entry
from notices import invitations, links
from notices.models import Delivery, Link
from notices.sweep import sweep
from tests.world import PASSWORD, People, make_people
from vendors.models import Member, Vendor

pytestmark = pytest.mark.django_db
FORM = {"name": "Rita Moor", "password": "nine quiet herons row"}


@pytest.fixture
def people() -> People:
    return make_people()


def invite(people: People, role: str = Role.REVIEWER, email: str = "rita.moor@example.com") -> Invitation:
    by = people.ada.actor()
    return invitations.invite_to_desk(email, name="Rita", role=role, user=people.ada, by=by, at=timezone.now())


def invite_colleague(people: People, email: str = "eve@example.com", role: str = "member") -> Invitation:
    return invitations.invite_to_vendor(
        people.vendor_a,
        email,
        name="Eve",
        member_role=role,
        user=people.alice,
        by=people.alice.actor(),
        at=timezone.now(),
    )


def page_of(invitation: Invitation) -> str:
    return f"/invite/{links.make(invitations.INVITE, invitation.about, timezone.now())}"


def test_the_letter_brings_the_link_and_the_outbox_does_not_keep_it(people: People) -> None:
    invite(people)
    sweep(Sweep(timezone.now()))
    (letter,) = mail.outbox
    text = str(letter.body)
    assert "Your role: Reviewer\nInvited by: Ada" in text
    link = re.search(r"http://127\.0\.0\.1:8000(/invite/\S{43})", text)
    assert link
    assert Client().get(link[1]).status_code == 200
    delivery = Delivery.objects.get()
    assert "/invite/…" in delivery.sent_text
    assert link[1].rpartition("/")[2] not in str(Delivery.objects.values().get()) + str(Link.objects.values().get())


def test_the_page_shows_who_invites_to_what_and_changes_nothing(client: Client, people: People) -> None:
    invitation = invite(people)
    before = Entry.objects.count()
    page = page_of(invitation)
    text = client.get(page).content.decode()
    for part in ("Join the desk of Harrow &amp; Lyle", "Ada invites you.", "rita.moor@example.com", "Reviewer"):
        assert part in text
    client.head(page)
    assert Entry.objects.count() == before
    assert not User.objects.filter(email=invitation.email).exists()


def test_accepting_signs_in_and_sends_staff_to_set_up_a_second_step(
    client: Client, people: People, settings: Settings
) -> None:
    settings.REQUIRE_MFA = True
    page = page_of(invite(people, Role.IT))
    assert client.post(page, FORM)["Location"] == "/account/2fa/"
    user = User.objects.get(email="rita.moor@example.com")
    assert (user.name, user.role) == ("Rita Moor", Role.IT)
    assert client.get("/account/2fa/totp/activate/").status_code == 200
    assert client.get("/desk/")["Location"] == "/account/2fa/"


def test_accepting_for_a_vendor_joins_it_and_opens_its_portal(client: Client, people: People) -> None:
    assert client.post(page_of(invite_colleague(people)), FORM | {"name": "Eve"})["Location"] == "/"
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/portal/"
    member = Member.objects.get(user__email="eve@example.com")
    assert (member.vendor, member.role) == (people.vendor_a, "member")


def test_it_works_once(client: Client, people: People) -> None:
    invitation = invite(people)
    page, second_copy = page_of(invitation), page_of(invitation)
    client.post(page, FORM)
    for again in (page, second_copy):
        response = Client().post(again, FORM | {"password": "another good password"})
        assert response.status_code == 410
        assert "It was used on" in response.content.decode()
    assert User.objects.get(email=invitation.email).check_password(FORM["password"])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "Enter your name."),
        ({"password": ""}, "Choose a password."),
        ({"password": "short"}, "This password is too short."),
        ({"password": "password1234"}, "This password is too common."),
        ({"password": "rita.moor@example.com"}, "The password is too similar to the email"),
    ],
)
def test_what_is_typed_badly_is_refused_and_the_name_kept(
    client: Client, people: People, typed: dict[str, str], sentence: str
) -> None:
    text = client.post(page_of(invite(people)), FORM | typed).content.decode()
    assert sentence in text
    assert "There is a problem" in text
    if "name" not in typed:
        assert 'value="Rita Moor"' in text
    assert FORM["password"] not in text
    assert Invitation.objects.get().state == "open"


def test_an_ended_one_says_why_and_what_to_do(client: Client, people: People) -> None:
    expired, withdrawn = invite(people), invite_colleague(people)
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    page = client.get(page_of(expired))
    assert page.status_code == 410
    assert "Ask Ada for a new one." in page.content.decode()
    page_withdrawn = page_of(withdrawn)
    Invitation.objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    assert "a newer one took its place" in client.get(page_withdrawn).content.decode()


def test_taking_it_back_ends_its_link_and_its_letter(client: Client, people: People) -> None:
    invitation = invite(people)
    page = page_of(invitation)
    invitations.take_back(invitation, by=people.ada.actor(), at=timezone.now())
    assert client.get(page).status_code == 404
    assert Delivery.objects.get().state == "cancelled"


def test_whoever_can_sign_in_already_is_told_so_and_nothing_is_changed(client: Client, people: People) -> None:
    response = client.post(page_of(invite_colleague(people, people.charlie.email)), FORM)
    assert response.status_code == 410
    assert "has an account already. Sign in with it." in response.content.decode()
    people.charlie.refresh_from_db()
    assert people.charlie.check_password(PASSWORD)
    assert people.charlie.memberships.get().vendor == people.vendor_b


def test_an_invited_address_is_not_told_apart_for_vendors(client: Client, people: People) -> None:
    client.force_login(people.alice)
    for email in ("unknown@example.com", people.charlie.email, people.dana.email):
        typed = {"name": "Eve", "email": email, "member_role": "member"}
        assert client.post("/portal/colleagues/", typed)["Location"] == "/portal/colleagues/"


def test_a_closed_account_of_another_vendor_cannot_join(client: Client, people: People) -> None:
    deactivate(people.charlie, by=people.ada.actor(), at=timezone.now())
    response = client.post(page_of(invite_colleague(people, people.charlie.email)), FORM)
    assert response.status_code == 410
    assert "already acts for another vendor" in response.content.decode()
    people.charlie.refresh_from_db()
    assert not people.charlie.is_active


def test_a_closed_account_of_a_vendor_may_come_back_at_the_desk(client: Client, people: People) -> None:
    deactivate(people.bob, by=people.ada.actor(), at=timezone.now())
    client.post(page_of(invite(people, email=people.bob.email)), FORM)
    people.bob.refresh_from_db()
    assert people.bob.role == Role.REVIEWER
    assert not people.bob.memberships.exists()


def test_a_retired_vendor_takes_nobody_in(client: Client, people: People) -> None:
    page = page_of(invite_colleague(people))
    Vendor.objects.filter(pk=people.vendor_a.pk).update(state="retired")
    assert "no longer sends for us" in client.post(page, FORM).content.decode()
    assert not User.objects.filter(email="eve@example.com").exists()


def test_whoever_was_signed_in_before_is_not_any_more(client: Client, people: People) -> None:
    client.force_login(people.dana)
    client.post(page_of(invite_colleague(people)), FORM | {"name": "Eve"})
    assert client.get("/desk/orders/").status_code == 404
    assert client.get("/portal/").status_code == 200


def test_a_vendor_cannot_flood_strangers_with_our_letters(people: People) -> None:
    for number in range(20):
        invite_colleague(people, f"p{number}@example.com")
    with pytest.raises(InvitationRefused, match="20 invitations of Alder Mailings wait"):
        invite_colleague(people, "one-more@example.com")
    invite_colleague(people, "p3@example.com")  # again to somebody who waits already


def test_a_wrong_token_gets_a_sentence(client: Client) -> None:
    response = client.get("/invite/wrong")
    assert response.status_code == 404
    assert "This link does not open an invitation" in response.content.decode()
