"""The questions of one SPF evaluation: about whom, and what is left of its limits (RFC 7208 sections 4.6.4 and 5).

Counts what counts, and ends the evaluation when a limit is passed or the DNS does not answer. Knows no record.
"""

import asyncio
from enum import StrEnum
from ipaddress import ip_address

from egress.answer import Answer, Outcome
from egress.resolver import Ask
from monitors.probes.blocklist import query_name
from monitors.probes.spf.macros import Address
from monitors.probes.unseen import ask_if_askable, is_telling, trouble

MOST_TERMS = 10
MOST_VOIDS = 2
MOST_NAMES = 10  # hosts of an mx, reverse names of a client


class Result(StrEnum):
    """RFC 7208 section 2.6."""

    PASS = "pass"  # noqa: S105 (no password)
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    PERMERROR = "permerror"
    TEMPERROR = "temperror"


class Ended(Exception):
    """An error that ends the whole evaluation, from however deep, with the reason in words."""

    def __init__(self, result: Result, why: str) -> None:
        super().__init__(why)
        self.result = result


class Questions:
    """`is_sure` turns False when the DNS was silent where the RFC lets a receiver go on."""

    def __init__(self, ask: Ask, address: Address, path: int) -> None:
        self._ask, self._path = ask, path
        self.address = address
        self._zone, self._rdtype = ("in-addr.arpa", "A") if address.version == 4 else ("ip6.arpa", "AAAA")
        self._reverse: Answer | None = None
        self.terms = self.voids = 0
        self.is_sure = True
        self.answers: list[Answer] = []

    def count(self, term: str, domain: str) -> None:
        """One term more that asks the DNS."""
        self.terms += 1
        if self.terms > MOST_TERMS:
            why = f"it takes more than {MOST_TERMS} look-ups, and receivers stop there ({term[:80]} of {domain})"
            raise Ended(Result.PERMERROR, why)

    async def records(self, name: str, rdtype: str, *, counts: bool = False) -> tuple[str, ...]:
        """None of them for a name that cannot be asked, as macros can make it (section 4.8 leaves it open). Ended when
        the DNS does not say. `counts` when it is the question of a term, that may be asked in vain twice."""
        answer = await self._look_up(name, rdtype)
        if answer is None:
            return ()
        if not is_telling(answer):
            raise Ended(Result.TEMPERROR, f"{name} could not be looked up: {trouble(answer)}")
        if counts:
            self._count_void(answer)
        return answer.records

    async def addresses(self, name: str, *, counts: bool = False) -> list[Address]:
        """Those of the client's own family."""
        return _read(await self.records(name, self._rdtype, counts=counts))

    async def exchanges(self, name: str) -> list[str]:
        """The mail servers of a name."""
        hosts = [record.rpartition(" ")[2] for record in await self.records(name, "MX", counts=True)]
        if len(hosts) > MOST_NAMES:
            raise Ended(Result.PERMERROR, f"{name} has {len(hosts)} mail servers; SPF looks at {MOST_NAMES} at most")
        return [host for host in hosts if host != "."]

    async def validated(self, target: str | None = None, *, counts: bool = False) -> list[str]:
        """The client's reverse names that lead back to it; of those, when given, at or below `target` (section 5.5).
        Silence is no error here, and makes the result unsure."""
        if self._reverse is None:
            self._reverse = await self._look_up(query_name(self.address, self._zone), "PTR")
        if self._reverse is None or not is_telling(self._reverse):
            self.is_sure = False
            return []
        if counts:
            self._count_void(self._reverse)
        names = sorted(name.lower() for name in self._reverse.records)[:MOST_NAMES]
        wanted = [name for name in names if target is None or is_at_or_below(name, target)]
        answers = await asyncio.gather(*(self._look_up(name, self._rdtype) for name in wanted))
        self.is_sure &= all(answer is None or is_telling(answer) for answer in answers)
        pairs = zip(wanted, answers, strict=True)
        return [name for name, answer in pairs if answer and self.address in _read(answer.records)]

    async def one_text(self, name: str) -> Answer | None:
        """The one TXT record of a name; None for any trouble."""
        answer = await self._look_up(name, "TXT")
        return answer if answer and answer.outcome is Outcome.ANSWER and len(answer.records) == 1 else None

    async def _look_up(self, name: str, rdtype: str) -> Answer | None:
        answer = await ask_if_askable(self._ask, name, rdtype, path=self._path)
        if answer is not None:
            self.answers.append(answer)
        return answer

    def _count_void(self, answer: Answer) -> None:
        self.voids += not answer.records
        if self.voids > MOST_VOIDS:
            why = f"more than {MOST_VOIDS} of its names lead nowhere ({answer.name}), and receivers stop there"
            raise Ended(Result.PERMERROR, why)


def is_at_or_below(name: str, domain: str) -> bool:
    """Whether the name is the domain or lies in it, without regard to case."""
    name, domain = name.lower().rstrip("."), domain.lower().rstrip(".")
    return bool(domain) and (name == domain or name.endswith(f".{domain}"))


def _read(records: tuple[str, ...]) -> list[Address]:
    found: list[Address] = []
    for record in records:
        try:
            found.append(ip_address(record))
        except ValueError:
            continue  # no address matches nothing
    return found
