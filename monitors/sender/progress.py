"""The line on a terminal while a sender is looked at: how many checks are over, and what is waited for."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator

from monitors.sender.looking import Progress

EVERY = 0.1  # s


@contextlib.asynccontextmanager
async def shown(progress: Progress) -> AsyncIterator[None]:
    """On standard error while the block runs, when somebody is looking; gone when it ends."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # not needed, and not paid for, in a script
    from rich.text import Text

    began = time.monotonic()
    with Console(stderr=True).status("") as line:

        async def keep_showing() -> None:
            while True:
                line.update(Text(sentence(progress, time.monotonic() - began)))
                await asyncio.sleep(EVERY)

        showing = asyncio.create_task(keep_showing())
        try:
            yield
        finally:
            showing.cancel()


def sentence(progress: Progress, seconds: float) -> str:
    """What the line says after so many seconds."""
    waiting = progress.waiting
    said = f"Looked at {progress.done} of {progress.total}"
    if waiting:
        more = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
        said += f", waiting for {waiting[0]}{more}"
    return f"{said} ({seconds:.0f} s)"
