"""What was signed, as bytes that anybody can make again: canonical JSON, its SHA-256, a signature's seal. Pure.

Canonical JSON is UTF-8 in NFC, keys sorted by code point, no blanks between, whole numbers only, moments in UTC to the
second (`2026-03-01T14:02:11Z`), days as `2026-03-01`. A fraction of a number or a moment without a zone is refused
instead of being written in one of several ways. What a moment has below the second is left out, so that the moment
which is shown is the moment which was hashed.

A seal binds a signature to what it signs: SHA-256 over a version line and the fields, one a line. A field that is empty
or holds a line break is refused, or two different signatures could have the same lines.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

SEAL_VERSION = "v1"  # the recipe of seal(); another recipe gets another version


class SnapshotRefused(Exception):
    """A value has no canonical form; the sentence says where and why."""


class SealRefused(Exception):
    """A field cannot be sealed; the sentence says which and why."""


def canonical(value: Any) -> bytes:
    """The one way to write `value`: texts, whole numbers, booleans, None, moments, days, lists and tables of them."""
    plain = _plain(value, "the snapshot")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sha256(value: Any) -> str:
    """The SHA-256 of the canonical form, in small hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def seal_lines(fields: Sequence[str]) -> str:
    """What seal() hashes, as text; shown to whoever wants to compute a seal himself."""
    lines = [unicodedata.normalize("NFC", field) for field in fields]
    for number, line in enumerate(lines, 1):
        if not line.strip():
            raise SealRefused(f"Field {number} of the signature is empty. A seal needs every field.")
        if line.splitlines() != [line]:
            raise SealRefused(f"Field {number} of the signature, {line!r}, holds a line break. Write it on one line.")
        _encoded(line, f"field {number} of the signature", SealRefused)
    return "\n".join([SEAL_VERSION, *lines])


def seal(fields: Sequence[str]) -> str:
    """The seal of a signature: SHA-256, in small hexadecimal digits, of the version line and the fields in order."""
    return hashlib.sha256(seal_lines(fields).encode()).hexdigest()


def write_moment(at: datetime) -> str:
    """`2026-03-01T14:02:11Z`: in UTC, what is below the second left out."""
    if at.tzinfo is None:
        raise SnapshotRefused(f"{at.isoformat()} has no time zone, so it names no moment.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(value: Any, where: str) -> Any:
    match value:
        case None | bool() | int():
            return value
        case str():
            text = unicodedata.normalize("NFC", value)
            _encoded(text, where, SnapshotRefused)
            return text
        case datetime():
            return write_moment(value)
        case date():
            return value.isoformat()
        case Mapping():
            table = {_key(key, where): _plain(one, f"{where}, {key!r}") for key, one in value.items()}
            if len(table) != len(value):
                raise SnapshotRefused(f"Two keys of {where} are the same text, written with other code points.")
            return table
        case list() | tuple():
            return [_plain(one, f"{where}, entry {number}") for number, one in enumerate(value, 1)]
    raise SnapshotRefused(
        f"{value!r} ({type(value).__name__}, in {where}) has no canonical form. "
        "Write a fraction as a whole number of a smaller unit, anything else as text."
    )


def _key(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise SnapshotRefused(f"The key {key!r} of {where} is no text.")
    return unicodedata.normalize("NFC", key)


def _encoded(text: str, where: str, refused: type[Exception]) -> None:
    """Half a surrogate pair is no text and has no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise refused(f"{text!r}, in {where}, holds half a character (position {error.start + 1}).") from error
