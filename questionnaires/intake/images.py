"""PNG, JPEG and WebP: their parts are walked to the end. Nothing is decoded; of the picture only its size is read."""

import struct

from questionnaires.intake.polyglots import has_markup
from questionnaires.intake.refusal import FileRefused

LONGEST_SIDE = 60_000  # dots; the picture of a whole page on a phone is longer than 40 000
LARGEST_AREA = 120_000_000  # dots
MOST_PARTS = 20_000  # chunks or segments

PNG = b"\x89PNG\r\n\x1a\n"
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})  # TEM and the restart markers
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0 to SOF15 without DHT, JPG and DAC
COMMENT, END_OF_IMAGE, START_OF_SCAN = 0xFE, 0xD9, 0xDA


def check_png(name: str, content: bytes) -> None:
    """Chunks of length, type, bytes and CRC, from IHDR to IEND (PNG, section 5)."""
    if not content.startswith(PNG):
        raise _not("PNG", name)
    at, parts = len(PNG), 0
    while True:
        parts += 1
        if at + 12 > len(content) or parts > MOST_PARTS:
            raise _broken(name)
        length, kind = struct.unpack_from(">I4s", content, at)
        if parts == 1:
            if kind != b"IHDR" or length != 13 or at + 12 + length > len(content):
                raise _broken(name)
            _check_size(name, *struct.unpack_from(">II", content, at + 8))
        at += 12 + length
        if kind == b"IEND":
            break
    if at > len(content):
        raise _broken(name)
    if at < len(content):
        raise _longer(name)


def check_jpg(name: str, content: bytes) -> None:
    """Segments from SOI to EOI (ITU T.81, annex B). Cameras and phones write previews of their own behind the end:
    those may stay, markup and archives may not."""
    if not content.startswith(b"\xff\xd8\xff"):
        raise _not("JPEG", name)
    at, parts, has_size = 2, 0, False
    while True:
        parts += 1
        if at + 4 > len(content) or content[at] != 0xFF or parts > MOST_PARTS:
            raise _broken(name)
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker in WITHOUT_LENGTH:
            at += 2
        elif marker == START_OF_SCAN:
            break
        else:
            (length,) = struct.unpack_from(">H", content, at + 2)
            if marker in FRAMES and length >= 8 and at + 9 <= len(content):
                height, width = struct.unpack_from(">HH", content, at + 5)
                _check_size(name, width, height)
                has_size = True
            if marker == COMMENT and has_markup(content[at : at + 2 + length]):
                raise FileRefused(f"{name} has a web page in its comment. Save a clean copy from an image program.")
            if length < 2 or marker == END_OF_IMAGE:
                raise _broken(name)
            at += 2 + length
    end = content.find(b"\xff\xd9", at)
    if not has_size or end == -1:
        raise _broken(name)
    if has_markup(content[end:]):
        raise FileRefused(f"{name} has a web page behind the picture. Save a clean copy from an image program.")


def check_webp(name: str, content: bytes) -> None:
    """One RIFF container, as long as it says (RFC 9649)."""
    if len(content) < 30 or content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise _not("WebP", name)
    (declared,) = struct.unpack_from("<I", content, 4)
    ends = declared + 8
    if len(content) < ends:
        raise _broken(name)
    if len(content) > ends + declared % 2:
        raise _longer(name)
    kind = content[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(content[24:27], "little") + 1
        height = int.from_bytes(content[27:30], "little") + 1
    elif kind == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", content, 26))
    elif kind == b"VP8L" and content[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", content, 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        raise _broken(name)
    _check_size(name, width, height)


def _check_size(name: str, width: int, height: int) -> None:
    if not width or not height:
        raise _broken(name)
    if max(width, height) > LONGEST_SIDE or width * height > LARGEST_AREA:
        raise FileRefused(
            f"{name} measures {width} by {height} dots, more than can be looked at. Send it in parts, each at most "
            f"{LONGEST_SIDE:,} dots long and {LARGEST_AREA // 1_000_000} million in all."
        )


def _not(kind: str, name: str) -> FileRefused:
    return FileRefused(f"{name} is not a {kind} picture, whatever it is called. Save it again from an image program.")


def _broken(name: str) -> FileRefused:
    return FileRefused(f"{name} is a broken picture. Save it again and send the whole file.")


def _longer(name: str) -> FileRefused:
    return FileRefused(f"{name} has something behind the picture. Save a clean copy from an image program.")
