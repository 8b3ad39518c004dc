"""One sender in good order in the lab, and `check-sender` as an operator types it."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from egress.whois import Directory
from lab.registry import Registrant
from lab.run import Lab
from lab.seed import plant_lists
from lab.world import World
from monitors import registries
from tests.monitors.probes.test_dkim import GOOD

SENDER, DOMAIN, HOST, NAME = "203.0.113.5", "acme.example", "mx.acme.example", "Acme Garden Ltd"
HOLDER = Registrant(NAME, email="post@acme.example", phone="+442079460142", street="12 High Street")
ALL = ("--domain", DOMAIN, "--helo", HOST, "--selector", "s1", "--name", NAME)


def world() -> World:
    made = World()
    plant_lists(made)
    made.add_zone(DOMAIN)
    made.add_host(HOST, SENDER)
    made.add_host(DOMAIN, "127.0.0.1")
    made.add_host(f"www.{DOMAIN}", "127.0.0.1")
    made.set_reverse(SENDER, HOST)
    made.add_record(DOMAIN, "MX", f"10 {HOST}.")
    made.add_record(DOMAIN, "TXT", '"v=spf1 mx -all"')
    made.add_record(f"_dmarc.{DOMAIN}", "TXT", '"v=DMARC1; p=reject; rua=mailto:post@acme.example"')
    made.add_record(f"s1._domainkey.{DOMAIN}", "TXT", f'"v=DKIM1; p={GOOD[:200]}" "{GOOD[200:]}"')
    made.register(DOMAIN, HOLDER)
    made.networks.assign("203.0.113.0/24", Registrant("Lab Hosting Ltd"))
    return made


@contextmanager
def opened(monkeypatch: pytest.MonkeyPatch, *, sites: bool = False, **changes: object) -> Iterator[Lab]:
    """The lab around that sender, and the settings that lead into it; to its websites only with `sites`, because to
    read them takes a second."""
    monkeypatch.setattr(registries, "RESTING", registries.Resting())  # registries that another test annoyed
    monkeypatch.setattr(registries, "DIRECTORY", Directory())
    with Lab(world(), vendors=()) as lab:
        given: dict[str, object] = {
            "RESOLVERS": lab.resolvers,
            "RDAP_BOOTSTRAP": lab.rdap_bootstrap,
            "WHOIS_ROOT": lab.whois_root,
            "EGRESS_CA": lab.web.authority,
            "EGRESS_ALLOW": (ip_network("127.0.0.1/32"),),
            "WEB_PORTS": (lab.web.port, lab.web.plain_port) if sites else (1, 1),
            "BLOCKLISTS": None,
            "BLOCKLIST_KEYS": {},
            "DEMO": True,  # telephone numbers of the lab are those kept for fiction
        }
        with override_settings(**(given | changes)):
            yield lab


def run(*words: str) -> tuple[int, str]:
    """(exit status, what was printed)."""
    out = io.StringIO()
    try:
        call_command("check_sender", *words, stdout=out, stderr=io.StringIO())
    except SystemExit as status:
        return int(str(status.code)), out.getvalue()
    return 0, out.getvalue()


def seen(*words: str) -> tuple[int, dict[str, Any]]:
    """(exit status, the object that --json prints)."""
    status, printed = run(SENDER, *words, "--json")
    found: dict[str, Any] = json.loads(printed)
    return status, found


def of(found: dict[str, Any], name: str, domain: str = "") -> dict[str, Any]:
    """One check of the address, or of a domain."""
    checks: list[dict[str, Any]] = [*found["checks"], *found["further"]]
    if domain:
        checks = next(one["checks"] for one in found["domains"] if one["domain"] == domain)
    (check,) = (one for one in checks if one["id"] == name)
    return check
