"""The form field of a question, by its kind."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone

from questionnaires.definition import Column, Kind, Question
from questionnaires.fields import reading
from questionnaires.fields.checks import CHECKS
from questionnaires.fields.composed import LINES, RecordField, TableField
from questionnaires.fields.single import (
    TYPED,
    AnswerField,
    LineField,
    ManyField,
    OneField,
    PromiseField,
    YesNoField,
    ZoneField,
    write_stored_phone,
)
from vendors.fields import clean_email, clean_hostname, clean_phone

READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.EMAIL: clean_email,
    Kind.TEL: clean_phone,
    Kind.URL: reading.url,
    Kind.DOMAIN: reading.domain,
    Kind.HOST: clean_hostname,
    Kind.NETWORK: reading.network,
    Kind.DATE: reading.day,
}
SIZES = {
    Kind.EMAIL: "w-20", Kind.TEL: "w-20", Kind.DOMAIN: "w-20 host", Kind.HOST: "w-20 host", Kind.NETWORK: "w-20 host",
    Kind.NUMBER: "w-10", Kind.PERCENT: "w-5", Kind.DATE: "w-10", Kind.TIMEZONE: "w-20",
}  # fmt: skip
TYPES = {Kind.EMAIL: "email", Kind.TEL: "tel", Kind.URL: "url", Kind.DATE: "date"}


def field_for(asked: Question | Column, *, today: date | None = None) -> AnswerField:
    """The field of a question, or of a column. Its `clean` gives the value that the kind documents; None for no
    answer. `today` is what dates are held against, the present day when not given. Files and what only the machine
    finds have none: ValueError."""
    today = today or timezone.now().date()
    field = _made(asked, today)
    field.size = SIZES.get(asked.kind, "")
    field.checks = [CHECKS[name] for name in asked.checks if name != "return_path"]
    field.today = today
    if isinstance(asked, Question):
        field.code, field.unit = asked.code, asked.unit
    if asked.kind is Kind.PERCENT:
        field.unit = "%"
    if asked.autocomplete:
        field.widget.attrs["autocomplete"] = asked.autocomplete
    return field


def _made(asked: Question | Column, today: date) -> AnswerField:
    is_cell = isinstance(asked, Column)
    options: dict[str, Any] = {
        "label": asked.label,
        "help_text": asked.hint,
        "required": asked.required,
        "error_messages": {"required": _lacking(asked)},
    }
    match asked.kind:
        case Kind.ONE:
            return OneField(asked.choices, is_list=is_cell, **options)
        case Kind.MANY:
            return ManyField(asked.choices, **options)
        case Kind.YESNO:
            return YesNoField(is_list=is_cell, **options)
        case Kind.PROMISE:
            return PromiseField(**options)
        case Kind.TIMEZONE:
            return ZoneField(**options)
        case Kind.RECORD | Kind.TABLE if isinstance(asked, Question):
            return _composed(asked, today, options)
        case Kind.FILE | Kind.CALC:
            raise ValueError(f"{asked.label}: a {asked.kind} is not typed into a form.")
    return _line(asked, options)


def _composed(question: Question, today: date, options: dict[str, Any]) -> AnswerField:
    cells = {column.name: field_for(column, today=today) for column in question.columns}
    if question.kind is Kind.RECORD:
        return RecordField(cells, **options)
    table = TableField(cells, **options)
    table.least, table.most = question.least or 1, question.most or LINES
    return table


def _line(asked: Question | Column, options: dict[str, Any]) -> AnswerField:
    attrs: dict[str, Any] = {}
    writer: Callable[[Any], str] | None = None
    widget: forms.Widget = forms.TextInput()
    match asked.kind:
        case Kind.AREA:
            reader: Callable[[str], Any] = partial(reading.area, least=asked.least, most=asked.most)
            widget = forms.Textarea(attrs={"rows": 4})
        case Kind.TEXT if "return_path" in asked.checks:
            reader, attrs = reading.return_path, TYPED
        case Kind.TEXT:
            reader = partial(reading.text, least=asked.least, most=asked.most)
        case Kind.NUMBER:
            reader = partial(reading.number, least=asked.least, most=asked.most)
            attrs, writer = {"inputmode": "numeric", "autocomplete": "off"}, str
        case Kind.PERCENT:
            reader = partial(reading.percent, least=asked.least, most=asked.most)
            attrs, writer = {"inputmode": "decimal", "autocomplete": "off"}, reading.write_percent
        case kind:
            reader, attrs = READERS[kind], TYPED
            widget = forms.TextInput(attrs={"type": TYPES.get(kind, "text")})
            writer = write_stored_phone if kind is Kind.TEL else None
    widget.attrs |= attrs
    return LineField(reader, writer, widget=widget, strip=True, **options)


def _lacking(asked: Question | Column) -> str:
    """What is said when there is no answer."""
    if isinstance(asked, Column):
        if asked.kind in {Kind.ONE, Kind.MANY, Kind.YESNO, Kind.TIMEZONE}:
            return "nothing is chosen yet. Choose an answer."
        return "not ticked yet. Tick it." if asked.kind is Kind.PROMISE else "nothing stands here yet. Fill it in."
    match asked.kind:
        case Kind.ONE | Kind.YESNO | Kind.TIMEZONE:
            return f"Choose an answer to “{asked.label}”."
        case Kind.MANY:
            return f"Tick at least one answer to “{asked.label}”."
        case Kind.PROMISE:
            return f"Tick “{asked.label}” Without this promise we cannot accept the form."
        case Kind.TABLE:
            return f"Fill in at least one line of “{asked.label}”."
    return f"Answer “{asked.label}”."
