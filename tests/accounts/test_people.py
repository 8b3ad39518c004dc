from datetime import timedelta

import pytest
from django.test import Client

from accounts import invitations, people
from accounts.invitations import InvitationRefused
from accounts.models import Invitation, Role, User
from accounts.people import PersonRefused
from journal.actor import Actor
from tests.world import NOON, entries, make_people, make_user

pytestmark = pytest.mark.django_db
BY = Actor("user", "1 (administrator)")


def accept(invitation: Invitation, at: object = NOON) -> User:
    return invitations.accept(invitation, name="New", password="long enough words", by=BY, at=at)  # type: ignore[arg-type]


def test_the_first_administrator_is_founded_once() -> None:
    user = people.found("a@example.com", name="Ada", password="p", by=BY, at=NOON)
    assert user.role == Role.ADMINISTRATOR
    with pytest.raises(PersonRefused, match="There is an administrator already"):
        people.found("b@example.com", name="Bea", password="p", by=BY, at=NOON)
    assert not User.objects.filter(email="b@example.com").exists()


def test_an_address_that_has_an_account_is_not_founded_again() -> None:
    make_user("Rita", role=Role.REVIEWER, email="rita@example.com")
    with pytest.raises(PersonRefused, match="has an account already"):
        people.found("rita@example.com", name="Rita", password="p", by=BY, at=NOON)


def test_the_last_administrator_stays() -> None:
    ada, eve = make_user("Ada", role=Role.ADMINISTRATOR), make_user("Eve", role=Role.ADMINISTRATOR)
    people.change_role(eve, Role.AUDITOR, by=BY, at=NOON)
    with pytest.raises(PersonRefused, match="Ada is the last administrator"):
        people.change_role(ada, Role.IT, by=BY, at=NOON)
    with pytest.raises(PersonRefused, match="Ada is the last administrator"):
        people.deactivate(ada, by=BY, at=NOON)
    ada.refresh_from_db()
    assert (ada.role, ada.is_active) == (Role.ADMINISTRATOR, True)


def test_people_of_vendors_get_no_role() -> None:
    alice = make_people().alice
    with pytest.raises(PersonRefused, match="Alice belongs to a vendor"):
        people.change_role(alice, Role.IT, by=BY, at=NOON)


@pytest.mark.parametrize("change", ["role", "closing"])
def test_a_change_ends_the_session_with_the_next_request(client: Client, change: str) -> None:
    world = make_people()
    client.force_login(world.dana)
    assert client.get("/desk/orders/").status_code == 200
    if change == "role":
        people.change_role(world.dana, Role.AUDITOR, by=BY, at=NOON)
    else:
        people.deactivate(world.dana, by=BY, at=NOON)
    assert client.get("/desk/orders/")["Location"].startswith("/account/login/")


def test_every_change_stands_in_the_journal_once() -> None:
    dana = make_user("Dana", role=Role.IT)
    for _ in range(2):
        people.change_role(dana, Role.REVIEWER, by=BY, at=NOON)
        people.deactivate(dana, by=BY, at=NOON, why="Left the company.")
    people.reactivate(dana, by=BY, at=NOON)
    people.reactivate(dana, by=BY, at=NOON)
    assert list(entries().values_list("verb", flat=True)) == ["role changed", "deactivated", "reactivated"]


def test_an_invitation_makes_an_account_once() -> None:
    invitation = invitations.invite(" Rita@Example.COM", role=Role.REVIEWER, by=BY, at=NOON)
    user = accept(invitation)
    assert (user.email, user.role, user.is_active) == ("rita@example.com", Role.REVIEWER, True)
    assert user.check_password("long enough words")
    with pytest.raises(InvitationRefused, match="was used or taken back"):
        accept(invitation)
    with pytest.raises(InvitationRefused, match="was used or taken back"):
        accept(Invitation.objects.get())


def test_an_invitation_ends_after_seven_days() -> None:
    invitation = invitations.invite("r@example.com", role=Role.REVIEWER, by=BY, at=NOON)
    with pytest.raises(InvitationRefused, match="has ended"):
        accept(invitation, NOON + timedelta(days=7))
    assert not User.objects.exists()


def test_a_newer_invitation_takes_the_place_of_an_older_one() -> None:
    first = invitations.invite("r@example.com", role=Role.REVIEWER, by=BY, at=NOON)
    invitations.invite("r@example.com", role=Role.IT, by=BY, at=NOON)
    with pytest.raises(InvitationRefused):
        accept(first)
    assert list(Invitation.objects.open(NOON).values_list("role", flat=True)) == [Role.IT]


def test_an_open_account_is_never_touched_by_an_invitation() -> None:
    invitation = invitations.invite("r@example.com", role=Role.ADMINISTRATOR, by=BY, at=NOON)
    rita = make_user("Rita", role=Role.AUDITOR, email="r@example.com")
    with pytest.raises(InvitationRefused, match="can sign in already"):
        accept(invitation)
    rita.refresh_from_db()
    assert rita.role == Role.AUDITOR
    assert not rita.check_password("long enough words")
    with pytest.raises(InvitationRefused, match="Change the role of this person instead"):
        invitations.invite("R@example.com", role=Role.IT, by=BY, at=NOON)


def test_a_closed_account_comes_back_with_the_new_role_only() -> None:
    rita = make_user("Rita", role=Role.ADMINISTRATOR, email="r@example.com")
    make_user("Ada", role=Role.ADMINISTRATOR)
    people.deactivate(rita, by=BY, at=NOON)
    accept(invitations.invite("r@example.com", role=Role.AUDITOR, by=BY, at=NOON))
    rita.refresh_from_db()
    assert (rita.is_active, rita.role) == (True, Role.AUDITOR)
