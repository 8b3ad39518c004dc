"""Which registry is asked, what its answer means, and where it may send us on to."""

import asyncio
import json
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from egress.bootstrap import Bootstrap, BootstrapRefused, Networks, Registrars
from egress.fetch import Page, Unfetched, Why
from egress.rdap import Answer, Outcome, ask_domain, ask_ip, follow, registered_name

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
        (Fetched({}, 401), Outcome.DENIED),
        (Fetched({}, 403), Outcome.DENIED),
        (Fetched({}, 422), Outcome.DENIED),
        (Fetched({}, 500), Outcome.UNREACHABLE),
        (Fetched({}, 302), Outcome.UNREACHABLE),
        (Fetched(DOMAIN, content_type="text/html"), Outcome.MALFORMED),
        (Fetched(DOMAIN, content_type="Application/RDAP+JSON; charset=utf-8"), Outcome.FOUND),
        (Fetched(DOMAIN, content_type="text/json"), Outcome.FOUND),
        (Fetched(DOMAIN | {"ldhName": "other.com"}), Outcome.MALFORMED),
        (Fetched(DOMAIN | {"ldhName": "ACME.COM."}), Outcome.FOUND),
        (Fetched({"objectClassName": "domain"}), Outcome.FOUND),
        (Fetched(Unfetched(Why.LIMITED, "Our turn does not come in time.")), Outcome.LIMITED),
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
    ("said", "date", "rest"),
    [
        ("120", "", 120),
        ("0", "", 0),
        ("999999", "", 900),
        ("9" * 400, "", 900),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:26:30 GMT", 90),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 08:00:00 GMT", 0),
        ("Wed, 21 Oct 2099 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:00 GMT", 900),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "", 60),  # by whose clock?
        ("Wed, 99 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:00 GMT", 60),
        ("-5", "", 60),
        ("soon", "", 60),
        ("", "", 60),
    ],
)
def test_a_server_that_wants_rest_says_for_how_long(said: str, date: str, rest: float) -> None:
    found = ask(Fetched({}, 429, retry_after=said, date=date))
    assert (found.outcome, found.rest) == (Outcome.LIMITED, rest)


def test_a_404_of_somebody_whom_the_registry_led_to_is_not_the_registrys_word() -> None:
    class Led(Fetched):
        async def __call__(self, url: str, *, accept: str = "*/*") -> Page:
            return Page("https://parked.example/", 404, {}, b"")

    assert ask(Led({})).outcome is Outcome.DENIED
    assert ask(Fetched({}, 404)).outcome is Outcome.NOT_FOUND


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
        link("https://rdap.registrar.example:8443/domain/x"),
        link("https://rdap.registrar.example:80/domain/x"),
        link("https://me:secret@rdap.registrar.example/domain/x"),
        link("https:///domain/x"),
        {"rel": "related"},
        "https://rdap.registrar.example/domain/x",
    ],
)
def test_and_nowhere_else(wrong: object) -> None:
    assert followed(wrong) == []


def test_a_registry_that_leaves_the_holder_to_nobody_we_would_ask_is_not_taken_for_one_without() -> None:
    there = link("http://127.0.0.1/domain/x")
    second = asyncio.run(
        follow(Fetched(DOMAIN), Answer(Outcome.FOUND, "", f"{REGISTRY}domain/acme.com", DOMAIN | {"links": [there]}))
    )
    assert second is not None
    assert (second.outcome, second.url) == (Outcome.MALFORMED, "")
    assert "which is no https address of a registrar's server" in second.sentence


CSV = """ID,Registrar Name,Status,RDAP Base URL
1,Reserved,Reserved,
2,"Registrar, Inc.",Accredited,https://RDAP.registrar.example/rdap/
3,Odd,Accredited,https://odd.example:8443/
4,Odder,Accredited,http://odder.example/
5,Broken,Accredited,https://[
"""


@pytest.mark.parametrize(
    ("ident", "host", "listed"),
    [
        ("2", "rdap.registrar.example", True),
        ("2", "rdap.registrar.example:443", True),
        ("2", "rdap.registrar.example.evil.example", False),
        ("2", "other.example", False),
        ("1", "rdap.registrar.example", False),
        ("", "rdap.registrar.example", False),
        ("3", "odd.example", False),
        ("4", "odder.example", False),
    ],
)
def test_the_list_of_registrars_says_whose_server_it_is(ident: str, host: str, listed: bool) -> None:
    registrar = {"roles": ["registrar"], "publicIds": [{"type": "IANA Registrar ID", "identifier": ident}]}
    said = DOMAIN | {"links": [link(f"https://{host}/domain/x")], "entities": [{"roles": ["abuse"]}, registrar]}
    first = Answer(Outcome.FOUND, "", f"{REGISTRY}domain/acme.com", said)
    second = asyncio.run(follow(Fetched(DOMAIN), first, Registrars.read(CSV)))
    assert second is not None
    assert (second.outcome, second.is_unlisted) == (Outcome.FOUND, not listed)
    assert ("does not name it" in second.sentence) is not listed
    uncompared = asyncio.run(follow(Fetched(DOMAIN), first))
    assert uncompared is not None
    assert uncompared.is_unlisted
    assert "could not be compared" in uncompared.sentence


