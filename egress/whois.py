"""Asking registries over WHOIS (RFC 3912, port 43), where they speak nothing better. Text comes; nothing is read from
it but where it sends us on. What it says of a holder is `monitors.probes.whois_text`'s to read.

The text is a stranger's, over a line that anybody may have changed: evidence, never proof. Which server stands for an
ending is asked of the root and believed for two days at most: a table that is shipped leads to servers that have
changed hands. Every server is reached through `egress.dial`: public addresses on port 43, networks of `allow` on any
port. A registry may send us on to the registrar's server, once, and the registrar nowhere. Bounded in time, bytes and
lines. The question is the bare name: dialects of single servers ("-T dn", "/e") are not spoken. The protocol says
nowhere how long an answer is: one that a server breaks off without a fault of the line passes for the whole.
"""

import asyncio
import codecs
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from egress import guard
from egress.dial import HOST, Unfetched, Why, addresses_of, connect
from egress.pace import MayAsk, at_once, turn
from egress.rdap import Outcome
from egress.resolver import Ask

PORT = 43
DEADLINE = 10.0  # s for one name: root, registry and registrar
LIMIT = 64 * 1024  # bytes of one answer
LONGEST_LINE = 500  # characters
FRESH = 24 * 3600.0  # s that the root's word is believed without asking again
STALE = 48 * 3600.0  # s that it is believed when the root cannot be asked (ballot SC-80v3 sets CAs the same limit)
NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
SERVER = re.compile(r"^(?:whois|refer):[ \t]*(\S+)", re.MULTILINE | re.IGNORECASE)
REFERRAL = re.compile(r"^[ \t]*(?:Registrar WHOIS Server|Whois Server):[ \t]*(\S+)", re.MULTILINE | re.IGNORECASE)
PLACE = re.compile(
    r"(?:r?whois://)?(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<host>[^:/\[\]]+))(?::(?P<port>\d{1,5}))?/?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of one question. FOUND means only that text came: whether it is a registration, a "no match" or "too
    many questions" is not read here. `server` is who was asked, with the port when it is an odd one. `text` is
    printable but for tabs, its lines end with "\\n" and have at most 500 characters (a cut one ends with "…"). An
    answer longer than the limit is MALFORMED, for no registration is so long, and keeps what came first."""

    outcome: Outcome
    sentence: str
    server: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A server: its name or address, lower case, and port."""

    host: str
    port: int = PORT

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Reads "whois.nic.example", "whois.nic.example:4343", "[2001:db8::1]:43"; ValueError for anything else."""
        written = PLACE.fullmatch(text.strip())
        host = (written["v6"] or written["host"]).lower().removesuffix(".") if written else ""
        port = int(written["port"] or PORT) if written else 0
        if not written or not (written["v6"] or HOST.fullmatch(host)) or not 0 < port < 65536:
            raise ValueError(f"{text[:100]!r} is no server; write HOST:PORT, as whois.iana.org:43")
        return cls(host, port)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORT else f"{host}:{self.port}"


class Directory:
    """Which server stands for which ending, as the root said it, and how long ago. For all threads of a process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[tuple[Place, str], tuple[Place | None, float]] = {}

    def keep(self, root: Place, ending: str, server: Place | None) -> None:
        """None: the root knows the ending, and no server for it."""
        self._kept[root, ending] = (server, self._clock())

    def look_up(self, root: Place, ending: str, believed: float) -> tuple[bool, Place | None]:
        """(whether something is known that is younger than `believed` s, the server)."""
        server, at = self._kept.get((root, ending), (None, float("-inf")))
        return (True, server) if self._clock() - at < believed else (False, None)


class Whois:
    """Asks about domains. `root` is who knows the servers ("host:port"), `deadline` in s and `limit` in bytes as above;
    `directory` and `may_ask` (`egress.pace`) may be shared with others."""

    def __init__(
        self,
        ask: Ask,
        *,
        root: str,
        allow: Iterable[guard.Network] = (),
        deadline: float = DEADLINE,
        limit: int = LIMIT,
        directory: Directory | None = None,
        may_ask: MayAsk = at_once,
    ) -> None:
        self._ask = ask
        self._root = Place.parse(root)
        self._allow = tuple(allow)
        self._deadline = deadline
        self._limit = limit
        self._directory = directory or Directory()
        self._may_ask = may_ask
        self._learning: dict[str, asyncio.Lock] = {}

    async def ask_domain(self, name: str, *, ends: float = float("inf")) -> tuple[Answer, Answer | None]:
        """(what the registry's server says, what the registrar's says; None when the registry names no other server).
        Over when the event loop's time is `ends`, and after `deadline`. Never raises for what a server does; ValueError
        for what is no domain name in lower-case A-labels."""
        if not NAME.fullmatch(name) or len(name) > 253:
            raise ValueError(f"{name!r} is no domain name in lower-case A-labels.")
        ends = min(ends, asyncio.get_running_loop().time() + self._deadline)
        ending = name.rpartition(".")[2]
        async with self._learning.setdefault(ending, asyncio.Lock()):  # the root is asked once, not by all who wait
            server = await self._server_for(ending, ends)
        if isinstance(server, Answer):
            return server, None
        registry = await self._question(server, name, ends)
        named = REFERRAL.search(registry.text) if registry.outcome is Outcome.FOUND else None
        if not named:
            return registry, None
        try:
            other = Place.parse(named[1])
        except ValueError:
            sentence = f"{server} names {named[1][:100]!r} as the registrar's server, which is none."
            return registry, Answer(Outcome.MALFORMED, sentence)
        return registry, None if other in (server, self._root) else await self._question(other, name, ends)

    async def _server_for(self, ending: str, ends: float) -> Place | Answer:
        is_known, server = self._directory.look_up(self._root, ending, FRESH)
        if not is_known:
            said = await self._question(self._root, ending, ends)
            is_known, server, sentence = _read_root(said, ending)
            if is_known:
                self._directory.keep(self._root, ending, server)
            else:
                is_known, server = self._directory.look_up(self._root, ending, STALE)
            if not is_known:
                outcome = Outcome.MALFORMED if said.outcome is Outcome.FOUND else said.outcome
                return Answer(outcome, f"We could not learn who answers for .{ending}: {sentence}", said.server)
        return server or Answer(Outcome.NO_SERVER, f"No registry announces a WHOIS server for .{ending}.")

    async def _question(self, place: Place, question: str, ends: float) -> Answer:
        try:
            async with asyncio.timeout_at(ends):
                if not await turn(self._may_ask, str(place), ends):
                    sentence = f"We ask {place} no more often than it likes, and our turn does not come in time."
                    return Answer(Outcome.LIMITED, sentence, str(place))
                return self._read(place, await self._converse(place, question))
        except TimeoutError:
            return Answer(Outcome.UNREACHABLE, f"{place} did not answer in time.", str(place))
        except Unfetched as fault:
            outcome = Outcome.MALFORMED if fault.why is Why.GARBLED else Outcome.UNREACHABLE
            return Answer(outcome, str(fault), str(place))

    async def _converse(self, place: Place, question: str) -> bytes:
        """What comes back, at most one byte more than the limit."""
        addresses = await addresses_of(self._ask, place.host, place.port, allow=self._allow, ports=guard.WHOIS_PORTS)
        reader, writer = await connect(place.host, addresses, place.port, limit=16 * 1024)
        body = bytearray()
        try:
            writer.write(question.encode("ascii") + b"\r\n")
            while len(body) <= self._limit and (piece := await reader.read(16 * 1024)):
                body += piece
        except OSError as fault:  # what came until then may be half of it
            raise Unfetched(Why.UNREACHABLE, f"{place} broke off: {fault.strerror or fault}.") from None
        finally:
            writer.transport.abort()  # nothing left to say, and nobody to wait for
        return bytes(body[: self._limit + 1])

    def _read(self, place: Place, body: bytes) -> Answer:
        text, is_readable = _readable(body[: self._limit])
        if len(body) > self._limit:
            sentence = f"{place} sent more than {self._limit:,} bytes, as no registration has; the rest was not read."
            return Answer(Outcome.MALFORMED, sentence, str(place), text)
        if not is_readable:
            sentence = f"{place} sent {'nothing that is text' if body else 'nothing'}."
            return Answer(Outcome.MALFORMED, sentence, str(place), text)
        return Answer(Outcome.FOUND, f"{place} answered.", str(place), text)


def _read_root(said: Answer, ending: str) -> tuple[bool, Place | None, str]:
    """(whether the root told, which server, else why not). An ending that it knows has a line `domain:`."""
    if said.outcome is not Outcome.FOUND:
        return False, None, said.sentence
    if named := SERVER.search(said.text):
        try:
            return True, Place.parse(named[1]), ""
        except ValueError:
            return False, None, f"{said.server} names a server that is none."
    if re.search(rf"^domain:[ ]*{re.escape(ending)}$", said.text, re.MULTILINE | re.IGNORECASE):
        return True, None, ""
    return False, None, f"{said.server} says nothing of it."


def _readable(body: bytes) -> tuple[str, bool]:
    """(the text, whether it is one: not bytes of some other kind, and one line at least is whole). Servers name no
    encoding: UTF-8 where it is that, else Latin-1."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(body)  # which forgives an end within a character
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [_shown(line[: LONGEST_LINE + 1]).rstrip() for line in raw]
    strange = sum(not mark.isprintable() and mark not in "\r\n\t" for mark in text)
    whole = strange <= max(10, len(text) / 10) and any(line.strip() and len(line) <= LONGEST_LINE for line in lines)
    cut = [line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…" for line in lines]
    return "\n".join(cut).strip("\n") + "\n" if any(cut) else "", whole


def _shown(line: str) -> str:
    """Tabs stay: some registries set their columns with them."""
    return "".join(mark if mark.isprintable() or mark == "\t" else " " for mark in line)
