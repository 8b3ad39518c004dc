"""The sockets of an exchange: connected, on random ports, and drawn at random for each send.

Against forged answers (RFC 5452): every socket is connected, so the kernel drops what comes from another
address or port. The source ports are the kernel's ephemeral ones, which it draws at random (RFC 6056) and
clear of those it was told to leave alone. Each send draws its 16-bit id and one of the sockets from
`os.urandom`.
"""

import errno
import os
import socket
from collections.abc import Iterator
from typing import Generic, TypeVar

SOCKETS = 16  # enough to hide among, few enough that one wake-up finds several answers
OUR_OWN_LIMITS = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS)

Waiting = TypeVar("Waiting")


class Line(Generic[Waiting]):
    """One connected socket, and what waits for an answer on it, by the two bytes of its id."""

    __slots__ = ("pending", "recv", "send", "sock")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.recv = sock.recv
        self.send = sock.send
        self.pending: dict[bytes, Waiting] = {}


def open_lines(host: str, port: int) -> list[Line[Waiting]]:
    """Lines to one server; none where there is no way to it, such as IPv6 on a host without. Raises OSError
    when this process or machine has no more sockets to give."""
    lines: list[Line[Waiting]] = []
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        for _ in range(SOCKETS):
            sock = socket.socket(family, socket.SOCK_DGRAM)
            lines.append(Line(sock))
            sock.setblocking(False)
            sock.connect((host, port))
    except OSError as refusal:
        close_lines(lines)
        if refusal.errno in OUR_OWN_LIMITS:
            raise
        return []
    return lines


def close_lines(lines: list[Line[Waiting]]) -> None:
    """Closes their sockets."""
    for line in lines:
        line.sock.close()


def draw(lines: list[Line[Waiting]]) -> Iterator[tuple[bytes, Line[Waiting]]]:
    """Ids and lines, at random, without end."""
    while True:
        pool = os.urandom(3 * 1024)
        for at in range(0, len(pool), 3):
            yield pool[at : at + 2], lines[pool[at + 2] % len(lines)]
