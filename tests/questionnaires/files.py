"""Files as vendors send them, and as others do, built byte by byte."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def pdf(inside: bytes = b"") -> bytes:
    head = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    body = b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n" + inside
    return head + body + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R/Size 3>>\nstartxref\n9\n%%EOF\n"


def chunk(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int = 2, height: int = 2, more: bytes = b"") -> bytes:
    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    dots = zlib.compress(b"\x00\x00\x00" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + more + chunk(b"IDAT", dots) + chunk(b"IEND")


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def jpg(width: int = 2, height: int = 2, more: bytes = b"") -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\x34\xff\x00\x56"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\x00" + b"\x01" * 9) + more + segment(0xC0, frame) + scan + b"\xff\xd9"


def webp(width: int = 2, height: int = 2) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    picture = b"VP8L" + struct.pack("<I", 14) + b"\x2f" + struct.pack("<I", bits) + b"\x00" * 9
    return b"RIFF" + struct.pack("<I", len(picture) + 4) + b"WEBP" + picture


def zipped(parts: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def docx(more: Mapping[str, bytes] | None = None) -> bytes:
    parts = {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<R/>", "word/document.xml": b"<w:document/>"}
    return zipped(parts | dict(more or {}))


def xlsx(more: Mapping[str, bytes] | None = None) -> bytes:
    parts = {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<R/>", "xl/workbook.xml": b"<workbook/>"}
    return zipped(parts | dict(more or {}))


EML = (
    b"Return-Path: <bounce@mail.fieldnote.example>\r\n"
    b"Received: from out1.fieldnote.example by mx.example.net with ESMTPS id 1; Sun, 22 Nov 2026 10:00:00 +0000\r\n"
    b"From: Fieldnote <news@fieldnote.example>\r\nTo: ann@example.net\r\nSubject: News\r\n\r\n"
    b"<html><body>Hello</body></html>\r\n"
)
