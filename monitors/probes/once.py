"""Within one look each question goes out once, however many parts of the look ask it."""

import asyncio

from egress.answer import Answer
from egress.resolver import Ask


class Once:
    """An `Ask` that gives everybody who asks a question the same answer. For one event loop, and as long as one look
    lasts: it forgets nothing."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._asked: dict[tuple[str, str, int], asyncio.Task[Answer]] = {}

    async def __call__(self, name: str, rdtype: str, *, path: int = 0) -> Answer:
        key = (name.lower().rstrip("."), rdtype, path)
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(self._question(name, rdtype, path))
        return await asyncio.shield(self._asked[key])

    async def _question(self, name: str, rdtype: str, path: int) -> Answer:
        return await self._ask(name, rdtype, path=path)

    async def close(self) -> None:
        """Give up what is still under way."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)
