"""An entry's fields as TOML text and back, for people who type them."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any

from monitors.fields import CatalogueRefused

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


def write(fields: Mapping[str, Any]) -> str:
    """The fields, one a line, and below them each table under its heading. What `read` gives back is equal."""
    lines = [f"{_key(name)} = {_value(value)}" for name, value in fields.items() if not isinstance(value, Mapping)]
    for name, table in fields.items():
        if isinstance(table, Mapping):
            lines += ["", f"[{_key(name)}]", *(f"{_key(code)} = {_value(told)}" for code, told in table.items())]
    return "\n".join(lines).lstrip("\n") + ("\n" if lines else "")


def read(text: str) -> dict[str, Any]:
    """The fields that somebody typed. CatalogueRefused says what is wrong with the text, not with the fields."""
    try:
        fields = tomllib.loads(text.replace("\r\n", "\n").replace("\r", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise CatalogueRefused(f'This is not TOML: {problem}. Write one field a line, like zone = "…".') from problem
    if "blocklist" in fields:
        raise CatalogueRefused(
            "Write the fields alone: without [[blocklist]], and [codes] in place of [blocklist.codes]."
        )
    return fields


def _key(name: str) -> str:
    return name if name and all(sign in PLAIN for sign in name) else _text(name)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case Mapping():
            return "{ " + ", ".join(f"{_key(name)} = {_value(part)}" for name, part in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(_value(part) for part in value) + "]"
        case _:
            return str(value)


def _text(text: str) -> str:
    """JSON's escapes are TOML's too, but for DEL, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
