"""Which registry is asked, what its answer means, and where it may send us on to."""

import asyncio
import json
from typing import Any

import pytest

from egress.fetch import Page, Unfetched, Why
from egress.rdap import Answer, Bootstrap, BootstrapRefused, Outcome, ask_domain, follow, registered_name

REGISTRY = "https://rdap.registry.example/v1/"
FILE = {
    "publication": "2026-11-01T00:00:00Z",
    "services": [
        [["com", "net"], ["http://rdap.registry.example/v1/", REGISTRY]],
        [["co.example"], ["https://rdap.co.example"]],
        [["old"], ["http://rdap.old.example/"]],
        [["odd"], ["ldap://rdap.odd.example/"]],
    ],
}
BOOTSTRAP = Bootstrap.read(json.dumps(FILE))
DOMAIN: dict[str, Any] = {"objectClassName": "domain", "ldhName": "acme.com"}


class Fetched:
    """Says the same of every address, and keeps what was asked."""

    def __init__(self, said: object, status: int = 200, **headers: str) -> None:
        self.said, self.status = said, status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.urls: list[str] = []

    async def __call__(self, url: str, *, accept: str = "*/*") -> Page:
        assert accept == "application/rdap+json"
        self.urls.append(url)
        if isinstance(self.said, Unfetched):
            raise self.said
        body = self.said if isinstance(self.said, bytes) else json.dumps(self.said).encode()
        return Page(url, self.status, self.headers, body)


def ask(fetched: Fetched, name: str = "acme.com") -> Answer:
    return asyncio.run(ask_domain(fetched, BOOTSTRAP, name))


def test_the_longest_announced_ending_says_who_is_asked() -> None:
    assert BOOTSTRAP.server_for("acme.com") == REGISTRY  # https before http
    assert BOOTSTRAP.server_for("www.acme.co.example") == "https://rdap.co.example/"
    assert BOOTSTRAP.server_for("acme.old") == "http://rdap.old.example/"
    assert BOOTSTRAP.server_for("acme.odd") == BOOTSTRAP.server_for("acme.nowhere") == ""
    assert BOOTSTRAP.published == "2026-11-01T00:00:00Z"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"services": [1]}', '{"services": 5}', "[" * 100_000])
def test_a_file_that_is_no_bootstrap_is_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(BootstrapRefused, match="SLUICE_RDAP_BOOTSTRAP"):
        Bootstrap.read(text)


def test_an_answer_is_kept_with_who_gave_it() -> None:
    fetched = Fetched(DOMAIN)
    found = ask(fetched)
    assert (found.outcome, found.answer, found.host) == (Outcome.FOUND, DOMAIN, "rdap.registry.example")
    assert fetched.urls == [f"{REGISTRY}domain/acme.com"]


@pytest.mark.parametrize(
    ("fetched", "outcome"),
    [
        (Fetched({}, 404), Outcome.NOT_FOUND),
        (Fetched({}, 403), Outcome.DENIED),
        (Fetched({}, 500), Outcome.UNREACHABLE),
        (Fetched(b"<h1>Moved</h1>"), Outcome.MALFORMED),
        (Fetched({"objectClassName": "error"}), Outcome.MALFORMED),
        (Fetched(b"[" * 200_000), Outcome.MALFORMED),
        (Fetched(Unfetched(Why.TIMEOUT, "It did not answer.")), Outcome.UNREACHABLE),
        (Fetched(Unfetched(Why.GARBLED, "It does not speak HTTP.")), Outcome.MALFORMED),
    ],
)
def test_only_an_answer_and_404_say_something_about_the_name(fetched: Fetched, outcome: Outcome) -> None:
    assert ask(fetched).outcome is outcome


@pytest.mark.parametrize(
    ("said", "rest"), [("120", 120), ("999999", 900), ("Wed, 21 Oct 2026 07:28:00 GMT", 60), ("", 60)]
)
def test_a_server_that_wants_rest_says_for_how_long(said: str, rest: float) -> None:
    found = ask(Fetched({}, 429, retry_after=said))
    assert (found.outcome, found.rest) == (Outcome.LIMITED, rest)


def test_an_ending_without_a_server_is_said_and_nobody_is_asked() -> None:
    fetched = Fetched(DOMAIN)
    assert ask(fetched, "acme.nowhere").outcome is Outcome.NO_SERVER
    assert fetched.urls == []


@pytest.mark.parametrize(
    "name", ["x/../../evil?a=b#.com", "acme com", "ACME.com", "com", "", "-.com", "a" * 260 + ".com"]
)
def test_what_is_no_domain_name_is_never_put_into_an_address(name: str) -> None:
    with pytest.raises(ValueError, match="no domain name"):
        ask(Fetched(DOMAIN), name)


def link(href: str, **more: str) -> dict[str, str]:
    return {"rel": "related", "type": "application/rdap+json", "href": href, **more}


def followed(*links: object, asked: str = f"{REGISTRY}domain/acme.com") -> list[str]:
    fetched = Fetched(DOMAIN)
    asyncio.run(follow(fetched, Answer(Outcome.FOUND, "", asked, DOMAIN | {"links": list(links)})))
    return fetched.urls


def test_a_registry_may_send_us_on_to_the_registrar_once() -> None:
    there = "https://rdap.registrar.example/domain/ACME.COM"
    assert followed(link(f"{REGISTRY}domain/acme.com"), link(there), link("https://third.example/domain/x")) == [there]


@pytest.mark.parametrize(
    "wrong",
    [
        link("https://rdap.registrar.example/domain/x", rel="self"),
        link("https://rdap.registrar.example/domain/x", type="text/html"),
        link("http://rdap.registrar.example/domain/x"),  # from https to http
        link("https://rdap.registrar.example/internal/admin"),
        link("file:///domain/passwd"),
        link("https://[/domain/"),
        {"rel": "related"},
        "https://rdap.registrar.example/domain/x",
    ],
)
def test_and_nowhere_else(wrong: object) -> None:
    assert followed(wrong) == []


def test_who_is_asked_over_http_may_send_us_on_over_http() -> None:
    there = "http://rdap.registrar.example/domain/x"
    assert followed(link(there), asked="http://rdap.old.example/domain/x") == [there]


@pytest.mark.parametrize(
    ("name", "suffixes", "registered"),
    [
        ("mail.acme.co.uk", ["co.uk", "uk"], "acme.co.uk"),
        ("acme.com", ["com"], "acme.com"),
        ("a.b.acme.example.com", ["com", "example.com"], "acme.example.com"),  # a registry below a name
        ("co.uk", ["co.uk"], ""),
        ("acme.com", ["", "net"], ""),
    ],
)
def test_the_registered_name_is_one_label_below_the_ending(name: str, suffixes: list[str], registered: str) -> None:
    assert registered_name(name, suffixes) == registered
