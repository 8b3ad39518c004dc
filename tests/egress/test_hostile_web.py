"""Web servers that mean to exhaust us: each is left within the deadline, and takes no more memory than a page may."""

import asyncio
import gzip
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from egress.fetch import LIMIT, REDIRECTS, Fetcher, Unfetched, Why
from tests.egress.test_fetch import LOOPBACK, names, run
from tests.egress.web import Say, Web, certificates, plain

DEADLINE = 0.6  # s
SLACK = 2.0  # s, for a busy machine
MEMORY = 12 * 1024 * 1024  # bytes, client and server of the test together; a bomb has 50 MB, a flood no end
MB = 1024 * 1024


def packed(size: int, wbits: int) -> bytes:
    """So many zeros, packed without ever being all in memory."""
    pack = zlib.compressobj(9, wbits=wbits)
    return b"".join(pack.compress(bytes(MB)) for _ in range(size // MB)) + pack.flush()


BOMB = packed(50 * MB, 31)
HEAD = b"HTTP/1.1 200 OK\r\n"


def chunked(body: bytes, size: int) -> bytes:
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(f"{len(one):x}\r\n".encode() + one + b"\r\n" for one in pieces) + b"0\r\n\r\n"


def forever(first: bytes, again: bytes, pause: float = 0.0) -> Say:
    async def say(path: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause)

    return say


async def onwards(path: bytes, writer: asyncio.StreamWriter) -> None:
    to = f"Location: /{int(path[1:] or b'0') + 1}"
    writer.write(plain(b"x" * 1000, to, status="302 Found"))


async def onwards_slowly(path: bytes, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(DEADLINE / 4)
    await onwards(path, writer)


BOMBS = {
    "gzip": plain(BOMB, "Content-Encoding: gzip"),
    "gzip without a length": plain(BOMB, "Content-Encoding: x-gzip", length=False),
    "gzip in chunks": HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(BOMB, 1000),
    "gzip in chunks of a byte": (
        HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(BOMB, 1)
    ),
    "gzip in gzip": plain(gzip.compress(BOMB), "Content-Encoding: gzip, gzip"),
    "gzip in gzip, said once": plain(gzip.compress(gzip.compress(bytes(LIMIT + 1))) * 2, "Content-Encoding: gzip, br"),
    "gzip after gzip": plain(gzip.compress(b"x") + BOMB, "Content-Encoding: gzip"),
    "a thousand little gzips": plain(gzip.compress(b"") * 20_000, "Content-Encoding: gzip"),
    "deflate": plain(packed(50 * MB, 15), "Content-Encoding: deflate"),
    "bare deflate": plain(packed(50 * MB, -15), "Content-Encoding: deflate"),
    "packed in transfer": HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunked(BOMB, 1000),
}
FLOODS: dict[str, tuple[Say | bytes, Why]] = {
    "headers without end": (forever(HEAD, b"X-More: " + b"y" * 1000 + b"\r\n"), Why.GARBLED),
    "many small headers": (HEAD + b"A: b\r\n" * 5000 + b"\r\n", Why.GARBLED),
    "one header without end": (forever(HEAD + b"X: ", b"y" * 65536), Why.GARBLED),
    "a first line without end": (forever(b"HTTP/1.1 200 ", b"y" * 65536), Why.GARBLED),
    "interim answers without end": (forever(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), Why.GARBLED),
    "large interim answers": (forever(b"", b"HTTP/1.1 100 Go on\r\nX: " + b"y" * 30_000 + b"\r\n\r\n"), Why.GARBLED),
    "a body without end": (forever(HEAD + b"\r\n", b"z" * 65536), Why.GARBLED),
    "a body far longer than we read": (plain(b"z" * (LIMIT + 1)), Why.GARBLED),
    "chunks without end": (forever(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"z" * 1024 + b"\r\n"),
                           Why.GARBLED),
    "a chunk's size without end": (forever(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 65536), Why.GARBLED),
    "redirects without end": (onwards, Why.REDIRECTS),
}  # fmt: skip
DRIPS: dict[str, Say] = {
    "a first line": forever(b"HTTP", b"/", 0.05),
    "headers": forever(HEAD + b"X: ", b"y", 0.05),
    "interim answers": forever(b"HTTP/1.1 100 Go on\r\nX: ", b"y", 0.05),
    "a body": forever(HEAD + b"\r\n", b"z", 0.05),
    "a body of known length": forever(HEAD + b"Content-Length: 5000\r\n\r\n", b"z", 0.05),
    "chunks": forever(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nz\r\n", 0.05),
    "a chunk's size": forever(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0", 0.05),
    "redirects": onwards_slowly,
}


def hostile(say: Say | bytes) -> tuple[Unfetched, Web]:
    """What became of it. Fails when it took longer or more than it may."""

    async def work() -> tuple[Unfetched, Web]:
        async with Web(say) as web:
            fetcher = Fetcher(names(web_example="127.0.0.1"), allow=LOOPBACK, deadline=DEADLINE)
            began = time.monotonic()
            with pytest.raises(Unfetched) as caught:
                await fetcher.fetch(f"http://web.example:{web.port}/0")
            assert time.monotonic() - began < DEADLINE + SLACK
        return caught.value, web

    tracemalloc.start()
    try:
        found: tuple[Unfetched, Web] = run(work)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
    return found


@pytest.mark.parametrize("say", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_never_unpacked(say: bytes) -> None:
    assert hostile(say)[0].why in (Why.GARBLED, Why.TIMEOUT)


@pytest.mark.parametrize(("say", "why"), FLOODS.values(), ids=FLOODS)
def test_a_flood_is_left_when_it_is_more_than_a_page(say: Say | bytes, why: Why) -> None:
    refusal, web = hostile(say)
    assert refusal.why is why
    assert web.visits == (REDIRECTS + 1 if why is Why.REDIRECTS else 1)


@pytest.mark.parametrize("say", DRIPS.values(), ids=DRIPS)
def test_a_drip_is_left_at_the_deadline_whatever_drips(say: Say) -> None:
    refusal, _ = hostile(say)
    assert refusal.why is Why.TIMEOUT
    assert "did not answer in 0.6 s" in str(refusal)


# ── packed, and not whole ───────────────────────────────────────────────────
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_what_breaks_off_within_its_packing_does_not_pass_for_the_whole(encoding: str) -> None:
    body = (gzip if encoding == "gzip" else zlib).compress(b"You may opt out here." * 50)
    refusal, _ = hostile(plain(body[:-9], f"Content-Encoding: {encoding}"))
    assert str(refusal) == "web.example: Its packed answer broke off."


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"hel") + gzip.compress(b"lo"), "gzip"),
        (gzip.compress(b"hello") + bytes(20), "GZIP"),
        (zlib.compress(b"hello"), "deflate"),
        (zlib.compress(b"hello", wbits=-15), "deflate"),
    ],
)
def test_every_honest_packing_is_opened(body: bytes, encoding: str) -> None:
    async def work() -> bytes:
        async with Web(plain(body, f"Content-Encoding: {encoding}")) as web:
            return (await Fetcher(names(), allow=LOOPBACK).fetch(f"http://127.0.0.1:{web.port}/")).body

    assert run(work) == b"hello"


# ── TLS ─────────────────────────────────────────────────────────────────────
@asynccontextmanager
async def handshake(pieces: bytes, pause: float) -> AsyncIterator[tuple[int, list[int]]]:
    """(the port of a server that shakes hands like this, where each visitor leaves what it sent)."""
    heard: list[int] = []

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(len(await reader.read(4096)))
        try:
            for at in range(len(pieces)):
                writer.write(pieces[at : at + 1])
                await writer.drain()
                await asyncio.sleep(pause)
            await reader.read(4096)  # until the other side has had enough
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(visit, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1], heard
    server.close()


@pytest.mark.parametrize(
    ("pieces", "pause"), [(b"", 0), (b"\x16\x03\x03\x40\x00" + b"\x02" * 60, 0.05)], ids=["silence", "a byte at a time"]
)
def test_a_handshake_without_end_is_left_at_the_deadline(tmp_path: Path, pieces: bytes, pause: float) -> None:
    _, client = certificates(tmp_path, "web.example")

    async def work() -> list[int]:
        async with handshake(pieces, pause) as (port, heard):
            fetcher = Fetcher(names(web_example="127.0.0.1"), allow=LOOPBACK, tls=client, deadline=DEADLINE)
            began = time.monotonic()
            with pytest.raises(Unfetched) as caught:
                await fetcher.fetch(f"https://web.example:{port}/")
            assert time.monotonic() - began < DEADLINE + SLACK
            assert caught.value.why is Why.TIMEOUT
            await asyncio.sleep(0.1)
        return heard

    assert len(run(work)) == 1
