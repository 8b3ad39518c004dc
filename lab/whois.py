"""The pretend registries over port 43 (RFC 3912): a root, a registry for all endings and a registrar, each on a
loopback port of its own, out of the same state as the RDAP server."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import enum
from functools import partial
from typing import Any

from lab.loops import Server
from lab.registry import SERVICE, Registrant, Shield
from lab.world import World

PATIENCE = 10.0  # s for a client that says nothing, or is left without an answer
PAUSE = 0.05  # s between two bytes of a drip
LIMIT_TEXT = "WHOIS LIMIT EXCEEDED - SEE WWW.LAB.EXAMPLE FOR DETAILS\r\n"


class Role(enum.StrEnum):
    ROOT = "root"
    REGISTRY = "registry"
    REGISTRAR = "registrar"


class WhoisMood(enum.StrEnum):
    """How registry and registrar answer; the root stays as it is."""

    NORMAL = "normal"
    SILENT = "silent"
    DRIP = "drip"  # the right answer, a byte at a time
    FLOOD = "flood"  # the right answer again and again
    LONG = "long"  # lines of 40 KB
    LIMITED = "limited"  # "too many questions", as text
    INSIDE = "inside"  # a referral to 127.0.0.2, which no SLUICE_EGRESS_ALLOW of the lab names
    CHAIN = "chain"  # registry to registrar to registry, and so on


class WhoisServer(Server):
    """`port` is the root's; 0 takes a free one, as the other two always do. `asked` are (role, question)."""

    def __init__(self, world: World, *, port: int = 0) -> None:
        self.world = world
        self.ports = {Role.ROOT: port}
        self.mood = WhoisMood.NORMAL
        self.asked: list[tuple[Role, str]] = []
        self._servers: list[asyncio.Server] = []
        self._visits: set[asyncio.Task[Any]] = set()

    @property
    def root(self) -> str:
        """What SLUICE_WHOIS_ROOT takes; 127.0.0.1/32 must stand in SLUICE_EGRESS_ALLOW."""
        return self._place(Role.ROOT)

    def set_mood(self, mood: str) -> None:
        """Say how it answers from the next question on."""
        self.mood = WhoisMood(mood)

    def answer(self, role: Role, question: str) -> str:
        """The text in a normal mood, or one of those that are only text."""
        if role is Role.ROOT:
            return self._about_ending(question)
        if self.mood is WhoisMood.LIMITED:
            return LIMIT_TEXT
        registrant = self.world.registrant_of(question)
        if registrant is None:
            return f'No match for "{question.upper()}".\r\n'
        if self.mood is WhoisMood.INSIDE:
            return _record(question, registrant, f"127.0.0.2:{self.ports[Role.REGISTRAR]}")
        if self.mood is WhoisMood.CHAIN:
            other = Role.REGISTRAR if role is Role.REGISTRY else Role.REGISTRY
            return _record(question, registrant, self._place(other))
        if role is Role.REGISTRAR:
            return _record(question, dataclasses.replace(registrant, shield=Shield.NONE), "")
        return _record(question, registrant, self._place(Role.REGISTRAR) if registrant.shield is Shield.THIN else "")

    def _about_ending(self, ending: str) -> str:
        if ending not in {name.rpartition(".")[2] for name in self.world.endings()}:
            return "% This query returned 0 objects.\r\n"
        return (
            f"domain:       {ending.upper()}\r\n\r\nwhois:        {self._place(Role.REGISTRY)}\r\n\r\nsource: LAB\r\n"
        )

    def _place(self, role: Role) -> str:
        return f"127.0.0.1:{self.ports[role]}"

    async def open(self) -> None:
        for role in Role:
            server = await asyncio.start_server(partial(self._visit, role), "127.0.0.1", self.ports.get(role, 0))
            self._servers.append(server)
            self.ports[role] = server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        servers, self._servers = self._servers, []
        for server in servers:
            server.close()
        for visit in tuple(self._visits):
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)
        for server in servers:
            await server.wait_closed()

    async def _visit(self, role: Role, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            self._visits.add(task)
            task.add_done_callback(self._visits.discard)
        try:
            async with asyncio.timeout(PATIENCE):
                question = (await reader.readuntil(b"\n")).decode("ascii", "replace").strip().lower()
                self.asked.append((role, question))
                await self._say(role, self.answer(role, question).encode(), writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # a client that went away, or sent nothing that we know
        except asyncio.CancelledError:
            pass  # the server closes; asyncio reports visits that end cancelled as errors
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _say(self, role: Role, text: bytes, writer: asyncio.StreamWriter) -> None:
        mood = WhoisMood.NORMAL if role is Role.ROOT else self.mood
        if mood is WhoisMood.SILENT:
            await asyncio.sleep(PATIENCE)
        elif mood is WhoisMood.DRIP:
            for byte in text:
                writer.write(bytes((byte,)))
                await writer.drain()
                await asyncio.sleep(PAUSE)
        elif mood is WhoisMood.FLOOD:
            while True:
                writer.write(text)
                await writer.drain()
        else:
            writer.write(b"A" * 40_000 + b"\r\n" if mood is WhoisMood.LONG else text)
            await writer.drain()


def _record(domain: str, registrant: Registrant, referral: str) -> str:
    """With the labels that ICANN gives registries and registrars (RDDS output, Registry Agreement)."""
    shown = SERVICE if registrant.shield is Shield.PROXY else registrant
    contacts = {
        "Name": shown.name,
        "Organization": shown.organisation,
        "Street": shown.street,
        "City": shown.city,
        "Country": shown.country,
        "Phone": shown.phone,
        "Email": shown.email,
    }
    if registrant.shield is Shield.REDACTED:
        contacts = dict.fromkeys(contacts, "REDACTED FOR PRIVACY")
    if registrant.shield is Shield.THIN:
        contacts = {}
    lines = [
        f"Domain Name: {domain.upper()}",
        f"Registrar WHOIS Server: {referral}",
        "Creation Date: 2019-04-02T09:00:00Z",
        "Registry Expiry Date: 2029-04-02T09:00:00Z",
        f"Registrar: {registrant.registrar}",
        *(f"Registrant {name}: {value}" for name, value in contacts.items()),
        ">>> Last update of WHOIS database: 2026-11-01T00:00:00Z <<<",
    ]
    return "".join(f"{line}\r\n" for line in lines)
