"""The pretend registries: who holds what, in every mood, over HTTP."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from lab.rdap import RdapServer
from lab.registry import Registrant, Shield
from lab.run import Lab
from lab.world import World
from tests.lab.conftest import PATIENCE


@pytest.fixture
def registry(world: World) -> Iterator[RdapServer]:
    world.register("Acme.example.com.", Registrant("Acme Ltd", email="post@acme.example.com", phone="+442079460100"))
    with RdapServer(world) as registry:
        yield registry


def get(url: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as page:
            return page.status, json.loads(page.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, None


def test_the_bootstrap_file_names_the_endings_of_what_is_registered(registry: RdapServer) -> None:
    status, file = get(registry.bootstrap_url)
    assert status == 200
    assert file["services"] == [[["com", "example.com", "net", "org"], [registry.base]]]


def test_a_registered_domain_has_its_holder(registry: RdapServer) -> None:
    status, answer = get(f"{registry.base}domain/acme.example.com")
    assert (status, answer["objectClassName"]) == (200, "domain")
    assert "Acme Ltd" in json.dumps(answer)
    assert registry.asked == ["/rdap/domain/acme.example.com"]


def test_a_network_has_its_holder_and_an_abuse_contact(registry: RdapServer) -> None:
    registry.world.networks.assign("192.0.2.0/24", Registrant("Lab Hosting", email="noc@hosting.example.org"))
    registry.world.networks.assign("192.0.2.128/25", Registrant("Acme Ltd"))
    registry.world.networks.assign("2001:db8::/32", Registrant("Lab Hosting"))
    status, answer = get(f"{registry.base}ip/192.0.2.5")
    assert (status, answer["objectClassName"]) == (200, "ip network")
    assert (answer["startAddress"], answer["endAddress"]) == ("192.0.2.0", "192.0.2.255")
    assert [entity["roles"] for entity in answer["entities"]] == [["registrant"], ["abuse"]]
    assert get(f"{registry.base}ip/192.0.2.200")[1]["name"] == "ACME-LTD"
    assert get(f"{registry.base}ip/10.0.0.1")[0] == get(f"{registry.base}ip/nonsense")[0] == 404
    file = registry.bootstrap_url.replace("dns.json", "ipv6.json")
    assert get(file)[1]["services"] == [[["2001:db8::/32"], [registry.base]]]


def test_a_domain_that_lapsed_is_not_found(registry: RdapServer) -> None:
    assert registry.world.unregister("acme.example.com")
    assert not registry.world.unregister("acme.example.com")
    assert get(f"{registry.base}domain/acme.example.com")[0] == 404


@pytest.mark.parametrize("shield", [Shield.REDACTED, Shield.PROXY, Shield.THIN])
def test_a_shield_hides_the_holder(registry: RdapServer, shield: Shield) -> None:
    registry.world.register("acme.example.com", Registrant("Acme Ltd", shield=shield))
    assert "Acme Ltd" not in json.dumps(get(f"{registry.base}domain/acme.example.com")[1])


@pytest.mark.parametrize(("mood", "status"), [("limited", 429), ("denied", 403)])
def test_moods(registry: RdapServer, mood: str, status: int) -> None:
    registry.set_mood(mood)
    assert get(f"{registry.base}domain/acme.example.com")[0] == status
    assert get(registry.bootstrap_url)[0] == 200


def test_an_unknown_mood_and_an_ending_are_refused(registry: RdapServer) -> None:
    with pytest.raises(ValueError, match="sulky"):
        registry.set_mood("sulky")
    with pytest.raises(ValueError, match="is an ending"):
        registry.world.register("com", Registrant("Acme Ltd"))


def test_the_lab_serves_its_vendors_registrations() -> None:
    with Lab() as lab:
        status, answer = get(f"{lab.rdap.base}domain/brambleford.example")
        assert status == 200
        assert "Brambleford Mailings" in json.dumps(answer)
        assert lab.rdap_bootstrap == lab.rdap.bootstrap_url
