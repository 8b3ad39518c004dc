"""Servers that run in an event loop: the caller's own, or one in a thread of theirs."""

from __future__ import annotations

import abc
import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

T = TypeVar("T")


class LoopThread:
    """An event loop in a daemon thread; `stop` cancels what is left in it and waits for its end."""

    def __init__(self, name: str = "lab") -> None:
        self._is_up = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), name=name, daemon=True)
        self._thread.start()
        self._is_up.wait()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the loop and wait for what it returns."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def stop(self) -> None:
        """End the loop and the thread."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    async def _live(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._is_up.set()
        await self._end.wait()


class Server(abc.ABC):
    """Open in the running loop with `async with`; with plain `with`, in a thread of its own."""

    _thread: LoopThread | None = None

    @abc.abstractmethod
    async def open(self) -> None:
        """Bind and listen in the running loop; OSError when the port is taken."""

    @abc.abstractmethod
    async def close(self) -> None:
        """Close every socket; a second time does nothing."""

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.close()

    def __enter__(self) -> Self:
        self._thread = LoopThread(type(self).__name__)
        try:
            self._thread.run(self.open())
        except BaseException:
            self._thread.stop()
            raise
        return self

    def __exit__(self, *failure: object) -> None:
        if self._thread is not None:
            self._thread.run(self.close())
            self._thread.stop()
            self._thread = None
