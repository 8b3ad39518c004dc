"""How one check is taken: through every resolver path, each question once, over in time, told as progress.

What is not known in time is unknown; a fault of our own in one check is unknown for that check and leaves the others
alone.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from egress.answer import Answer
from egress.resolver import Ask
from monitors.probes.health import Fault, Proof
from monitors.probes.reading import Reading, Severity, Verdict
from monitors.probes.unseen import is_telling
from monitors.sender.report import WORDS, Check, Group, Seen, Word
from monitors.sender.witnesses import SUSPECTED, together

log = logging.getLogger(__name__)
LATE = "It did not answer in the time that we had."
Look = Callable[[int], Awaitable[Reading]]  # through a path
Prove = Callable[[int], Awaitable[Proof]]


class Progress:
    """What has been looked at, and what is waited for."""

    def __init__(self) -> None:
        self.total = self.done = 0
        self._under_way: dict[int, str] = {}

    @contextmanager
    def of(self, what: str) -> Iterator[None]:
        self.total += 1
        number = self.total
        self._under_way[number] = what
        try:
            yield
        finally:
            self.done += 1
            del self._under_way[number]

    @property
    def waiting(self) -> list[str]:
        """What is under way, the longest first."""
        return list(self._under_way.values())


@dataclass(frozen=True, slots=True)
class Looking:
    """`paths` are the resolver paths by their numbers, as text; `nonce` picks the random targets that prove lists.
    `ends` is the event loop's time at which all must be over; None for no limit."""

    ask: Ask
    paths: Mapping[int, str]
    nonce: str | int
    ends: float | None = None
    progress: Progress = field(default_factory=Progress)

    async def take(self, check: Check, look: Look, prove: Prove | None = None) -> Check:
        """The check with what each path shows, all at once; a reading is believed as far as the proof of its path bears
        it out."""
        with self.progress.of(f"{check.name} of {check.target}"):
            seen = await asyncio.gather(*(self._through(number, check, look, prove) for number in self.paths))
        failed = next((one.proof for one in seen if one.proof and not one.proof.healthy), None)
        return told(replace(check, paths=tuple(seen), proof=failed or seen[0].proof), together(seen))

    async def once(self, check: Check, look: Awaitable[Reading]) -> Check:
        """The same for what is not asked of a resolver alone: one reading."""
        with self.progress.of(f"{check.name} of {check.target}"):
            return told(check, await self._reading(check, look))

    async def _through(self, number: int, check: Check, look: Look, prove: Prove | None) -> Seen:
        if prove is None:
            return Seen(self.paths[number], await self._reading(check, look(number)))
        proof, reading = await asyncio.gather(self._proof(check, prove(number)), self._reading(check, look(number)))
        return Seen(self.paths[number], proof.vouch(reading), proof)

    async def _reading(self, check: Check, look: Awaitable[Reading]) -> Reading:
        try:
            async with asyncio.timeout_at(self.ends):
                return await look
        except TimeoutError:
            return Reading(Verdict.UNKNOWN, "timeout", Severity.NONE, LATE, clause=check.clause)
        except Exception as error:
            log.exception("the check %s failed by our own fault", check.id)
            sentence = f"Our check failed by our own fault ({type(error).__name__})."
            return Reading(Verdict.UNKNOWN, "own_fault", Severity.NONE, sentence, clause=check.clause)

    async def _proof(self, check: Check, prove: Awaitable[Proof]) -> Proof:
        try:
            async with asyncio.timeout_at(self.ends):
                return await prove
        except TimeoutError:
            return Proof(False, Fault.SILENT, f"The test entries of {check.name} could not be asked in time.")
        except Exception as error:
            log.exception("the proof of %s failed by our own fault", check.id)
            return Proof(
                False, "own_fault", f"Our proof of {check.name} failed by our own fault ({type(error).__name__})."
            )

    async def anywhere(self, name: str, rdtype: str, *, path: int = 0) -> Answer:
        """An `Ask` that any path may answer: the first answer that says something. For who fetches pages, and needs an
        address more than a witness."""
        del path
        asked = [asyncio.ensure_future(self.ask(name, rdtype, path=number)) for number in self.paths]
        try:
            for landed in asyncio.as_completed(asked):
                answer = await landed
                if is_telling(answer):
                    return answer
            return asked[0].result()
        finally:
            for one in asked:
                one.cancel()


def told(check: Check, reading: Reading) -> Check:
    """The check with its reading. Of the DNS its advice is told as well; of the others it would say all twice."""
    word = WORDS[reading.verdict]
    if word is Word.LISTED and check.group is not Group.LISTS:
        word = Word.FAILED
    elif reading.result == SUSPECTED:
        word = Word.SUSPECTED
    advice = reading.meanings if check.group is Group.DNS else ()
    return replace(check, word=word, sentence=" ".join((reading.sentence, *advice)), reading=reading)
