"""HTTP/1.1 responses as bytes (RFC 9112): a head and a body read from a stream, within limits.

One request, one response, then the connection ends. Headers are read by the standard library's parser; what is here is
where a response ends. Sets no time limit: whoever calls does. Raises `Garbled` for what is no such response.
"""

import asyncio
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, parse_headers

HEAD_LIMIT = 32 * 1024  # bytes
LINE_LIMIT = 1024  # bytes of a chunk's size and extensions
MEMBERS = 8  # packed streams one after the other in a body


class Garbled(Exception):
    """What came is no HTTP response, or breaks a limit; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Response:
    """`headers` by lower-case name; of several with one name the last. `body` is decoded."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def read_response(reader: asyncio.StreamReader, limit: int) -> Response:
    """The response to a GET. `limit` bounds the body in bytes, as sent and when unpacked.

    Interim responses (1xx) are passed over. The reader's own limit must be at least HEAD_LIMIT.
    """
    for _ in range(4):
        status, headers = await _read_head(reader)
        if status >= 200:
            break
    else:
        raise Garbled("It sent nothing but interim answers.")
    if status in (204, 304):
        return Response(status, headers, b"")
    body = await _read_body(reader, headers, limit)
    return Response(status, headers, _unpacked(body, headers.get("content-encoding", ""), limit))


async def _read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        raise Garbled("It sent no HTTP head, or one that does not end.") from None
    if len(head) > HEAD_LIMIT:
        raise Garbled(f"Its HTTP head has more than {HEAD_LIMIT:,} bytes.")
    first, _, rest = head.partition(b"\r\n")
    parts = first.split(b" ", 2)
    if len(parts) < 2 or not parts[0].startswith(b"HTTP/1.") or not (parts[1].isdigit() and len(parts[1]) == 3):
        raise Garbled("It does not answer in HTTP/1.1.")
    try:
        parsed = parse_headers(io.BytesIO(rest))
    except HTTPException:
        raise Garbled("Its HTTP headers cannot be read.") from None
    return int(parts[1]), {name.lower(): str(value).strip() for name, value in parsed.items()}


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str], limit: int) -> bytes:
    try:
        if "transfer-encoding" in headers:
            if headers["transfer-encoding"].lower() != "chunked":
                raise Garbled("It packs its answer in a way that we did not ask for.")
            return await _read_chunks(reader, limit)
        if "content-length" in headers:
            length = headers["content-length"]
            if not (length.isascii() and length.isdigit()):
                raise Garbled("It does not say properly how long its answer is.")
            if len(length) > 12 or int(length) > limit:
                raise _too_long(limit)
            return await reader.readexactly(int(length))
        body = bytearray()
        while piece := await reader.read(16384):  # until the connection ends
            body += piece
            if len(body) > limit:
                raise _too_long(limit)
        return bytes(body)
    except asyncio.IncompleteReadError:
        raise Garbled("Its answer broke off.") from None


async def _read_chunks(reader: asyncio.StreamReader, limit: int) -> bytes:
    body = bytearray()
    while True:
        try:
            line = await reader.readuntil(b"\r\n")
        except asyncio.LimitOverrunError:
            raise Garbled("A chunk of its answer has no size.") from None
        size = line.partition(b";")[0].strip()
        if len(line) > LINE_LIMIT or not size or len(size) > 8 or size.strip(b"0123456789abcdefABCDEF"):
            raise Garbled("A chunk of its answer has no size.")
        length = int(size, 16)
        if len(body) + length > limit:
            raise _too_long(limit)
        if not length:
            return bytes(body)  # trailers say nothing that we want
        body += await reader.readexactly(length)
        if await reader.readexactly(2) != b"\r\n":
            raise Garbled("A chunk of its answer does not end where it says.")


def _unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """We ask for no packing; some servers pack all the same. Never more than `limit` bytes come out, and nothing that
    breaks off passes for the whole."""
    match encoding.lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip":
            wbits = 31
        case "deflate":  # in zlib's wrapping (RFC 9110 section 8.4.1.2), or bare as some send it
            wbits = 15 if body[:1] and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0 else -15
        case _:
            raise Garbled("It packs its answer in a way that we did not ask for.")
    plain = bytearray()
    for _ in range(MEMBERS):
        if not body:
            return bytes(plain)
        unpack = zlib.decompressobj(wbits=wbits)
        try:
            plain += unpack.decompress(body, limit + 1 - len(plain))
        except zlib.error:
            raise Garbled("Its packed answer cannot be unpacked.") from None
        if len(plain) > limit:
            raise _too_long(limit)
        if not unpack.eof:
            raise Garbled("Its packed answer broke off.")
        body = unpack.unused_data.lstrip(b"\0")  # a further member (RFC 1952 section 2.2), or padding
    raise Garbled("Its answer is packed in too many pieces.")


def _too_long(limit: int) -> Garbled:
    return Garbled(f"Its answer has more than {limit:,} bytes.")
