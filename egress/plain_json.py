"""JSON that a stranger wrote, made safe to keep: bounded in depth, without what no database takes (RFC 7493)."""

import json
import math
from typing import Any

DEEPEST = 40  # lists and objects within each other; real registrations have half as many


def read_object(text: str | bytes) -> dict[str, Any] | None:
    """The object that the text is; None for anything else: no JSON, another value, NaN, numbers beyond all measure, too
    deep. Of a name that stands twice the last counts. NUL and halves of surrogate pairs become other characters. How
    long the text may be is the caller's to bound."""
    try:
        found = _tamed(json.loads(text, parse_constant=_refused, parse_float=_finite), 0)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _tamed(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise ValueError("It is nested too deeply.")
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_tamed(one, depth + 1) for one in value]
    if isinstance(value, dict):
        return {_tamed(name, depth): _tamed(one, depth + 1) for name, one in value.items()}
    return value


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("The number is too large.")
    return number
