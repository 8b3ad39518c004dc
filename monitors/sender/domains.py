"""Which domains a sender is looked at with: those that are named, and those met in its reverse names and greeting.

What is met is taken for the name that somebody registered; what is named is looked at as it is, and the registered name
above it as well, for the registration and the website are there.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitors.probes.fcrdns import Address, is_host_name, names_of
from monitors.probes.names import registrable
from monitors.sender.looking import Looking

MOST = 8  # domains that are looked at; more are named in the report
PATIENCE = 6.0  # s for the reverse names; the domains in later ones are not met


@dataclass(frozen=True, slots=True)
class Met:
    """A domain, and where it was met."""

    name: str
    origins: tuple[str, ...]
    is_given: bool = False

    @property
    def is_registered(self) -> bool:
        """Whether this is a name that somebody registers, and not one below it."""
        return registrable(self.name) == self.name


async def reverse_names(looking: Looking, address: Address) -> list[str]:
    """The reverse names that any path gives, with where they lead; none from a path that does not answer in time."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + PATIENCE if looking.ends is None else min(looking.ends, loop.time() + PATIENCE)

    async def through(path: int) -> Sequence[str]:
        try:
            async with asyncio.timeout_at(ends):
                return (await names_of(looking.ask, address, path=path)).looked_at
        except TimeoutError:
            return ()

    found = await asyncio.gather(*(through(path) for path in looking.paths))
    return sorted({name for names in found for name in names})


def met(given: Sequence[str], reverse: Iterable[str], helo: str | None) -> list[Met]:
    """All of them, the named ones first; each once, with every place where it was met."""
    origins: dict[str, list[str]] = {name: ["named"] for name in given}
    places = [
        *((name, f"the registered name of {name}") for name in given if registrable(name) != name),
        *((name, f"reverse name {name}") for name in reverse),
        *([(helo, f"HELO {helo}")] if helo else []),
    ]
    for host, origin in places:
        name = registrable(host) if is_host_name(host.lower().rstrip(".")) else ""
        if name and origin not in origins.setdefault(name, []):
            origins[name].append(origin)
    return [Met(name, tuple(where), name in given) for name, where in origins.items()]
