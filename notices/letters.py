"""Turning a letter's three templates and its facts into a message; what people typed is cleaned here, once."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

SUBJECT_LIMIT = 150  # characters


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


def render(name: str, facts: Mapping[str, Any]) -> Letter:
    """The letter `templates/letters/NAME.*` over `facts`, plain text first (RFC 2046, 5.1.4: the last part is the
    richest)."""
    context = {
        "advertiser_name": settings.ADVERTISER_NAME,
        "abuse_address": settings.ABUSE_ADDRESS,
        "abuse_phone": settings.ABUSE_PHONE,
        "public_url": settings.PUBLIC_URL,
    } | {key: clean(value) for key, value in facts.items()}
    subject = one_line(render_to_string(f"letters/{name}.subject.txt", context))[:SUBJECT_LIMIT]
    text = re.sub(r"\n{3,}", "\n\n", render_to_string(f"letters/{name}.txt", context)).strip() + "\n"
    return Letter(subject, text, render_to_string(f"letters/{name}.html", context))


def clean(value: Any) -> Any:
    """Text without bidirectional and other format characters, and with blanks for control characters: they can make a
    mail say what we did not write."""
    if isinstance(value, str):
        return "".join(map(_shown, value.replace("\r\n", "\n")))
    if isinstance(value, Mapping):
        return {key: clean(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [clean(part) for part in value]
    return value


def _shown(character: str) -> str:
    match unicodedata.category(character):
        case "Cf":
            return ""
        case "Cc" | "Zl" | "Zp" if character != "\n":
            return " "
    return character


def one_line(text: str) -> str:
    """`text` on one line, without an encoded word of somebody else's making (RFC 2047) that a mail program would
    decode."""
    return " ".join(clean(text).replace("=?", "= ?").split())
