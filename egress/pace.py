"""How often a server is asked: a turn before each question. Registries want about one a second from one address,
publish no limit, and ban whoever takes more."""

import asyncio
import threading
import time
from collections.abc import Callable

MayAsk = Callable[[str], float]  # a server's name -> s to wait until it may be asked; 0.0 takes the turn
SHORTEST_SLEEP = 0.01  # s


class Spacing:
    """One question each `every` s to a server, for all threads of this process. A `MayAsk`."""

    def __init__(self, every: float = 1.0, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.every = every
        self._clock = clock
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def __call__(self, server: str, every: float | None = None) -> float:
        """s to wait; 0.0, and the turn is taken. `every` in place of this object's own."""
        with self._lock:
            now = self._clock()
            wait = self._free_at.get(server, now) - now
            if wait > 0:
                return wait
            if len(self._free_at) > 10_000:  # names that strangers chose must not pile up
                self._free_at = {name: at for name, at in self._free_at.items() if at > now}
            self._free_at[server] = now + (self.every if every is None else every)
            return 0.0


def at_once(server: str) -> float:
    """No waiting: for tests, and for who is asked once."""
    return 0.0


async def turn(may_ask: MayAsk, server: str, ends: float) -> bool:
    """Waits until `server` may be asked; False, at once, when that is not before the event loop's time `ends`.
    `may_ask` runs in a thread of its own, because it may have to ask a database that all workers share."""
    loop = asyncio.get_running_loop()
    while (wait := await asyncio.to_thread(may_ask, server)) > 0:
        if loop.time() + wait >= ends:
            return False
        await asyncio.sleep(max(wait, SHORTEST_SLEEP))
    return True
