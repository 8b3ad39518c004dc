"""One table of a TOML file, read field by field; what does not fit is refused by file, entry and field.

Knows types and how to say what is wrong. What the fields mean is the business of `monitors.catalogue`.
"""

import difflib
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

Choice = TypeVar("Choice", bound=StrEnum)


class CatalogueRefused(ValueError):
    """The catalogue cannot be used. The message names file, entry and field, and says what to do."""


class Fields:
    """The fields of one table. `place` is how messages name the table: 'lists.toml, blocklist "house"'."""

    def __init__(self, place: str, table: Mapping[str, Any]) -> None:
        self.place = place
        self._table = table

    def refuse(self, field: str, sentence: str) -> NoReturn:
        raise CatalogueRefused(f"{self.place}, {field}: {sentence}")

    def only(self, known: Collection[str]) -> None:
        """Refuse any field that is not known: a mistyped name must not pass in silence."""
        for field in self._table:
            if field not in known:
                near = difflib.get_close_matches(field, known, n=1)
                self.refuse(field, f"there is no such field. {f'Did you mean {near[0]}?' if near else _one_of(known)}")

    def has(self, field: str) -> bool:
        return field in self._table

    def is_list(self, field: str) -> bool:
        return isinstance(self._table.get(field), list)

    def text(self, field: str, default: str = "") -> str:
        value = self._table.get(field, default)
        if not isinstance(value, str):
            self.refuse(field, f"{value!r} is not a text. Write it in quotes.")
        return value.strip()

    def texts(self, field: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """A text, or a list of texts."""
        value = self._table.get(field, list(default))
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(part, str) for part in values):
            self.refuse(field, f'{value!r} is not a list of texts. Write it like ["one", "two"].')
        return tuple(part.strip() for part in values)

    def flag(self, field: str, *, default: bool) -> bool:
        value = self._table.get(field, default)
        if not isinstance(value, bool):
            self.refuse(field, f"{value!r} is neither true nor false. Write true or false, without quotes.")
        return value

    def number(self, field: str, default: int, *, least: int, most: int) -> int:
        value = self._table.get(field, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(field, f"{value!r} is not a whole number from {least:,} to {most:,}.")
        return value

    def decimal(self, field: str, *, least: float, most: float) -> float:
        value = self._table.get(field)
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(field, f"{value!r} is not a number from {least:,} to {most:,}.")
        return float(value)

    def choice(self, field: str, default: Choice) -> Choice:
        text = self.text(field, default)
        kind = type(default)
        if text not in list(kind):
            self.refuse(field, f'"{text}" is not known. {_one_of(list(kind))}')
        return kind(text)

    def table(self, field: str) -> dict[str, Any]:
        value = self._table.get(field, {})
        if not isinstance(value, dict):
            self.refuse(field, f"{value!r} is not a table. Write it under [blocklist.{field}], one line a code.")
        return value


def _one_of(known: Collection[str]) -> str:
    return f"Write one of: {', '.join(known)}."
