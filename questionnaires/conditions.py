"""When does a question apply, when does a rule speak? Conditions as the definitions write them, over what is known.

A condition is a table whose lines must all hold, or a list of tables of which one must. A line names a question
(`"A1.10"`) or a fact (`"sample.tls"`), and what it must be:

    "A5.05" = "shared"              the answer, or one of several answers given, is this
    "A1.10" = ["owner", "both"]     it is one of these
    "A3.06" = { above = 30 }        also: below, at_least, at_most; compared with a number
    "A9.05" = { lacks = "ip" }      it was answered, and this is not among the answers
    "sample.tls" = { unknown = true }   nothing is known of it; false: something is

What is not known holds no other line, adverse or not. This module knows neither where answers are kept nor who reads.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Known = Callable[[str], Any]  # the answer to a code, or the fact of a name; None when there is none yet
OPERATORS = frozenset({"above", "below", "at_least", "at_most", "lacks", "unknown"})


class ConditionRefused(Exception):
    """A definition holds a condition that cannot be read; the sentence says which."""


def holds(condition: Any, known: Known) -> bool:
    """Does it hold? No condition always does."""
    if not condition:
        return True
    if isinstance(condition, Mapping):
        return all(_line_holds(expected, known(name)) for name, expected in condition.items())
    return any(holds(one, known) for one in condition)


def may_hold(condition: Any, known: Known) -> bool:
    """Does it hold, or would it when what is not known turned out so? False only where what is known rules it out."""
    if not condition:
        return True
    if isinstance(condition, Mapping):
        return all(
            (value := known(name)) is None or _line_holds(expected, value) for name, expected in condition.items()
        )
    return any(may_hold(one, known) for one in condition)


def names(condition: Any) -> set[str]:
    """The codes and facts that it asks about."""
    if not condition:
        return set()
    if isinstance(condition, Mapping):
        return set(condition)
    return {name for one in condition for name in names(one)}


def check(condition: Any) -> None:
    """Raise ConditionRefused unless `holds` can read it."""
    if isinstance(condition, list):
        for one in condition:
            check(one)
        return
    if not isinstance(condition, Mapping):
        raise ConditionRefused(f"{condition!r} is no condition: write a table, or a list of tables.")
    for name, expected in condition.items():
        if isinstance(expected, Mapping) and (not expected or expected.keys() - OPERATORS):
            raise ConditionRefused(
                f"{name}: {dict(expected)} is not understood. Known: {', '.join(sorted(OPERATORS))}."
            )


def _line_holds(expected: Any, value: Any) -> bool:
    if isinstance(expected, Mapping):
        return all(_operator_holds(operator, limit, value) for operator, limit in expected.items())
    if value is None:
        return False
    given = value if isinstance(value, list) else [value]
    return any(one in given for one in (expected if isinstance(expected, list) else [expected]))


def _operator_holds(operator: str, limit: Any, value: Any) -> bool:
    if operator == "unknown":
        return (value is None) is bool(limit)
    if value is None:
        return False
    if operator == "lacks":
        wanted: Sequence[Any] = limit if isinstance(limit, list) else [limit]
        given = value if isinstance(value, list) else [value]
        return any(one not in given for one in wanted)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    match operator:
        case "above":
            return bool(value > limit)
        case "below":
            return bool(value < limit)
        case "at_least":
            return bool(value >= limit)
        case _:
            return bool(value <= limit)
