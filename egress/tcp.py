"""One DNS question over TCP (RFC 7766): the way to an answer that did not fit a datagram."""

import asyncio


async def ask_over_tcp(host: str, port: int, message: bytes) -> bytes:
    """The first message that the server sends back, unchecked. A message has a two-byte length in front
    (RFC 1035 section 4.2.2), so it holds at most 65,535 bytes. Sets no time limit; raises OSError when
    there is no connection and EOFError when it ends too early."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(len(message).to_bytes(2, "big") + message)
        length = int.from_bytes(await reader.readexactly(2), "big")
        return await reader.readexactly(length)
    finally:
        writer.transport.abort()  # there is nothing left to say, and nobody to wait for
