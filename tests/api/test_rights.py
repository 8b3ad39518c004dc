"""Which token may do what: every operation, every role, and each scope alone."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, Role
from api.urls import api
from journal.actor import Actor
from journal.models import Entry
from tests.api.caller import Caller, caller
from tests.halted import make_order
from tests.monitored import make_finding
from tests.world import make_contact, make_domain, make_server, make_user, make_vendor
from vendors.models import Contact, SendingServer, Vendor

pytestmark = pytest.mark.django_db
READERS = {"auditor", "reviewer", "it", "administrator"}
EDITORS = {"reviewer", "it", "administrator"}
ORDERERS = {"it", "administrator"}
MATRIX: dict[tuple[str, str], tuple[set[str], set[str]]] = {  # operation: (roles, scopes that suffice alone)
    ("GET", "/vendors"): (READERS, {"read"}),
    ("POST", "/vendors"): (EDITORS, {"write"}),
    ("GET", "/vendors/{vendor}"): (READERS, {"read"}),
    ("PATCH", "/vendors/{vendor}"): (EDITORS, set()),
    ("GET", "/vendors/{vendor}/servers"): (READERS, {"read"}),
    ("POST", "/vendors/{vendor}/servers"): (EDITORS, {"write"}),
    ("GET", "/servers/{server}"): (READERS, {"read"}),
    ("PATCH", "/servers/{server}"): (EDITORS, set()),
    ("GET", "/vendors/{vendor}/domains"): (READERS, {"read"}),
    ("POST", "/vendors/{vendor}/domains"): (EDITORS, {"write"}),
    ("GET", "/domains/{domain}"): (READERS, {"read"}),
    ("PATCH", "/domains/{domain}"): (EDITORS, set()),
    ("GET", "/vendors/{vendor}/aliases"): (READERS, {"read"}),
    ("GET", "/vendors/{vendor}/contacts"): (READERS, {"read"}),
    ("POST", "/vendors/{vendor}/contacts"): (EDITORS, {"write"}),
    ("GET", "/vendors/{vendor}/sources"): (READERS, {"read"}),
    ("POST", "/vendors/{vendor}/sources/{code}/additions"): (EDITORS, {"write"}),
    ("GET", "/contacts/{contact}"): (READERS, {"read"}),
    ("PATCH", "/contacts/{contact}"): (EDITORS, set()),
    ("DELETE", "/contacts/{contact}"): (EDITORS, {"write"}),
    ("GET", "/watches"): (READERS, {"read"}),
    ("GET", "/observations"): (READERS, {"read"}),
    ("GET", "/findings"): (READERS, {"read"}),
    ("GET", "/findings/{finding}"): (READERS, {"read"}),
    ("GET", "/halts"): (READERS, {"read"}),
    ("POST", "/halts"): (ORDERERS, {"halt"}),
    ("GET", "/halts/{halt}"): (READERS, {"read"}),
    ("POST", "/halts/{halt}/lift"): (ORDERERS, {"halt"}),
    ("GET", "/deliveries"): (READERS, {"read"}),
    ("GET", "/clearance/{vendor}"): (READERS, {"read"}),
}
BODIES: dict[tuple[str, str], dict[str, str | int]] = {
    ("POST", "/vendors"): {"name": "Cedar Post"},
    ("PATCH", "/vendors/{vendor}"): {"name": "Alder Mail"},
    ("POST", "/vendors/{vendor}/servers"): {"address": "8.8.4.4"},
    ("POST", "/vendors/{vendor}/sources/{code}/additions"): {"count": 501},
    ("PATCH", "/servers/{server}"): {"helo": "helo.example.com"},
    ("POST", "/vendors/{vendor}/domains"): {"name": "cedar.example"},
    ("PATCH", "/domains/{domain}"): {"opt_out_url": "https://alder.example/leave"},
    ("POST", "/vendors/{vendor}/contacts"): {"name": "Lee", "email": "lee@example.com"},
    ("PATCH", "/contacts/{contact}"): {"name": "Kim Roe"},
    ("POST", "/halts"): {"vendor": "{vendor}", "reason": "Spam was reported."},
    ("POST", "/halts/{halt}/lift"): {"reason": "The server was mended."},
}
OPERATIONS = sorted(MATRIX)


@pytest.fixture
def ids() -> dict[str, str]:
    vendor = make_vendor("Alder Mailings")
    server = make_server(vendor)
    finding = make_finding(server)
    return {
        "vendor": str(vendor.uid),
        "server": str(server.uid),
        "domain": str(make_domain(vendor).uid),
        "code": "GARDEN-WEB",
        "contact": str(make_contact(vendor).uid),
        "finding": str(finding.uid),
        "halt": str(make_order(vendor, server=server, finding=finding).uid),
    }


def status(one: Caller, operation: tuple[str, str], ids: dict[str, str]) -> int:
    method, path = operation
    body = {
        field: value.format(**ids) if isinstance(value, str) else value
        for field, value in BODIES.get(operation, {}).items()
    }
    return one.call(method, path.format(**ids), body or None).status


def test_the_matrix_has_every_operation() -> None:
    served = {
        (method, path.removeprefix("/api/v1").replace("{code}", "{ref}"))
        for path, operations in api.get_openapi_schema()["paths"].items()
        for method in map(str.upper, operations)
    }
    named = {(method, re.sub(r"{\w+}", "{ref}", path)) for method, path in MATRIX}
    assert served == named


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_without_a_good_token_nothing_is_told_or_done(operation: tuple[str, str], ids: dict[str, str]) -> None:
    entries = Entry.objects.count()
    for wrong in ("", "sluice_nothing", "Bearer"):
        method, path = operation
        answer = Caller(wrong).call(method, path.format(**ids))
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="sluice"')
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_a_role_may_do_what_the_matrix_says(operation: tuple[str, str], role: str, ids: dict[str, str]) -> None:
    allowed, _ = MATRIX[operation]
    one = caller(role)
    entries = Entry.objects.count()
    found = status(one, operation, ids)
    assert (found < 300) == (role in allowed)
    if role not in allowed:
        assert found == 403
        assert Entry.objects.count() == entries, "what is refused changes nothing"


@pytest.mark.parametrize("scope", ApiToken.Scope.values)
@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_a_scope_narrows_what_an_administrators_token_may_do(
    operation: tuple[str, str], scope: str, ids: dict[str, str]
) -> None:
    _, sufficient = MATRIX[operation]
    found = status(caller(Role.ADMINISTRATOR, [scope]), operation, ids)
    assert (found < 300) == (scope in sufficient)
    assert found < 300 or found == 403


def test_a_refusal_says_whether_the_role_or_the_scope_is_lacking() -> None:
    role = caller(Role.AUDITOR).post("/vendors", {"name": "Cedar"})
    assert role.body["detail"] == (
        "This token may not add or edit vendors. Its role is auditor, which may not. Use a token that may."
    )
    scope = caller(Role.IT, ["read"]).post("/vendors", {"name": "Cedar"})
    assert scope.body["detail"] == (
        "This token may not add or edit vendors. It lacks the scope write. Use a token that may."
    )
    assert 'error="insufficient_scope", scope="write"' in scope.headers["WWW-Authenticate"]


def test_a_revoked_token_is_refused_from_the_next_call_on() -> None:
    one = caller()
    assert one.get("/vendors").status == 200
    tokens.revoke(ApiToken.objects.get(), by=Actor("command", "test"), at=timezone.now())
    answer = one.get("/vendors")
    assert answer.status == 401
    assert answer.body["detail"].startswith("The token is mistyped, expired or revoked.")


def test_a_session_cookie_opens_nothing() -> None:
    browser = Client()
    browser.force_login(make_user("Ada", role=Role.ADMINISTRATOR))
    assert browser.get("/api/v1/vendors").status_code == 401
    assert browser.post("/api/v1/vendors", {"name": "Cedar"}, content_type="application/json").status_code == 401
    assert not Vendor.objects.filter(name="Cedar").exists()


@pytest.mark.parametrize(
    "path",
    [
        "/vendors/{}",
        "/vendors/{}/servers",
        "/servers/{}",
        "/domains/{}",
        "/vendors/{}/domains",
        "/contacts/{}",
        "/findings/{}",
        "/halts/{}",
    ],
)
@pytest.mark.parametrize(
    "ref", ["00000000-0000-4000-8000-000000000000", "V-0999", "H-2026-0999", "F-999", "1", "x%00y", "é"]
)
def test_what_is_not_there_is_a_404_with_a_sentence(path: str, ref: str) -> None:
    answer = caller().get(path.format(ref))
    assert answer.status == 404
    assert answer.body["detail"].startswith("There is no ")


def test_an_id_of_another_kind_finds_nothing(ids: dict[str, str]) -> None:
    one = caller()
    for kind, path in (
        ("server", "vendors"),
        ("vendor", "servers"),
        ("vendor", "contacts"),
        ("server", "domains"),
        ("halt", "findings"),
    ):
        assert one.get(f"/{path}/{ids[kind]}").status == 404
    assert Contact.objects.count() == SendingServer.objects.count() == 1
