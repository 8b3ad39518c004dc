"""A raw message taken apart: its headers, its text and its links, within limits that hold for any bytes. Pure.

The standard library's parser is not given whole messages: nested parts take it to its limit of recursion, and its
structured headers raise. Here a part is cut at its boundaries by searching, a few levels deep, and the library reads
single headers and single encodings. What goes past a limit is left out, and `is_whole` then says so.
"""

import base64
import binascii
import quopri
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32
from urllib.parse import urlsplit

from lxml import etree, html

LARGEST_MESSAGE = 10 * 1024 * 1024  # bytes
LARGEST_HEADER = 256 * 1024  # bytes, of the message or of a part
MOST_FIELDS = 400
LONGEST_VALUE = 8_000  # characters
DEEPEST = 6  # parts within parts
MOST_PARTS = 60
LARGEST_TEXT = 512 * 1024  # bytes, of one part; newsletters are cut off by readers at 102 kB
MOST_TEXT = 2 * 1024 * 1024  # bytes, of all parts
MOST_LINKS = 2_000

CHARSET = re.compile(
    r"(us-)?ascii|utf[-_]?(8|16|32)([-_]?[bl]e)?|(iso|latin)[-_]?[\d-]+|(windows|cp)-?\d+|koi8[-_]?[rut]|gb\w+|big5\w*|"
    r"euc[-_]\w+|shift[-_]?jis\w*|iso[-_]2022[-_]\w+|mac\w+|tis[-_]620",
    re.IGNORECASE,
)  # Python knows more, and some of those take quadratic time (punycode) or warn (unicode_escape)
BLANK_LINE = re.compile(rb"\r?\n\r?\n|\r\r")
LINE_END = re.compile(rb"(--)?[ \t]*(?=\r?\n|\Z)")
LINK = re.compile(r"https?://[^\s<>\"'()\[\]{}]{1,2000}", re.IGNORECASE)
UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "textarea", "select"})
BLOCKS = frozenset(
    {"p", "div", "td", "th", "tr", "br", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "hr", "body"}
)


@dataclass(frozen=True)
class Header:
    """The fields of a message or of a part, in any case; values in one line, encoded words decoded."""

    fields: Message

    def all(self, name: str) -> list[str]:
        return [_decoded(str(value)) for value in self.fields.get_all(name, [])]

    def first(self, name: str) -> str | None:
        return next(iter(self.all(name)), None)


@dataclass
class Body:
    """What a reader can see and follow. `is_whole` is false when some of it was past a limit or could not be read."""

    plain: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)  # from HTML
    links: list[str] = field(default_factory=list)
    parts: int = 0
    bytes_read: int = 0
    is_whole: bool = True

    @property
    def text(self) -> str:
        return "\n".join(self.plain + self.shown)

    @property
    def has_plain(self) -> bool:
        return any(text.strip() for text in self.plain)


def split(raw: bytes) -> tuple[Header, bytes]:
    """The header and what follows it."""
    raw = raw[:LARGEST_MESSAGE].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if raw.startswith((b"From ", b">From ")):  # the line that mailbox files put before a message
        raw = raw.partition(b"\n")[2]
    return _cut(raw)


def read_body(header: Header, content: bytes) -> Body | None:
    """Everything that can be read of it; None when there is nothing."""
    body = Body(is_whole=len(content) < LARGEST_MESSAGE - LARGEST_HEADER)
    _read_part(header, content, body, DEEPEST)
    return body if body.plain or body.shown or body.links else None


def _cut(raw: bytes) -> tuple[Header, bytes]:
    if raw.startswith((b"\n", b"\r\n")):  # a part without fields
        return Header(Message()), raw.lstrip(b"\r\n")
    end = BLANK_LINE.search(raw, 0, LARGEST_HEADER + 4)
    head = raw[: end.start() if end else LARGEST_HEADER]
    lines = head.splitlines(keepends=True)[: MOST_FIELDS * 10]
    fields = HeaderParser(policy=compat32).parsestr(b"".join(lines).decode("utf-8", "replace"))  # RFC 6532
    if len(fields) > MOST_FIELDS:
        kept = fields.items()[:MOST_FIELDS]
        fields = Message()
        for name, value in kept:
            fields[name] = value
    return Header(fields), raw[end.end() :] if end else b""


def _read_part(header: Header, content: bytes, body: Body, depth: int) -> None:
    body.parts += 1
    if body.parts > MOST_PARTS or depth == 0:
        body.is_whole = False
        return
    value = header.first("Content-Type") or "text/plain"
    kind = value.partition(";")[0].strip().lower()
    if kind.startswith("multipart/"):
        _read_parts(value, content, body, depth)
    elif (
        kind in {"text/plain", "text/html"} and "attachment" not in (header.first("Content-Disposition") or "").lower()
    ):
        text = _text(header, value, content, body)
        if kind == "text/html":
            _read_html(text, body)
        else:
            body.plain.append(text)
            _add_links(LINK.findall(text), body)