@pytest.mark.parametrize("text", [b"", b"<html>", b"ID\n1\n", b"\xff\xfe", CSV[:60].encode(), b'ID,"' + b"x" * 200_000])
def test_a_file_that_is_no_list_of_registrars_is_refused_with_the_way_out(text: bytes) -> None:
    with pytest.raises(BootstrapRefused, match="SLUICE_REGISTRAR_IDS"):
        Registrars.read(text)


# ── networks ────────────────────────────────────────────────────────────────
NETWORKS = Networks.read(
    json.dumps(
        {"services": [[["192.0.0.0/8"], ["https://arin.example"]], [["192.0.2.0/24"], ["https://ripe.example"]]]}
    ),
    json.dumps({"services": [[["2001:db8::/32"], ["http://apnic.example/", "https://apnic.example/"]]]}),
)
NETWORK = {"objectClassName": "ip network", "startAddress": "192.0.2.0", "endAddress": "192.0.2.255", "name": "LAB"}


def ask_network(said: object, address: str = "192.0.2.5", status: int = 200) -> tuple[Answer, list[str]]:
    fetched = Fetched(said, status)
    return asyncio.run(ask_ip(fetched, NETWORKS, ip_address(address))), fetched.urls


def test_the_narrowest_network_says_who_is_asked() -> None:
    found, urls = ask_network(NETWORK)
    assert (found.outcome, found.answer) == (Outcome.FOUND, NETWORK)
    assert urls == ["https://ripe.example/ip/192.0.2.5"]
    assert ask_network(NETWORK, "192.168.0.1")[1] == ["https://arin.example/ip/192.168.0.1"]
    assert ask_network(NETWORK, "2001:DB8::5")[1] == ["https://apnic.example/ip/2001:db8::5"]


@pytest.mark.parametrize(
    ("said", "address", "status", "outcome"),
    [
        (NETWORK, "10.0.0.1", 200, Outcome.NO_SERVER),
        (NETWORK, "192.0.3.1", 200, Outcome.MALFORMED),  # another network than we asked about
        (NETWORK, "2001:db8::1", 200, Outcome.MALFORMED),
        (NETWORK | {"startAddress": 7}, "192.0.2.5", 200, Outcome.MALFORMED),
        (NETWORK | {"endAddress": None}, "192.0.2.5", 200, Outcome.MALFORMED),
        ({"objectClassName": "ip network"}, "192.0.2.5", 200, Outcome.MALFORMED),
        (DOMAIN, "192.0.2.5", 200, Outcome.MALFORMED),
        ({}, "192.0.2.5", 404, Outcome.NOT_FOUND),
        ({}, "192.0.2.5", 429, Outcome.LIMITED),
    ],
)
def test_an_answer_about_another_network_is_none(said: object, address: str, status: int, outcome: Outcome) -> None:
    assert ask_network(said, address, status)[0].outcome is outcome


@pytest.mark.parametrize(
    "text", ["", "{}", '{"services": [[["nonsense"], ["https://a/"]]]}', '{"services": [[[7], [8]]]]}']
)
def test_a_file_that_is_no_list_of_networks_is_refused(text: str) -> None:
    with pytest.raises(BootstrapRefused, match="SLUICE_RDAP_BOOTSTRAP"):
        Networks.read(text)


def test_the_lists_that_iana_publishes_are_read() -> None:
    folder = Path(__file__).parents[2].parent / "shared" / "data" / "iana"
    if not folder.exists():  # a worktree lies one folder deeper
        folder = Path(__file__).parents[3].parent / "shared" / "data" / "iana"
    if not folder.exists():
        pytest.skip("There is no copy of IANA's lists beside this folder.")
    assert Bootstrap.read((folder / "dns.json").read_bytes()).server_for("acme.com").startswith("https://")
    networks = Networks.read(*((folder / f"ipv{version}.json").read_bytes() for version in (4, 6)))
    assert networks.server_for(ip_address("193.0.6.139")) == "https://rdap.db.ripe.net/"
    assert networks.server_for(ip_address("2001:500:88::1")) == "https://rdap.arin.net/registry/"
    registrars = Registrars.read((folder / "registrar-ids.csv").read_bytes())
    assert registrars.knows("2", "rdap.networksolutions.com")
    assert not registrars.knows("2", "rdap.godaddy.com")


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
