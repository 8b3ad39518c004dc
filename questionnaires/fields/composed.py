"""Form fields for answers of several values: a record (one of each column) and a table (lines of columns).

A cell's html name is the question's with its column: A2.01-phone; in a table also the line's number: A3.04-0-phone.
Blank lines of a table are dropped, and one that is shown ends with two blank ones. Each refusal is a CellError that
knows its cell, so that pages say it beside the cell as well as above the form.
"""

import copy
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.forms.utils import ErrorDict, ErrorList
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString, mark_safe

from questionnaires.fields.single import AnswerField

LINES = 100  # of a table, when its definition sets no limit
BLANK_LINES = 2  # that follow the filled ones
CELL = re.compile(r"([0-9]{1,6})-(.+)", re.ASCII | re.DOTALL)

Raw = MultiValueDict[str, Any]


class CellError(ValidationError):
    """A refusal of one cell; `cell` is the html name without the question's: "phone", in a table "0-phone"."""

    def __init__(self, sentence: str, cell: str) -> None:
        super().__init__(sentence)
        self.cell = cell


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a page shows it: its number to people (0 for a record, which has but one), and its cells."""

    number: int
    form: forms.Form
    is_blank: bool


class ShownForm(forms.Form):
    """The cells of a line on a page. It is never read: its errors are those that the question's field found."""

    def __init__(self, found: ErrorDict, **options: Any) -> None:
        super().__init__(use_required_attribute=False, **options)
        self.found = found

    def full_clean(self) -> None:
        self._errors = self.found


class CellsWidget(forms.Widget):
    """Gathers what was posted for the cells. Pages show the cells one by one, with {% field %}."""

    use_fieldset = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Raw:
        start = f"{name}-"
        many = data.lists() if isinstance(data, MultiValueDict) else data.items()
        return MultiValueDict(
            {
                key.removeprefix(start): list(value) if isinstance(value, list | tuple) else [value]
                for key, value in many
                if key.startswith(start)
            }
        )

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)

    def id_for_label(self, id_: str) -> str:
        return ""  # a fieldset has a legend

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return mark_safe("")  # {% field %} shows the cells


class CellsField(AnswerField, ABC):
    widget = CellsWidget

    def __init__(self, cells: Mapping[str, AnswerField], **options: Any) -> None:
        super().__init__(**options)
        self.cells = cells
        self.least = 1
        self.most = LINES
        self.offered: dict[str, list[str]] = {}

    def offer(self, column: str, values: Iterable[Any]) -> None:
        """Show these to choose from in a column. What is read stays as it was: another value may still be posted."""
        self.offered[column] = [posted_text(value) for value in values]

    # ── reading ──────────────────────────────────────────────────────────────
    def clean(self, value: Any) -> Any:
        raw = value if isinstance(value, MultiValueDict) else self.posted(value)
        return super().clean(raw)

    @abstractmethod
    def posted(self, value: Any) -> Raw:
        """A clean value as a browser would post it, under names without the question's own."""

    def read_line(self, raw: Raw, start: str, said: str) -> dict[str, Any]:
        """The values of one line by column; columns without an answer are left out."""
        form = forms.Form(raw, use_required_attribute=False)
        form.fields = copy.deepcopy(dict(self.cells))
        if not form.is_valid():
            raise ValidationError(
                [
                    CellError(f"{said}{str(self.cells[column].label).rstrip('.')}: {sentence}", f"{start}{column}")
                    for column, sentences in form.errors.items()
                    for sentence in sentences
                ]
            )
        return {column: value for column, value in form.cleaned_data.items() if value is not None}

    def write_line(self, values: Mapping[str, Any]) -> Raw:
        found: Raw = MultiValueDict()
        for column, cell in self.cells.items():
            value = cell.prepare_value(values.get(column))
            if value is None or value is False:
                continue
            found.setlist(column, [str(one) for one in value] if isinstance(value, list) else [posted_text(value)])
        return found

    # ── showing ──────────────────────────────────────────────────────────────
    def shown(self, bound: BoundField) -> Iterator[Line]:
        """Its lines on a page, bound to what was posted or to the value to begin with."""
        value = bound.value()
        raw = value if isinstance(value, MultiValueDict) else self.posted(value)
        faults = [error for error in bound.errors.as_data() if isinstance(error, CellError)]
        yield from self.laid_out(bound, raw, faults)

    @abstractmethod
    def laid_out(self, bound: BoundField, raw: Raw, faults: list[CellError]) -> Iterator[Line]:
        """The same of what was posted, each line with those faults that are its own."""

    def shown_line(self, bound: BoundField, start: str, raw: Raw, faults: list[CellError]) -> ShownForm:
        prefix = f"{bound.html_name}-{start}".removesuffix("-")
        found = ErrorDict()
        for fault in faults:
            if (column := fault.cell.removeprefix(start)) in self.cells and fault.cell.startswith(start):
                found.setdefault(column, ErrorList()).append(fault)
        data: Raw = MultiValueDict({f"{prefix}-{column}": values for column, values in raw.lists()})
        form = ShownForm(found, data=data, prefix=prefix, auto_id=bound.form.auto_id)
        form.fields = copy.deepcopy(dict(self.cells))
        for column, offered in self.offered.items():
            written = [value for value in raw.getlist(column) if value and value not in offered]
            choices = [("", "Choose"), *((value, value) for value in [*offered, *written])]
            form.fields[column].widget = forms.Select(choices=choices)
        if self.disabled:  # an attribute of each control: a disabled field would forget what it is bound to
            for cell in form.fields.values():
                cell.widget.attrs["disabled"] = True
        return form

    def target(self, bound: BoundField, error: ValidationError) -> str:
        """The id of the control that an error is about; the first one's when it is about all."""
        cell = error.cell if isinstance(error, CellError) else next(iter(self.cells))
        if not isinstance(error, CellError) and isinstance(self, TableField):
            cell = f"0-{cell}"
        column = self.cells[cell.rpartition("-")[2] if isinstance(self, TableField) else cell]
        many = isinstance(column.widget, forms.CheckboxSelectMultiple | forms.RadioSelect)
        return f"{bound.auto_id}-{cell}{'_0' if many else ''}"