def _read_parts(value: str, content: bytes, body: Body, depth: int) -> None:
    boundary = _parameter(value, "boundary")
    if not boundary:
        body.is_whole = False
        return
    starts, ends = None, False
    for at, behind, ends in _boundaries(b"--" + boundary.encode(), content):
        if starts is not None:
            _read_part(*_cut(_without_break(content[starts:at])), body, depth - 1)
        starts = behind
        if ends or body.parts > MOST_PARTS:
            break
    if not ends:
        body.is_whole = False
        if starts is not None and body.parts <= MOST_PARTS:  # broken off: what there is of the last part
            _read_part(*_cut(_without_break(content[starts:])), body, depth - 1)


def _boundaries(mark: bytes, content: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where each line begins that is the mark and nothing else, where it ends, and if it is the last (RFC 2046)."""
    at = content.find(mark)
    while at != -1:
        line = LINE_END.match(content, at + len(mark))
        if line and (at == 0 or content[at - 1 : at] == b"\n"):
            yield at, line.end(), bool(line[1])
        at = content.find(mark, at + len(mark))


def _without_break(part: bytes) -> bytes:
    """A part begins on the line below its boundary."""
    return part[2:] if part.startswith(b"\r\n") else part[1:]


def _text(header: Header, value: str, content: bytes, body: Body) -> str:
    room = min(LARGEST_TEXT, max(MOST_TEXT - body.bytes_read, 0))
    encoding = (header.first("Content-Transfer-Encoding") or "").strip().lower()
    packed = content[: 4 * room]  # no encoding makes more than four of one
    if encoding == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", packed)
        letters = letters[: len(letters) // 4 * 4] if len(letters) % 4 == 1 else letters + b"=" * (-len(letters) % 4)
        try:
            content = base64.b64decode(letters)
        except (binascii.Error, ValueError):
            body.is_whole = False
            return ""
    elif encoding == "quoted-printable":
        content = quopri.decodestring(packed)
    if len(content) > room or len(packed) < len(content):
        body.is_whole = False
        content = content[:room]
    body.bytes_read += len(content)
    charset = _parameter(value, "charset") or "utf-8"
    if not CHARSET.fullmatch(charset):
        charset = "utf-8"
    try:
        return content.decode(charset)
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _read_html(text: str, body: Body) -> None:
    """What of a page is seen; pictures, forms and styles are not looked at."""
    try:
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        page = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):  # no page at all
        return
    shown, links = [], []
    walk = etree.iterwalk(page, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            shown += ["\n" if element.tag in BLOCKS else "", element.tail or ""]
        elif element.tag in UNSEEN:
            walk.skip_subtree()
        else:
            shown += ["\n" if element.tag in BLOCKS else "", element.text or ""]
            if element.tag in {"a", "area"} and (link := element.get("href")):
                links.append(link)
    text = "".join(shown)
    body.shown.append(text)
    _add_links(links + LINK.findall(text), body)


def _add_links(links: list[str], body: Body) -> None:
    if len(links) > MOST_LINKS:
        body.is_whole = False
    for link in links[:MOST_LINKS]:
        plain = link.strip().rstrip(".,;:!?")[:2000]
        try:
            if urlsplit(plain).hostname and plain.lower().startswith(("http://", "https://")):
                body.links.append(plain)
        except ValueError:  # "http://[": no address
            continue


def _parameter(value: str, name: str) -> str | None:
    found = re.search(
        rf';\s*{name}\s*=\s*(?:"([^"]{{1,200}})"|([^\s;"]{{1,200}}))', value[:LONGEST_VALUE], re.IGNORECASE
    )
    return (found[1] or found[2]).strip() if found else None


def _decoded(value: str) -> str:
    """In one line, with encoded words (RFC 2047) read where they can be, and without what cannot be stored."""
    plain = " ".join(value[:LONGEST_VALUE].split())
    said = _words_decoded(plain) if "=?" in plain else plain
    return "".join(one for one in said if unicodedata.category(one) not in {"Cc", "Cs"})


def _words_decoded(plain: str) -> str:
    try:
        pieces = decode_header(plain)
    except (MessageError, ValueError, AttributeError):  # binascii.Error is a ValueError
        return plain
    said = []
    for piece, charset in pieces:
        if isinstance(piece, str):
            said.append(piece)
        else:
            known = charset if charset and CHARSET.fullmatch(charset) else "latin-1"
            try:
                said.append(piece.decode(known, "replace"))
            except LookupError:
                said.append(piece.decode("latin-1"))
    return "".join(said)
