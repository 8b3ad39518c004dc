"""A WHOIS server for the tests of egress: says exactly the bytes that it is told to, over real sockets."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Self

from tests.egress.web import Say

Answers = Mapping[str, bytes] | bytes | Say | Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class Port43:
    """`says`: the answer, or one a question (b"No match." to others), or how to answer. `asked` are the questions."""

    def __init__(self, says: Answers, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.says = says
        self._host, self.port = host, port
        self.asked: list[bytes] = []
        self._tasks: set[asyncio.Task[object]] = set()

    @property
    def place(self) -> str:
        return f"{self._host}:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._visit, self._host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                question = await reader.readuntil(b"\n")
                self.asked.append(question)
                if isinstance(self.says, bytes):
                    writer.write(self.says)
                elif isinstance(self.says, Mapping):
                    writer.write(self.says.get(question.decode().strip(), b"No match.\r\n"))
                else:
                    await self.says(question, writer)
                await writer.drain()
        finally:
            writer.transport.abort() if task.cancelling() else writer.close()
