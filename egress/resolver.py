"""Stand-in until the branch `egress` brings its own."""

from typing import Protocol

from egress.answer import Answer


class Ask(Protocol):
    async def __call__(self, name: str, rdtype: str, *, path: int = 0) -> Answer: ...
