import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken
from tests.world import come_in, make_people

pytestmark = pytest.mark.django_db
FORM = {"name": "Mail gateway", "role": "it", "scopes": ["read", "halt"], "days": "30"}


@pytest.fixture
def desk(client: Client) -> Client:
    """Ada, the administrator, at the desk."""
    come_in(client, make_people().ada)
    return client


def test_a_token_is_shown_once_and_works(desk: Client) -> None:
    response = desk.post("/desk/tokens/new/", FORM)
    text = response.content.decode()
    assert response["Cache-Control"] == "no-store, private"
    shown = re.search(r"sluice_\w{8}_[\w-]{43}_\w{6}", text)
    assert shown
    token = tokens.find(shown[0], timezone.now())
    assert token is not None
    assert (token.name, token.role, token.scopes) == ("Mail gateway", "it", ["read", "halt"])
    assert str(token.created_by) == "Ada"
    listed = desk.get("/desk/tokens/").content.decode()
    assert "Mail gateway" in listed
    assert shown[0] not in listed


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Enter a name"),
        ({"scopes": []}, "Tick at least one scope."),
        ({"role": "auditor"}, "halt is not for the role auditor. Choose from read."),
        ({"days": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_made_is_refused_and_kept(desk: Client, typed: dict[str, object], sentence: str) -> None:
    text = desk.post("/desk/tokens/new/", FORM | typed).content.decode()
    assert sentence in text
    if "name" not in typed:
        assert 'value="Mail gateway"' in text
    assert not ApiToken.objects.exists()


def test_a_token_is_revoked_at_once(desk: Client) -> None:
    plain = re.search(r"sluice_\w{8}_[\w-]{43}_\w{6}", desk.post("/desk/tokens/new/", FORM).content.decode())
    assert plain
    page = f"/desk/tokens/{ApiToken.objects.get().public_id}/revoke/"
    assert "its next request is refused" in desk.post(page, follow=True).content.decode()
    assert tokens.find(plain[0], timezone.now()) is None
    assert "was revoked before" in desk.post(page, follow=True).content.decode()
    assert desk.post("/desk/tokens/unknown/revoke/").status_code == 404
