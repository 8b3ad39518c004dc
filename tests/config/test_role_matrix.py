"""Every address, every role, GET and POST, against the declared matrix. An address that is missing there fails."""

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.config.addresses import Rows, addresses
from tests.config.matrix import MATRIX, ROLES

LETTERS = {200: "o", 400: "b", 401: "u", 403: "f", 404: "n", 405: "m", 409: "b", 422: "b", 503: "x"}


def letter(response: HttpResponseBase) -> str:
    """What happened, as one letter of the matrix."""
    status = response.status_code
    if status in {301, 302, 303}:
        return "l" if response["Location"].startswith("/account/login/") else "r"
    return LETTERS.get(status, f"[{status}]")


def ask(path: str, user: User | None, method: str) -> str:
    """The letter, and everything as it was before."""
    client = Client()
    with transaction.atomic():
        if user:
            client.force_login(user)
        response = client.get(path) if method == "GET" else client.post(path)
        b"".join(response)  # a file, perhaps: read to its end, the test client closes it and keeps the connection
        found = letter(response)
        transaction.set_rollback(True)
    return found


ALL = sorted(set(addresses()))


def test_every_address_is_declared() -> None:
    names = {name for name, _ in ALL}
    assert names - set(MATRIX) == set(), "Declare in MATRIX who may open these."
    assert set(MATRIX) - names == set(), "These addresses are gone; take them out of MATRIX."


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "route"), ALL, ids=[name for name, _ in ALL])
def test_each_role_gets_what_the_matrix_says(name: str, route: str) -> None:
    rows = Rows()
    path = reverse(name, kwargs=rows.arguments(route) if "<" in route else None)
    got = {
        method: dict(zip(ROLES, (ask(path, user, method) for user in rows.who()), strict=True))
        for method in ("GET", "POST")
    }
    assert got == {
        method: dict(zip(ROLES, roles, strict=True)) for method, roles in zip(got, MATRIX[name], strict=True)
    }
