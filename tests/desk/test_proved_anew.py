"""What an open browser is not enough for: the administrator gives the password again, and what was sent is not lost."""

import pytest
from django.test import Client

from accounts.models import ApiToken, Role
from tests.submissions import look_at_all, make_in_review
from tests.world import PASSWORD, People, come_in, make_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(client: Client) -> People:
    people = make_people()
    come_in(client, people.ada, is_proved=False)
    return people


@pytest.mark.parametrize("path", ["/desk/tokens/new/", "/desk/people/invite/"])
def test_the_password_is_asked_for_before_the_form_and_leads_to_it(client: Client, people: People, path: str) -> None:
    asked = client.get(path)["Location"]
    assert asked.startswith("/account/reauthenticate/")
    assert client.post(asked, {"password": PASSWORD})["Location"] == path
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("deed", "values"),
    [
        ("", {"role": "reviewer"}),
        ("close/", {"reason": "She left."}),
        ("forget-second-step/", {"reason": "She lost her phone."}),
    ],
)
def test_changing_a_person_waits_for_the_password_and_is_done_then(
    client: Client, people: People, deed: str, values: dict[str, str]
) -> None:
    before = (people.dana.role, people.dana.is_active)
    asked = client.post(f"/desk/people/{people.dana.pk}/{deed}", values)["Location"]
    people.dana.refresh_from_db()
    assert (people.dana.role, people.dana.is_active) == before
    client.post(asked, {"password": "wrong"})
    people.dana.refresh_from_db()
    assert (people.dana.role, people.dana.is_active) == before
    assert client.post(asked, {"password": PASSWORD})["Location"] == f"/desk/people/{people.dana.pk}/"
    people.dana.refresh_from_db()
    assert people.dana.role == (Role.REVIEWER if not deed else Role.IT)
    assert people.dana.is_active is (deed != "close/")


def test_declining_waits_for_the_password_and_is_done_then_with_the_words_that_were_written(
    client: Client, people: People
) -> None:
    come_in(client, people.rita, is_proved=False)
    form = make_in_review(people.vendor_a, people.alice, people.rita)
    asked = client.post(f"/desk/submissions/{form.number}/decline/", {"note": "No proof of consent."})["Location"]
    form.refresh_from_db()
    assert asked.startswith("/account/reauthenticate/")
    assert form.state == "in_review"
    client.post(asked, {"password": "wrong"})
    assert not form.decisions.exists()
    client.post(asked, {"password": PASSWORD})
    form.refresh_from_db()
    assert (form.state, form.decisions.get().note) == ("declined", "No proof of consent.")


def test_accepting_may_be_read_and_is_done_only_after_the_password(client: Client, people: People) -> None:
    come_in(client, people.rita, is_proved=False)
    form = make_in_review(people.vendor_a, people.alice, people.rita)
    look_at_all(form, people.rita)
    page = f"/desk/submissions/{form.number}/accept/"
    assert client.get(page).status_code == 200
    lines = {"conditions-TOTAL_FORMS": "0", "conditions-INITIAL_FORMS": "0"}
    asked = client.post(page, lines)["Location"]
    assert asked.startswith("/account/reauthenticate/")
    assert not form.decisions.exists()
    client.post(asked, {"password": PASSWORD})
    assert form.decisions.get().kind == "recommend"


def test_a_token_is_not_made_by_an_open_browser(client: Client, people: People) -> None:
    client.post("/desk/tokens/new/", {"name": "CRM", "role": "it", "scopes": ["halt"], "days": "30"})
    assert not ApiToken.objects.exists()
