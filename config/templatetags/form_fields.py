"""Fields of forms and what is wrong with them. A builtin library: templates use it without {% load %}."""

from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.template.context import Context

from config.templatetags.sluice import DRAWN, drawn
from questionnaires.fields import CellError, CellsField

register = template.Library()


def _control_class(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


@register.inclusion_tag("fragments/field.html", takes_context=True)
def field(
    context: Context,
    bound: BoundField,
    size: str = "",
    label: str = "",
    hint: str | None = None,
    code: str = "",
    box: bool = False,
) -> dict[str, Any]:
    """A form's field: label, hint, error, control. `size` is w-5, w-10 or w-20, with `host` for addresses and
    host names; `label` and `hint` replace the form's own ("": no hint), `code` is a question's, `box` frames
    a promise. Fields of questionnaires know their size, code and box themselves. Placeholders are dropped: they
    are no hints."""
    if hint is not None:
        bound.help_text = hint  # Django builds aria-describedby from it
    widget = bound.field.widget
    size = size or getattr(bound.field, "size", "")
    shown: dict[str, Any] = {
        "bound": bound,
        "label": label or bound.label,
        "code": code or getattr(bound.field, "code", ""),
        "box": box or getattr(bound.field, "is_promise", False),
        "unit": getattr(bound.field, "unit", ""),
        "is_optional": not bound.field.required,
        DRAWN: drawn(context),
    }
    if isinstance(bound.field, CellsField):
        faults = [str(error.message) for error in bound.errors.as_data() if not isinstance(error, CellError)]
        return shown | {"is_cells": True, "lines": list(bound.field.shown(bound)), "faults": faults}
    is_choice = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    classes = [widget.attrs.get("class"), _control_class(bound), "" if is_choice else size]
    attrs: dict[str, str | bool] = {"class": " ".join(filter(None, classes)), "placeholder": False}
    if is_choice:
        widget.attrs.update(attrs)  # each choice is an input of its own; the form owns this copy of the widget
    return shown | {
        "control": bound if is_choice else bound.as_widget(attrs=attrs),
        "is_tick": isinstance(widget, CheckboxInput),
        "is_choice": is_choice,
    }


def _problems(form: BaseForm) -> list[tuple[str, str]]:
    found = [("", str(error)) for error in form.non_field_errors()]
    for bound in form:
        if isinstance(bound.field, CellsField):
            faults = bound.errors.as_data()
            found += [(bound.field.target(bound, fault), str(fault.message)) for fault in faults]
            continue
        many = isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple)
        target = "" if bound.is_hidden else f"{bound.auto_id}_0" if many else bound.auto_id
        found += [(target, str(error)) for error in bound.errors]
    return found


@register.inclusion_tag("fragments/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """Above a refused form, first in main: each problem as a link to its field. Empty when all is well."""
    return {"problems": [problem for form in forms if form is not None for problem in _problems(form)]}
