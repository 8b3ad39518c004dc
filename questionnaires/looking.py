"""One round of looks at what vendors typed: everything at once, over in time. Touches the network and no row.

Within a round each question goes out once, whoever asks it: the proofs of the lists, the registry of a domain that
stands in several rows (monitors/registries.py). What is not known when the round ends is unknown.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from egress.answer import Answer
from egress.resolver import Ask, Resolver
from monitors import checks as watched
from monitors import rounds
from monitors.registries import Registries
from monitors.websites import Websites
from questionnaires.seen import Check, Seen, domain, header, server, unseen, website

log = logging.getLogger(__name__)
IN_FLIGHT = 300  # questions to one resolver at a time
MARGIN = 0.5  # s before the round ends, by when a registry or a website must have answered
LATE = "We could not look in time."


@dataclass(frozen=True, slots=True)
class Wanted:
    """One look to take; `key` tells the caller which row it is for, `company` is the vendor's name."""

    key: int
    kind: str
    subject: str
    helo: str
    company: str
    path: int


def take(wanted: Sequence[Wanted]) -> dict[int, Seen]:
    """Look at all of them at once; every key has something in the end."""
    lifetime = rounds.QUESTION * rounds.longest()

    async def run() -> dict[int, Seen]:
        ends = asyncio.get_running_loop().time() + rounds.longest()
        resolver = Resolver(watched.paths(), timeout=lifetime / 2.5, lifetime=lifetime, in_flight=IN_FLIGHT)
        async with resolver:
            once = Once(resolver.ask)
            registries = Registries(once.ask, lifetime, ends - MARGIN)
            websites = Websites(once.ask, lifetime, ends - MARGIN)
            tasks = [asyncio.ensure_future(_look(once.ask, registries, websites, one)) for one in wanted]
            if tasks:
                await asyncio.wait(tasks, timeout=max(0.0, ends - asyncio.get_running_loop().time()))
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await websites.close()
            await once.close()
            return {
                one.key: Seen.of([unseen("late", LATE, "R7")]) if task.cancelled() else task.result()
                for one, task in zip(wanted, tasks, strict=True)
            }

    return asyncio.run(run())


async def _look(ask: Ask, registries: Registries, websites: Websites, one: Wanted) -> Seen:
    """A fault of our own leaves the other looks alone."""
    lists, ours = watched.blocklists(), settings.ADVERTISER_DOMAINS
    try:
        if one.kind == "server":
            return await server.look(ask, lists, one.subject, one.helo, nonce=NONCE.of_now(), path=one.path)
        if one.kind == "domain":
            return await domain.look(
                ask,
                lists,
                registries.ask,
                one.subject,
                company=one.company,
                ours=ours,
                nonce=NONCE.of_now(),
                path=one.path,
            )
        if one.kind in ("website", "opt_out"):
            is_opt_out = one.kind == "opt_out"
            return await website.look(websites.visit, one.subject, company=one.company, is_opt_out=is_opt_out)
        return await header.look(ask, one.subject, ours=ours, path=one.path)
    except Exception as error:
        log.exception("a look at %s %s failed by our own fault", one.kind, one.subject)
        sentence = f"Our look failed by our own fault ({type(error).__name__})."
        return Seen.of([Check("own-fault", "unknown", sentence, "R7", "We have a note of it.", is_passing=True)])


class _Nonce:
    """Names the random target that proves a list: one a few seconds, so that a round proves each list once."""

    def __init__(self) -> None:
        self._salt = secrets.randbits(32)

    def of_now(self) -> int:
        return self._salt ^ int(time.monotonic() / 15)


NONCE = _Nonce()


class Once:
    """Asks each question once, and gives everybody who asks it the same answer."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._asked: dict[tuple[str, str, int], asyncio.Task[Answer]] = {}

    async def ask(self, name: str, rdtype: str, *, path: int = 0) -> Answer:
        key = (name, rdtype, path % len(watched.paths()))
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(self._ask(name, rdtype, path=path))
        return await asyncio.shield(self._asked[key])  # who gives up leaves the others theirs

    async def close(self) -> None:
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)
