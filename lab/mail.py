"""A received message as a value, and the mailbox that keeps them in order of arrival."""

from __future__ import annotations

import dataclasses
import email
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

ADDRESS = re.compile(r"https?://[^\s<>\"'\]]+")
PUNCTUATION = ".,;:!?)"  # what ends a sentence, not an address


@dataclass(frozen=True)
class Mail:
    """One message as it came: envelope, what a person reads, and `raw`, the octets without dot-stuffing."""

    at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    raw: bytes

    @classmethod
    def of(cls, at: datetime, sender: str, recipients: tuple[str, ...], raw: bytes) -> Mail:
        """Read what can be read; a message too broken for that still has its envelope and `raw`."""
        message = email.message_from_bytes(raw)
        headers = tuple((name, _unfold(value)) for name, value in message.items())
        first = {name.lower(): value for name, value in reversed(headers)}
        return cls(
            at=at,
            sender=sender,
            recipients=recipients,
            subject=first.get("subject", ""),
            message_id=first.get("message-id", "").strip(),
            text=_body(message, "text/plain"),
            html=_body(message, "text/html"),
            headers=headers,
            raw=raw,
        )

    def header(self, name: str) -> tuple[str, ...]:
        """All values of a header, decoded, in order."""
        return tuple(value for key, value in self.headers if key.lower() == name.lower())

    @cached_property
    def links(self) -> tuple[str, ...]:
        """The web addresses in the text, then those in the HTML, each once."""
        found = [address.rstrip(PUNCTUATION) for address in ADDRESS.findall(self.text)]
        anchors = _Anchors()
        anchors.feed(self.html)
        anchors.close()
        return tuple(dict.fromkeys(found + anchors.found))

    def as_json(self) -> dict[str, Any]:
        """Every field for JSON; `raw` with what is no UTF-8 replaced."""
        return {
            **dataclasses.asdict(self),
            "at": self.at.isoformat(),
            "links": self.links,
            "raw": self.raw.decode(errors="replace"),
        }


class Mailbox:
    """The messages accepted, from any thread; with a `folder` also on disk: `00001.eml` and `mail.jsonl`."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._messages: list[Mail] = []
        self._arrival = threading.Condition()
        self._on_disk = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._on_disk = max((int(path.stem) for path in folder.glob("[0-9]*.eml")), default=0)

    @property
    def messages(self) -> list[Mail]:
        """A copy, oldest first."""
        with self._arrival:
            return list(self._messages)

    def to(self, recipient: str) -> list[Mail]:
        """The messages to one address, oldest first."""
        return [mail for mail in self.messages if recipient in mail.recipients]

    def put(self, mail: Mail) -> None:
        """Keep a message, on disk first."""
        with self._arrival:
            if self._folder is not None:
                self._on_disk += 1
                path = self._folder / f"{self._on_disk:05}.eml"
                path.write_bytes(mail.raw)
                with (self._folder / "mail.jsonl").open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps({"file": path.name, **mail.as_json()}) + "\n")
            self._messages.append(mail)
            self._arrival.notify_all()

    def clear(self) -> int:
        """Forget the messages, those on disk excepted; how many there were."""
        with self._arrival:
            count = len(self._messages)
            self._messages.clear()
            return count

    def wait_for(
        self, count: int, *, timeout: float, matching: Callable[[Mail], bool] = lambda mail: True
    ) -> list[Mail]:
        """Wait until at least `count` matching messages are there; TimeoutError after `timeout` seconds."""

        def fitting() -> list[Mail]:
            return [mail for mail in self._messages if matching(mail)]

        with self._arrival:
            if not self._arrival.wait_for(lambda: len(fitting()) >= count, timeout):
                raise TimeoutError(f"{len(fitting())} of {count} messages came within {timeout} s.")
            return fitting()


class _Anchors(HTMLParser):
    """The web addresses that links of an HTML part lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href") if tag == "a" else None
        if target and ADDRESS.match(target):
            self.found.append(target)


def _unfold(value: object) -> str:
    """A header without folding (RFC 5322, 2.2.3) and encoded words (RFC 2047), as far as can be read."""
    plain = re.sub(r"\r?\n(?=[ \t])", "", str(value))
    try:
        return str(make_header(decode_header(plain)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return plain


def _body(message: Message, kind: str) -> str:
    for part in message.walk():
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            octets = part.get_payload(decode=True)
            if not isinstance(octets, bytes):
                continue
            try:
                text = octets.decode(part.get_content_charset("utf-8"), errors="replace")
            except LookupError:
                text = octets.decode("latin-1")
            return text.replace("\r\n", "\n")
    return ""
