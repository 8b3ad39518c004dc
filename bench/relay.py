"""A long and lossy line: passes DNS packets on to a server, later, and not all of them.

    python -m bench.relay PORT SERVER_PORT DELAY LOSS SEED

Every client socket gets a socket of its own towards the server, as in a NAT. A query is lost with chance
LOSS; an answer comes DELAY seconds late. The dice are seeded. It says "ready" when it listens; ended by
SIGTERM it prints what it counted as JSON: queries that came, how many different ones, how many it lost.
"""

import json
import random
import selectors
import signal
import socket
import sys
import time
from collections import deque


class Relay:
    """One socket to the clients, one a client to the server, and the answers that are on their way."""

    def __init__(self, port: int, server: int, delay: float, loss: float, seed: int) -> None:
        self.server, self.delay, self.loss = server, delay, loss
        self.chance = random.Random(seed)
        self.front = self._socket()
        self.front.bind(("127.0.0.1", port))
        self.back: dict[tuple[str, int], socket.socket] = {}
        self.delayed: deque[tuple[float, bytes, tuple[str, int]]] = deque()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.front, selectors.EVENT_READ)
        self.queries = self.lost = 0
        self.different: set[bytes] = set()
        self.is_over = False

    def _socket(self) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        sock.setblocking(False)
        return sock

    def run(self) -> None:
        """Until `is_over`."""
        while not self.is_over:
            wait = max(0.0, self.delayed[0][0] - time.monotonic()) if self.delayed else 0.1
            for key, _ in self.selector.select(wait):
                if key.data is None:
                    self._pass_on()
                else:
                    self._hold_back(key.fileobj, key.data)  # type: ignore[arg-type]  # selectors types files loosely
            now = time.monotonic()
            while self.delayed and self.delayed[0][0] <= now:
                _, packet, client = self.delayed.popleft()
                self.front.sendto(packet, client)

    def _pass_on(self) -> None:
        for _ in range(64):
            try:
                packet, client = self.front.recvfrom(4096)
            except BlockingIOError:
                return
            self.queries += 1
            self.different.add(packet[12:])
            if self.chance.random() < self.loss:
                self.lost += 1
                continue
            back = self.back.get(client)
            if back is None:
                back = self.back[client] = self._socket()
                back.connect(("127.0.0.1", self.server))
                self.selector.register(back, selectors.EVENT_READ, client)
            back.send(packet)

    def _hold_back(self, back: socket.socket, client: tuple[str, int]) -> None:
        due = time.monotonic() + self.delay
        for _ in range(64):
            try:
                self.delayed.append((due, back.recv(4096), client))
            except BlockingIOError:
                return

    def end(self, *_: object) -> None:
        """Ends `run` within a tenth of a second."""
        self.is_over = True


def main() -> None:
    """Runs one relay and prints its count."""
    port, server, delay, loss, seed = sys.argv[1:]
    relay = Relay(int(port), int(server), float(delay), float(loss), int(seed))
    signal.signal(signal.SIGTERM, relay.end)
    print("ready", flush=True)
    relay.run()
    counted = {"queries": relay.queries, "different": len(relay.different), "lost": relay.lost}
    print(json.dumps(counted), flush=True)


if __name__ == "__main__":
    main()
