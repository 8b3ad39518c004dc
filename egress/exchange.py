"""The engine under every DNS lookup: questions to one server in, raw answers out, as fast as Python goes.

An `Exchange` keeps a pool of connected UDP sockets to one server. A `Flight` is one question on its way.
`fly` sends one and calls its `landed` when it is over; `fly_all` pulls flights out of an iterator as room
opens, so that a sweep of millions holds only the few in the air. The engine matches answers, repeats what is
lost as `egress.window` has learnt it, and turns to TCP when an answer is cut short. Of an answer it reads the
header only: what it means is not its concern. What it does against forged answers: `egress.lines`, and the
question must come back with the answer.
"""

import asyncio
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

from egress import wire
from egress.lines import Line, close_lines, draw, open_lines
from egress.tcp import ask_over_tcp
from egress.window import BATCH, Window

DRAIN = 256  # packets read in one go, so that a flood cannot keep the loop from its other work
STALL = 4  # times the usual wait, when nothing sent later was answered either: then it is not this one packet
PAUSE = 0.1  # s before a question is repeated that the network said it could not deliver
TICK = 0.02  # s between looks at what is overdue
TCP_AT_ONCE = 32
PACKET = 4096  # bytes; no EDNS is offered, so an honest answer has at most 512


class Flight:
    """One question on its way, and afterwards what became of it.

    `body` is the question section (`egress.wire.body`). When `landed` is called, `packet` is the answer,
    checked by `egress.wire.answers`; or it is None, and then `is_garbled` tells that something unreadable
    came instead, `is_unreachable` that the network said nobody is there, and neither that nothing came at
    all. `tries` counts the sends over UDP; `first_at` is the event loop's time of the first, in s. `tag` is
    the asker's own.
    """

    __slots__ = (
        "body", "earlier", "first_at", "is_aloft", "is_garbled", "is_over", "is_unreachable", "key", "landed",
        "line", "over_tcp", "packet", "sent_at", "tag", "tries",
    )  # fmt: skip

    line: "Line[Flight]"  # the last send's socket and id; those before it are in `earlier`
    key: bytes
    earlier: list[tuple["Line[Flight]", bytes]]
    first_at: float
    sent_at: float

    def __init__(self, body: bytes, landed: "Callable[[Flight], object]", tag: Any = None) -> None:
        self.body = body
        self.landed = landed
        self.tag = tag
        self.tries = 0
        self.packet: bytes | None = None
        self.is_aloft = self.is_over = self.is_garbled = self.is_unreachable = self.over_tcp = False


