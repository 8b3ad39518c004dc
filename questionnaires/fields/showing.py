"""An answer in words, for the check page, the review and the signed copy. Text only: pages escape it and break its
lines."""

from collections.abc import Mapping
from typing import Any

from questionnaires.definition import Column, Kind, Question
from questionnaires.fields.reading import as_people_read, write_percent
from vendors.fields import write_phone


def show(asked: Question | Column, value: Any) -> str:
    """The value as a person reads it; empty when there is none. A record has a line for each part, a table one for
    each of its lines. A value that its kind does not know, such as what a machine found, is shown as it is."""
    if value is None or value in ("", [], {}):
        return ""
    match asked.kind:
        case Kind.RECORD if isinstance(value, Mapping) and isinstance(asked, Question):
            return "\n".join(_parts(asked, value))
        case Kind.TABLE if isinstance(value, list) and isinstance(asked, Question):
            return "\n".join("; ".join(_parts(asked, line)) for line in value if isinstance(line, Mapping))
    if isinstance(value, list | tuple):
        return ", ".join(show(asked, one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {one}" for name, one in value.items())
    return _one(asked, value)


def _parts(question: Question, value: Mapping[str, Any]) -> list[str]:
    return [
        f"{column.label}: {shown}" for column in question.columns if (shown := show(column, value.get(column.name)))
    ]


def _one(asked: Question | Column, value: Any) -> str:
    if value is True:
        return "Promised" if asked.kind is Kind.PROMISE else "Yes"
    if value is False:
        return "Not promised" if asked.kind is Kind.PROMISE else "No"
    match asked.kind:
        case Kind.ONE | Kind.MANY:
            return next((choice.label for choice in asked.choices if choice.value == value), str(value))
        case Kind.TEL:
            return write_phone(str(value))
        case Kind.DOMAIN | Kind.HOST:
            return as_people_read(str(value))
        case Kind.PERCENT if isinstance(value, int):
            return f"{write_percent(value)} %"
        case Kind.NUMBER if isinstance(value, int):
            unit = getattr(asked, "unit", "")
            figure = str(value) if asked.checks == ("year_so_far",) else f"{value:,}"
            return f"{figure} {unit}".rstrip()
        case Kind.TIMEZONE:
            return str(value).replace("_", " ")
    return str(value)