class RecordField(CellsField):
    """One of each column. The value is a dict of the columns that were answered."""

    def read(self, value: Raw) -> dict[str, Any] | None:
        if not self.required and is_blank(value):
            return None
        return self.read_line(value, "", "")

    def validate(self, value: Any) -> None:
        """Left to the cells: each says what it lacks."""

    def posted(self, value: Any) -> Raw:
        return self.write_line(value or {})

    def laid_out(self, bound: BoundField, raw: Raw, faults: list[CellError]) -> Iterator[Line]:
        yield Line(0, self.shown_line(bound, "", raw, faults), is_blank(raw))


class TableField(CellsField):
    """Lines of columns. The value is a list of dicts."""

    def read(self, value: Raw) -> list[dict[str, Any]] | None:
        lines = self.lines_of(value)
        if not lines:
            return None
        if len(lines) > self.most:
            raise ValidationError(f"These are {len(lines)} lines. There may be {self.most}: leave out the rest.")
        if len(lines) < self.least:
            raise ValidationError(f"These are {len(lines)} lines. Fill in at least {self.least}.")
        found: list[dict[str, Any]] = []
        faults: list[ValidationError] = []
        for number, (start, raw) in enumerate(lines, 1):
            try:
                found.append(self.read_line(raw, start, f"Line {number}, "))
            except ValidationError as refused:
                faults += refused.error_list
        if faults:
            raise ValidationError(faults)
        return found

    def validate(self, value: Any) -> None:
        if self.required and not self.lines_of(value):
            raise ValidationError(self.error_messages["required"], code="required")

    def posted(self, value: Any) -> Raw:
        return MultiValueDict(
            {
                f"{number}-{column}": values
                for number, line in enumerate(value or ())
                for column, values in self.write_line(line).lists()
            }
        )

    def lines_of(self, raw: Raw) -> list[tuple[str, Raw]]:
        """The filled lines, with the beginning of their cells' names."""
        lines: dict[int, Raw] = {}
        for key, values in raw.lists():
            if (said := CELL.fullmatch(key)) and said[2] in self.cells:
                lines.setdefault(int(said[1]), MultiValueDict()).setlist(said[2], values)
        return [(f"{index}-", line) for index, line in sorted(lines.items()) if not is_blank(line)]

    def laid_out(self, bound: BoundField, raw: Raw, faults: list[CellError]) -> Iterator[Line]:
        lines = self.lines_of(raw)[: self.most]
        number = 0
        for number, (start, line) in enumerate(lines, 1):
            yield Line(number, self.shown_line(bound, start, line, faults), is_blank=False)
        following = int(lines[-1][0][:-1]) + 1 if lines else 0
        for blank in range(0 if self.disabled else min(BLANK_LINES, self.most - number)):
            start = f"{following + blank}-"
            yield Line(number + blank + 1, self.shown_line(bound, start, MultiValueDict(), faults), is_blank=True)


def is_blank(raw: Raw) -> bool:
    """Nothing was posted but blanks."""
    return not any(str(one).strip() for _, values in raw.lists() for one in values)


def posted_text(value: Any) -> str:
    """One value as a control posts it."""
    return "on" if value is True else str(value)
