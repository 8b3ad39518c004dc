"""A machine that calls the API with a token, and reads what it answers."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import Role
from journal.actor import Actor


@dataclass
class Answer:
    status: int
    body: Any
    headers: Any

    @property
    def faults(self) -> dict[str, str]:
        """The sentence of each field at fault."""
        return {error["field"]: error["sentence"] for error in self.body["errors"]}


class Caller:
    """Without `token` it sends none. A failure inside is answered as it would be to a stranger."""

    def __init__(self, token: str = "") -> None:
        self.token = token
        self.client = Client(raise_request_exception=False)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """`path` is what follows /api/v1; `headers` are written like Idempotency_Key."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        response = self.client.generic(method, f"/api/v1{path}", content, "application/json", headers=sent)
        return Answer(response.status_code, response.json() if response.content else None, response.headers)

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any) -> Answer:
        return self.call("PATCH", path, body)


def caller(role: str = Role.IT, scopes: list[str] | None = None) -> Caller:
    """A machine with a new token."""
    _, plain = tokens.create(
        role=role, name=f"{role} machine", scopes=scopes, by=Actor("command", "test"), at=timezone.now()
    )
    return Caller(plain)
