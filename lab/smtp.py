"""A mail server that accepts everything, keeps it readable, and fails when told to.

It stands for the mail servers of all vendors at once. Chance comes from a seed, in the order of arrival.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from lab.loops import Server
from lab.mail import Mail, Mailbox

NAME = "mx.lab.invalid"
BACKLOG = 100
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SmtpMood:
    """How the server treats its clients; the default accepts everything at once.

    `speed`: octets a second of its replies, None for as fast as it goes.
    `defer`: share of transactions answered 451 or, with the connection closed, 421.
    `drop`: share of messages after whose last dot the connection is cut without a reply; they are kept in the
    mailbox only if `keeps_dropped`.
    `reject`: recipients answered 554. `refuses`: nobody listens on the port, and open connections are cut.
    """

    speed: float | None = None
    defer: float = 0.0
    drop: float = 0.0
    keeps_dropped: bool = False
    reject: frozenset[str] = frozenset()
    refuses: bool = False

    def __post_init__(self) -> None:
        if self.speed is not None and not self.speed > 0:
            raise ValueError(f"A speed is a number of octets a second above 0; {self.speed} is not.")
        for name, share in (("defer", self.defer), ("drop", self.drop)):
            if not 0 <= share <= 1:
                raise ValueError(f"{name} is a share from 0 to 1; {share} is not.")


class SmtpSink(Server):
    """The server and its mailbox. `port` 0 takes a free one, and keeps it through `refuses`."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, folder: Path | None = None, seed: int = 0) -> None:
        self.host = host
        self.port = port
        self.mailbox = Mailbox(folder)
        self.mood = SmtpMood()
        self.chance = random.Random(seed)
        self.sessions: set[_Session] = set()
        self._callbacks: list[Callable[[Mail], object]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listener: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """Host and port, as "127.0.0.1:2525"."""
        return f"{self.host}:{self.port}"

    @property
    def messages(self) -> list[Mail]:
        """The mail accepted so far, oldest first."""
        return self.mailbox.messages

    def on_accept(self, callback: Callable[[Mail], object]) -> None:
        """Call back, in a thread, when a mail is in the mailbox and before its 250 leaves.

        A client killed in the callback has had its mail accepted and cannot have noted it, which is what
        "killed between 250 and commit" comes to, without the race.
        """
        self._callbacks.append(callback)

    def set_mood(self, mood: SmtpMood) -> None:
        """Change the mood from any thread but the loop's own (`await adopt(mood)` there)."""
        if self._loop is None:
            self.mood = mood
        else:
            asyncio.run_coroutine_threadsafe(self.adopt(mood), self._loop).result()

    async def adopt(self, mood: SmtpMood) -> None:
        """Change the mood; when this returns, the port is open or closed accordingly."""
        self.mood = mood
        if mood.refuses:
            await self._hang_up()
        elif self._listener is None:
            await self._listen()

    async def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._listen()
        if self.mood.refuses:
            await self._hang_up()

    async def close(self) -> None:
        await self._hang_up()
        self._loop = None

    async def accept(self, mail: Mail) -> None:
        """Keep a mail and tell those who asked."""
        self.mailbox.put(mail)
        for callback in self._callbacks:
            try:
                await asyncio.to_thread(callback, mail)
            except Exception:  # a test's own mistake must not look like a refusal to the client
                log.exception("A callback on accepted mail failed.")

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(
            lambda: _Session(self, loop), self.host, self.port, reuse_address=True, backlog=BACKLOG
        )
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _hang_up(self) -> None:
        listener, self._listener = self._listener, None
        if listener is None:
            return
        listener.close()
        for session in tuple(self.sessions):
            await session.end()
        await listener.wait_closed()


class _Session(SMTP):
    """One connection, in the sink's mood."""

    def __init__(self, sink: SmtpSink, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(_Hooks(sink, self), hostname=NAME, ident="Sluice lab", enable_SMTPUTF8=True, loop=loop)
        self._sink = sink

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._sink.sessions.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._sink.sessions.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """Reset the connection, without a goodbye."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    async def end(self) -> None:
        """Cut the connection and wait for the conversation to notice."""
        self.cut()
        if self._handler_coroutine is not None:
            await asyncio.gather(self._handler_coroutine, return_exceptions=True)

    async def push(self, status: Any) -> None:
        """Send a reply at the mood's speed; 421 closes the connection (RFC 5321, 3.8)."""
        line = status if isinstance(status, bytes) else str(status).encode()
        speed = self._sink.mood.speed
        if speed is None:
            await super().push(line)
        else:
            for octet in line + b"\r\n":
                self._writer.write(bytes((octet,)))
                await self._writer.drain()
                await asyncio.sleep(1 / speed)
        if line.startswith(b"421") and self.transport is not None:
            self.transport.close()


class _Hooks:
    """What aiosmtpd asks at each step."""

    def __init__(self, sink: SmtpSink, session: _Session) -> None:
        self._sink = sink
        self._session = session

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._sink.chance.random() < self._sink.mood.defer:
            if self._sink.chance.random() < 0.5:
                return "421 4.3.2 Service not available, closing"
            return "451 4.3.0 Try again later"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self._sink.mood.reject:
            return "554 5.7.1 No mail for this address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        mail = Mail.of(datetime.now(UTC), envelope.mail_from or "", tuple(envelope.rcpt_tos), content)
        drops = self._sink.chance.random() < self._sink.mood.drop
        if not drops or self._sink.mood.keeps_dropped:
            await self._sink.accept(mail)
        if drops:
            self._session.cut()
            await asyncio.Event().wait()  # until the lost connection cancels this conversation
        return "250 2.0.0 OK, kept"
