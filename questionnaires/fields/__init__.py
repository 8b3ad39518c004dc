"""How a question is typed, read and shown.

`field_for(question)` is its form field, `show(question, value)` its answer in words, `as_posted(question, value, name)`
a clean answer as a browser would post it. What is asked of whom is not decided here (asking.py).
"""

from typing import Any

from questionnaires.definition import Question
from questionnaires.fields.composed import CellError, CellsField, posted_text
from questionnaires.fields.making import field_for
from questionnaires.fields.showing import show

__all__ = ["CellError", "CellsField", "as_posted", "field_for", "show"]


def as_posted(question: Question, value: Any, name: str) -> dict[str, list[str]]:
    """`value`, clean or None, as the strings that the control `name` would post: what a form is bound to when the
    answer was carried over and not typed."""
    field = field_for(question)
    if isinstance(field, CellsField):
        return {f"{name}-{cell}": values for cell, values in field.posted(value).lists()}
    written = field.prepare_value(value)
    if written is None or written is False or written == []:
        return {}
    return {name: [str(one) for one in written] if isinstance(written, list) else [posted_text(written)]}
