"""Look at a server or a domain of a pretend DNS, and what came of it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from egress import rdap
from lab.registry import Registrant, as_rdap
from monitors.probes.entry import Blocklist
from monitors.probes.registered import Registered
from questionnaires.seen import WORST_FIRST, Check, Seen, domain, server
from tests.monitors.fakes import FakeWorld, house

SENDER, HOST = "203.0.113.5", "mx1.acme.example"

LISTS = (
    house(),
    house(id="quarry", name="Quarry", zone="quarry.example", delisting="Ask them.", lookup="https://quarry.example/"),
)


def told(work: Coroutine[Any, Any, Seen]) -> Seen:
    async def main() -> Seen:
        return await work

    seen = asyncio.run(main())
    order = [WORST_FIRST.index(check.verdict) for check in seen.checks]
    assert order == sorted(order)
    assert all(check.sentence.endswith((".", "…")) for check in seen.checks)
    assert None not in seen.facts.values()
    return seen


def of_server(world: FakeWorld, subject: str = SENDER, helo: str = HOST, lists: tuple[Blocklist, ...] = LISTS) -> Seen:
    return told(server.look(world, lists, subject, helo, nonce=7, path=0))


def check(seen: Seen, ident: str) -> Check:
    (found,) = (one for one in seen.checks if one.id == ident)
    return found


def registered(registrant: Registrant | None, name: str = "acme.example") -> Registered:
    """What the registry says."""
    url = f"https://rdap.example/domain/{name}"
    if registrant is None:
        return Registered(name, rdap.Answer(rdap.Outcome.NOT_FOUND, "rdap.example knows no such domain.", url))
    answer = as_rdap(name, registrant, "https://rdap.example/")
    return Registered(name, rdap.Answer(rdap.Outcome.FOUND, "", url, answer))


FULL = Registrant("Acme Mailings Ltd", email="post@acme.example", phone="+442079460142")


def of_domain(world: FakeWorld, held: Registered | None = None, name: str = "acme.example", **how: Any) -> Seen:
    async def ask_registry(_: str) -> Registered:
        return held or registered(FULL)

    given: dict[str, Any] = {"company": "Acme Mailings", "ours": ["harrow.example.com"], "nonce": 7, "path": 0} | how
    return told(domain.look(world, LISTS, ask_registry, name, **given))