class Exchange:
    """An async context manager, for one event loop. It opens its sockets when entered.

    `timeout` is the longest wait of one try and `lifetime` that of a flight from its first send, in s;
    `tries` the most sends of a flight; `in_flight` the widest the window may open; `rate` the most sends a
    second, None for no limit. What the network does is never raised. What `landed` or the iterator raises
    comes out of `fly_all` while that runs, otherwise it goes to the event loop's exception handler.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        timeout: float = 2.0,
        lifetime: float = 5.0,
        tries: int = 3,
        in_flight: int = 100,
        rate: float | None = None,
    ) -> None:
        self.host, self.port = host, port
        self.timeout, self.lifetime, self.tries = timeout, lifetime, tries
        self.sends = self.resends = 0
        self.window = Window(widest=in_flight, longest=timeout, rate=rate)
        self._overtaken = 0.0  # when the latest send that was answered left: what left before and was not is lost
        self._air = 0  # flights sent and neither landed nor given up for lost
        self._queue: deque[Flight] = deque()
        self._source: Iterator[Flight | None] | None = None
        self._sent: list[deque[Flight]] = [deque() for _ in range(tries)]  # by try, oldest first
        self._paused: deque[tuple[float, int, Flight]] = deque()  # due at, tries then, oldest first
        self._lines: list[Line[Flight]] = []
        self._draws: Iterator[tuple[bytes, Line[Flight]]] = iter(())
        self._tcp_room = asyncio.Semaphore(TCP_AT_ONCE)
        self._tcp_tasks: set[asyncio.Task[None]] = set()
        self._finished: asyncio.Future[None] | None = None
        self._next_pump: asyncio.Handle | None = None
        self._next_tick: asyncio.Handle | None = None
        self._next_send_at = 0.0

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._lines = open_lines(self.host, self.port)  # where there are none, flights end as unreachable
        for line in self._lines:
            self._loop.add_reader(line.sock, self._drain, line)
        self._draws = draw(self._lines)
        return self

    async def __aexit__(self, *_: object) -> None:
        for handle in (self._next_pump, self._next_tick):
            if handle:
                handle.cancel()
        for task in self._tcp_tasks:
            task.cancel()
        await asyncio.gather(*self._tcp_tasks, return_exceptions=True)
        for line in self._lines:
            self._loop.remove_reader(line.sock)
        close_lines(self._lines)

    def fly(self, flight: Flight) -> None:
        """Sends one flight as soon as the window has room; flights wait in the order they came."""
        self._queue.append(flight)
        self._pump_soon()

    def abandon(self, flight: Flight) -> None:
        """Forgets a flight whose asker has gone; `landed` is not called. If it still queues, it is passed over when
        its turn comes."""
        if not flight.is_over:
            self._take_out(flight)
            self._pump_soon()

    async def fly_all(self, flights: Iterable[Flight | None]) -> None:
        """Pulls flights and sends each as room opens; returns when all have landed, those too that `landed`
        added with `fly`. The iterator may yield None, "not now", while some of its flights are in the air:
        it is asked again after the next landing."""
        self._source = iter(flights)
        self._finished = self._loop.create_future()
        try:
            self._pump()
            await self._finished
        finally:
            self._source = self._finished = None

    # Sending.

    def _pump_soon(self) -> None:
        if self._next_pump is None:
            self._next_pump = self._loop.call_soon(self._pump_again)

    def _pump_again(self) -> None:
        self._next_pump = None
        self._pump()

    def _pump(self) -> None:
        """Sends while the window, the rate and the batch allow; yields to the readers between batches."""
        now, window = self._loop.time(), self.window
        if self._next_pump:
            if window.gap and now < self._next_send_at:
                return
            self._next_pump.cancel()
            self._next_pump = None
        for _ in range(BATCH):
            if self._air >= window.size:
                return
            if window.gap and now < self._next_send_at:
                self._next_pump = self._loop.call_at(self._next_send_at, self._pump_again)
                return
            flight = self._queue.popleft() if self._queue else self._pull()
            if flight is None:
                self._finish()
                return
            self._send(flight, now)
        self._next_pump = self._loop.call_soon(self._pump_again)

    def _pull(self) -> Flight | None:
        if self._source is None:
            return None
        try:
            return next(self._source)
        except StopIteration:
            self._source = None
        except Exception as mishap:  # noqa: BLE001 -- it belongs to whoever awaits fly_all
            self._fail(mishap)
        return None

    def _send(self, flight: Flight, now: float) -> None:
        if flight.is_over or flight.over_tcp:
            return  # answered while it waited to be repeated, or its asker has gone
        if flight.tries == 0:
            flight.first_at = now
        elif now - flight.first_at >= self.lifetime:
            self._land(flight, None)
            return
        else:
            self._remember(flight)
        self._sent[flight.tries].append(flight)
        flight.tries += 1
        flight.sent_at = now
        flight.is_aloft = True
        self._air += 1
        self.sends += 1
        if self._next_tick is None:
            self._next_tick = self._loop.call_later(TICK, self._tick)
        if gap := self.window.gap:
            # A late timer may catch up, but neither a batch nor a tick at once.
            arrears = min(TICK, BATCH * gap)
            self._next_send_at = max(self._next_send_at, now - arrears) + gap
        if not self._lines:
            self._hold(flight, now)
            return
        key, line = next(self._draws)
        while key in line.pending:
            key, line = next(self._draws)
        flight.key, flight.line = key, line
        line.pending[key] = flight
        try:
            line.send(key + wire.HEADER + flight.body)
        except BlockingIOError:
            pass  # our own send buffer is full: lost on the first step, and repeated like any loss
        except OSError:
            self._hold_all(line, now)  # the answer to an earlier send; this one did not leave

    def _remember(self, flight: Flight) -> None:
        """Keeps listening for an answer to the try before this one."""
        self.resends += 1
        flight.is_unreachable = False
        if self._lines:
            if flight.tries == 1:
                flight.earlier = []
            flight.earlier.append((flight.line, flight.key))

    # Receiving.

    def _drain(self, line: Line[Flight]) -> None:
        """Reads what has come on one socket, until it is empty or owes nothing more."""
        now = self._loop.time()
        recv, pending = line.recv, line.pending
        landed = 0
        sent_at = 0.0
        for _ in range(DRAIN):
            try:
                packet = recv(PACKET)
            except BlockingIOError:
                break
            except OSError:
                self._hold_all(line, now)
                break
            key = packet[:2]
            flight = pending.get(key)
            if flight is None:
                continue  # a second answer to what has landed, or a guess
            if not wire.answers(packet, flight.body):
                flight.is_garbled = True  # the true answer may still come
                continue
            landed += 1
            # Each try has its own id, so a late answer to an early try is not mistaken for a quick one.
            sent_at = flight.sent_at if flight.key == key else flight.first_at
            if wire.is_truncated(packet):
                self._turn_to_tcp(flight)
            else:
                self._land(flight, packet)
            if not pending:
                break
        if landed:
            self.window.learn(landed, now - sent_at)
            self._overtaken = max(self._overtaken, sent_at)
        self._pump()

    def _land(self, flight: Flight, packet: bytes | None) -> None:
        flight.packet = packet
        if flight.is_aloft and flight.tries == 1 and self._lines:  # _take_out, for nearly all of them
            flight.is_over, flight.is_aloft = True, False
            self._air -= 1
            flight.line.pending.pop(flight.key, None)
        else:
            self._take_out(flight)
        try:
            flight.landed(flight)
        except Exception as mishap:  # noqa: BLE001 -- it belongs to whoever awaits fly_all
            self._fail(mishap)

    def _take_out(self, flight: Flight) -> None:
        flight.is_over = True
        if flight.is_aloft:
            flight.is_aloft = False
            self._air -= 1
        self._stop_listening(flight)

    def _stop_listening(self, flight: Flight) -> None:
        if flight.tries and self._lines:
            flight.line.pending.pop(flight.key, None)
            if flight.tries > 1:
                for line, key in flight.earlier:
                    line.pending.pop(key, None)

    def _finish(self) -> None:
        is_done = self._air == 0 and not self._queue and self._source is None
        if is_done and self._finished and not self._finished.done():
            self._finished.set_result(None)

    def _fail(self, mishap: Exception) -> None:
        if self._finished is None:
            raise mishap
        self._source = None
        if not self._finished.done():
            self._finished.set_exception(mishap)

    # What did not come.

    def _tick(self) -> None:
        """Looks for what is overdue. Within one try all wait equally long, so the oldest is due first."""
        now = self._loop.time()
        for tries, sent in enumerate(self._sent, 1):
            wait = min(self.timeout, self.window.wait * 2 ** (tries - 1))
            patience = min(self.timeout, STALL * wait)
            if tries == self.tries:  # asking early costs a packet, giving up early costs the answer
                wait = patience = self.timeout
            while sent:
                flight = sent[0]
                if flight.is_aloft and flight.tries == tries and not flight.over_tcp:
                    waited = now - flight.sent_at
                    is_due = waited >= (wait if flight.sent_at <= self._overtaken else patience)
                    if not is_due and now - flight.first_at < self.lifetime:
                        break
                    self.window.lose()
                    self._repeat(flight)
                sent.popleft()
        while self._paused and self._paused[0][0] <= now:
            _, tries, flight = self._paused.popleft()
            if flight.is_aloft and flight.tries == tries and not flight.over_tcp:
                self.window.lose()
                self._repeat(flight)
        self._next_tick = None if self._air == 0 and not self._queue else self._loop.call_later(TICK, self._tick)
        self._pump()

    def _repeat(self, flight: Flight) -> None:
        """Back to the head of the queue; or, when it was sent often enough, the end of it."""
        if flight.tries >= self.tries or self._loop.time() - flight.first_at >= self.lifetime:
            self._land(flight, None)
        else:
            flight.is_aloft = False
            self._air -= 1
            self._queue.appendleft(flight)

    def _hold_all(self, line: Line[Flight], now: float) -> None:
        """ICMP said "unreachable" to something that this socket sent, not to what."""
        for flight in line.pending.values():
            self._hold(flight, now)

    def _hold(self, flight: Flight, now: float) -> None:
        """Keeps the flight in the air for a moment: its server may be starting, or the news be another's."""
        if not flight.is_unreachable:
            flight.is_unreachable = True
            self._paused.append((now + PAUSE, flight.tries, flight))

    # The whole answer.

    def _turn_to_tcp(self, flight: Flight) -> None:
        flight.over_tcp = True
        self._stop_listening(flight)
        if not flight.is_aloft:  # it came while the question waited to be repeated
            flight.is_aloft = True
            self._air += 1
        task = self._loop.create_task(self._fly_over_tcp(flight))
        self._tcp_tasks.add(task)
        task.add_done_callback(self._tcp_tasks.discard)

    async def _fly_over_tcp(self, flight: Flight) -> None:
        packet = None
        key = os.urandom(2)
        try:
            async with asyncio.timeout_at(flight.first_at + self.lifetime), self._tcp_room:
                packet = await ask_over_tcp(self.host, self.port, key + wire.HEADER + flight.body)
        except TimeoutError:
            pass
        except EOFError:
            flight.is_garbled = True
        except OSError:
            flight.is_unreachable = True
        if packet is not None and not (packet[:2] == key and wire.answers(packet, flight.body)):
            packet, flight.is_garbled = None, True
        self._land(flight, packet)
        self._pump()
