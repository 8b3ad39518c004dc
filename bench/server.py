"""A small, fast authoritative server for blocklist zones, for machines without rbldnsd.

    python -m bench.server PORT WORKERS ZONE=FILE...

Several processes share the port (SO_REUSEPORT); each reads until its socket is empty, and answers by looking
up the address's four bytes. It says "ready" when it listens, and serves until it is ended. It speaks UDP and
knows A and TXT only.
"""

import os
import select
import signal
import socket
import sys
from array import array
from bisect import bisect_left
from pathlib import Path

from egress import wire

NXDOMAIN = b"\x84\x03\0\1\0\0\0\0\0\0"
FOUND = b"\x84\x00\0\1\0\1\0\0\0\0"
TTL = (2100).to_bytes(4, "big")


class Zone:
    """Addresses in order, with the number of each one's code: little memory, shared by the processes."""

    def __init__(self, file: Path) -> None:
        rows = []
        self.texts: list[tuple[bytes, str]] = []
        known: dict[tuple[str, str], int] = {}
        with file.open(encoding="ascii") as lines:
            for line in lines:
                address, code, text = line.rstrip("\n").split(":", 2)
                place = known.setdefault((code, text), len(known))
                rows.append((int.from_bytes(socket.inet_aton(address.strip()), "big"), place))
        rows.sort()
        self.addresses = array("I", [row[0] for row in rows])
        self.places = bytes(row[1] for row in rows)
        self.texts = [(socket.inet_aton(code), text) for code, text in known]

    def find(self, number: int) -> tuple[bytes, str] | None:
        """The code as four bytes and the text, in which $ stands for the address."""
        at = bisect_left(self.addresses, number)
        if at < len(self.addresses) and self.addresses[at] == number:
            return self.texts[self.places[at]]
        return None


def answer(packet: bytes, zones: dict[bytes, Zone]) -> bytes:
    """The response to one query; NXDOMAIN for everything that is no listed address."""
    asked = packet[12 : packet.index(0, 12) + 5]  # what follows is EDNS, which is not spoken here
    octets, at = [], 0
    for _ in range(4):
        end = at + 1 + asked[at]
        octets.append(asked[at + 1 : end])
        at = end
    zone = zones.get(asked[at:-4])
    try:
        number = int.from_bytes(bytes(map(int, reversed(octets))), "big")
    except ValueError:
        zone = None
    found = zone.find(number) if zone else None
    if not found:
        return packet[:2] + NXDOMAIN + asked
    code, text = found
    if asked[-3] == wire.RDTYPES["A"]:
        data = code
    else:
        said = text.replace("$", b".".join(reversed(octets)).decode()).encode()
        data = bytes((len(said),)) + said
    record = b"\xc0\x0c" + asked[-4:] + TTL + len(data).to_bytes(2, "big") + data
    return packet[:2] + FOUND + asked + record


def serve(sock: socket.socket, zones: dict[bytes, Zone]) -> None:
    """Answers until the process is ended."""
    while True:
        select.select([sock], [], [])
        for _ in range(64):
            try:
                packet, peer = sock.recvfrom(512)
            except BlockingIOError:
                break
            if len(packet) > 12 + 13:
                sock.sendto(answer(packet, zones), peer)


def main() -> None:
    """Reads the zones once, then divides into the processes that serve."""
    port, workers = int(sys.argv[1]), int(sys.argv[2])
    zones = {}
    for argument in sys.argv[3:]:
        name, _, file = argument.partition("=")
        zones[wire.encode_name(name)] = Zone(Path(file))
    socks = []
    for _ in range(workers):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        sock.setblocking(False)
        sock.bind(("127.0.0.1", port))
        socks.append(sock)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    children = []
    for sock in socks[1:]:
        child = os.fork()
        if child == 0:
            serve(sock, zones)
        children.append(child)

    def end(*_: object) -> None:
        for child in children:
            os.kill(child, signal.SIGTERM)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    print("ready", flush=True)
    serve(socks[0], zones)


if __name__ == "__main__":
    main()
