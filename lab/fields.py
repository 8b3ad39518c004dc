"""Fields that came from outside, as JSON or from a form, read with a sentence for each mistake."""

from __future__ import annotations

from collections.abc import Mapping


class Fields:
    """Readers by type; every one raises ValueError for what it cannot read."""

    def __init__(self, given: Mapping[str, object]) -> None:
        self._given = given

    def only(self, *known: str) -> None:
        """Refuse fields with other names: most often a slip of the pen."""
        for name in self._given:
            if name not in known:
                raise ValueError(f"{name!r} is not known here; this takes {', '.join(known)}.")

    def has(self, name: str) -> bool:
        """Whether the field is there and not empty."""
        return self._given.get(name) not in (None, "", [])

    def text(self, name: str, default: str | None = None) -> str:
        """A string (or a number, as its digits); required without `default`."""
        value = self._given.get(name)
        if value is None or (value == "" and default is None):
            if default is None:
                raise ValueError(f"`{name}` is missing.")
            return default
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value).strip()
        raise ValueError(f"`{name}` is a text; {value!r} is not.")

    def number(self, name: str, default: float) -> float:
        """A number."""
        if not self.has(name):
            return default
        try:
            return float(self.text(name))
        except ValueError:
            raise ValueError(f"`{name}` is a number; {self._given[name]!r} is not.") from None

    def several(self, name: str) -> tuple[str, ...]:
        """Several texts: a JSON list, or one text with commas or spaces between."""
        value = self._given.get(name)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        return tuple(self.text(name, "").replace(",", " ").split())

    def flag(self, name: str) -> bool:
        """True or false; in forms on, true, yes or 1, and their contraries."""
        value = str(self._given.get(name, "")).lower()
        if value in ("true", "on", "yes", "1"):
            return True
        if value in ("false", "off", "no", "0", "", "none"):
            return False
        raise ValueError(f"`{name}` is true or false; {value!r} is neither.")
