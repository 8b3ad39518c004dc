import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import tokens
from accounts.models import ApiToken, Role
from accounts.rights import Right, has_right
from accounts.tokens import TokenRefused
from journal.actor import Actor
from journal.models import Entry
from journal.record import MoveRefused
from tests.world import NOON, entries, make_user

pytestmark = pytest.mark.django_db
BY = Actor("command", "test")


def create(role: str = Role.IT, **more: object) -> tuple[ApiToken, str]:
    return tokens.create(**{"role": role, "name": "gateway", "by": BY, "at": NOON} | more)  # type: ignore[arg-type]


def test_a_token_is_found_by_itself_and_only_by_itself() -> None:
    token, plain = create()
    create()
    assert tokens.find(plain, NOON) == token
    assert tokens.find(f"  {plain}\n", NOON) == token
    swapped = "A" if plain[20] != "A" else "B"
    for wrong in ("", "x", plain[:-1], plain + "0", plain[:20] + swapped + plain[21:], plain.upper(), "é" * 71):
        assert tokens.find(wrong, NOON) is None


def test_a_right_id_with_another_secret_finds_nothing() -> None:
    token, _ = create()
    head = f"sluice_{token.public_id}_{'A' * 43}"
    assert tokens.find(f"{head}_{tokens._checksum(head)}", NOON) is None


def test_the_secret_is_stored_nowhere() -> None:
    token, plain = create()
    secret = plain.split("_", 2)[2][:43]
    assert secret not in json.dumps(list(ApiToken.objects.values()), default=str)
    assert secret not in json.dumps(list(Entry.objects.values()), default=str)
    assert len(token.secret_hash) == 64


def test_it_has_the_form_that_secret_scanners_look_for() -> None:
    _, plain = create()
    assert tokens._FORM.fullmatch(plain)
    assert len(plain) == 7 + 8 + 1 + 43 + 1 + 6


def test_it_ends_when_it_expires_and_when_it_is_revoked() -> None:
    token, plain = create(lifetime=timedelta(days=1))
    assert tokens.find(plain, NOON + timedelta(hours=23))
    assert tokens.find(plain, NOON + timedelta(days=1)) is None
    tokens.revoke(token, by=BY, at=NOON)
    assert tokens.find(plain, NOON) is None
    with pytest.raises(MoveRefused):
        tokens.revoke(token, by=BY, at=NOON)


def test_its_use_is_noted_at_most_once_a_minute() -> None:
    token, plain = create()
    for seconds, noted in ((0, 0), (30, 0), (61, 61)):
        tokens.find(plain, NOON + timedelta(seconds=seconds))
        token.refresh_from_db()
        assert token.last_used_at == NOON + timedelta(seconds=noted)


def test_it_may_do_what_both_its_role_and_its_scopes_allow() -> None:
    reader, _ = create(Role.ADMINISTRATOR, scopes=["read"])
    assert has_right(reader, Right.SEE)
    assert not has_right(reader, Right.ISSUE_HALT)
    full, _ = create(Role.ADMINISTRATOR)
    assert has_right(full, Right.LIFT_HALT)
    assert not has_right(full, Right.MANAGE_TOKENS)
    assert create(Role.AUDITOR)[0].scopes == ["read"]
    assert create(Role.REVIEWER)[0].scopes == ["read", "write"]
    assert create(Role.IT)[0].scopes == ["read", "write", "halt"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"role": "king"}, "'king' is not a role. Use one of reviewer, it, auditor, administrator."),
        ({"name": "  "}, "A token needs a name"),
        ({"role": "auditor", "scopes": ["halt"]}, "halt is not for the role auditor. Choose from read."),
        ({"scopes": []}, "It needs at least one scope of the role it."),
        ({"lifetime": timedelta(0)}, "at least one day"),
    ],
)
def test_what_cannot_be_made_is_refused_with_a_sentence(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(TokenRefused, match=sentence):
        create(**wrong)  # type: ignore[arg-type]
    assert not ApiToken.objects.exists()


def test_making_and_revoking_stand_in_the_journal() -> None:
    dana = make_user("Dana", role=Role.ADMINISTRATOR)
    token, _ = create(user=dana)
    tokens.revoke(token, by=dana.actor(), at=NOON)
    assert list(entries().values_list("verb", flat=True)) == ["created", "revoked"]


def test_the_command_prints_the_token_once() -> None:
    out = StringIO()
    call_command("create_token", "--role", "reviewer", "--name", "CRM", "--json", stdout=out)
    made = json.loads(out.getvalue())
    token = tokens.find(made["token"], NOON)
    assert token is not None
    assert (token.name, made["scopes"]) == ("CRM", ["read", "write"])


def test_the_command_prints_only_the_token_on_its_output() -> None:
    out, err = StringIO(), StringIO()
    call_command("create_token", "--role", "it", "--days", "3", "--scope", "read", stdout=out, stderr=err)
    assert tokens.find(out.getvalue(), NOON)
    assert "cannot be shown again" in err.getvalue()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--role", "king"], "invalid choice: 'king'"),
        (["--role", "it", "--days", "0"], "'0' is not a number of days from 1 to 3,650"),
        (["--role", "it", "--days", "soon"], "'soon' is not a number of days"),
        (["--role", "auditor", "--scope", "halt"], "halt is not for the role auditor"),
    ],
)
def test_the_command_refuses_with_a_sentence(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("create_token", *arguments)
