"""The OpenAPI document tells the truth about every route."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from vendors.models import Domain

ROUTES = {
    "/api/v1/vendors": {"get", "post"},
    "/api/v1/vendors/{ref}": {"get", "patch"},
    "/api/v1/vendors/{ref}/servers": {"get", "post"},
    "/api/v1/servers/{ref}": {"get", "patch"},
    "/api/v1/vendors/{ref}/domains": {"get", "post"},
    "/api/v1/domains/{ref}": {"get", "patch"},
    "/api/v1/vendors/{ref}/aliases": {"get"},
    "/api/v1/vendors/{ref}/contacts": {"get", "post"},
    "/api/v1/vendors/{ref}/sources": {"get"},
    "/api/v1/vendors/{ref}/sources/{code}/additions": {"post"},
    "/api/v1/contacts/{ref}": {"get", "patch", "delete"},
    "/api/v1/watches": {"get"},
    "/api/v1/observations": {"get"},
    "/api/v1/findings": {"get"},
    "/api/v1/findings/{ref}": {"get"},
    "/api/v1/halts": {"get", "post"},
    "/api/v1/halts/{ref}": {"get"},
    "/api/v1/halts/{ref}/lift": {"post"},
    "/api/v1/deliveries": {"get"},
    "/api/v1/clearance/{ref}": {"get"},
}


@pytest.fixture
def document() -> Any:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    return json.loads(response.content)


def test_the_document_lists_every_route_and_no_other(document: Any) -> None:
    assert document["openapi"].startswith("3.")
    assert {path: set(operations) for path, operations in document["paths"].items()} == ROUTES
    served = {
        f"/{pattern.pattern}".replace("<ref>", "{ref}").replace("<path:code>", "{code}")
        for entry in get_resolver("api.urls").url_patterns
        for pattern in entry.url_patterns  # type: ignore[union-attr]
    }
    assert served == {path.removeprefix("/api/v1") for path in ROUTES} | {"/openapi.json", "/"}


def test_every_operation_needs_a_token_and_may_answer_with_a_problem(document: Any) -> None:
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["security"] == [{"Bearer": []}]
            assert "application/problem+json" in operation["responses"]["default"]["content"]
            assert operation["description"]


def test_every_reference_in_the_document_leads_somewhere(document: Any) -> None:
    schemas = document["components"]["schemas"]
    for part in json.dumps(document).split('"$ref": "')[1:]:
        name = part.split('"')[0].removeprefix("#/components/schemas/")
        assert name in schemas


def test_the_halt_order_documents_its_idempotency_key(document: Any) -> None:
    parameters = document["paths"]["/api/v1/halts"]["post"]["parameters"]
    assert [(parameter["in"], parameter["name"]) for parameter in parameters] == [("header", "Idempotency-Key")]


def test_a_body_that_declares_a_domain_is_described_with_the_uses_that_there_are(document: Any) -> None:
    given = document["components"]["schemas"]["DomainGiven"]
    assert given["required"] == ["name"]
    assert given["properties"]["uses"]["items"]["enum"] == Domain.Use.values
