"""What stood on the page when somebody signed: a line that names it, and in what a later picture differs from it. Pure.

The line names the form, the policy, each section and the files, each with the first 16 digits of its SHA-256, so that
whoever is refused reads what changed meanwhile. Which promises are ticked is no part of it.
"""

from collections.abc import Mapping
from typing import Any

from questionnaires import snapshot

DIGITS = 16
_OF_THE_FORM = ("exhibit", "title", "version", "definition_sha256", "number", "round", "vendor")


def line_of(picture: Mapping[str, Any]) -> str:
    """`form=9f…;policy=3;A1=0c…;…;evidence=77…`"""
    return ";".join(f"{name}={mark}" for name, mark in _marks(picture).items())


def changes(seen: str, picture: Mapping[str, Any]) -> list[str]:
    """Why `picture` is not what was seen, in sentences; none when it is."""
    was = dict(part.split("=", 1) for part in seen.split(";") if "=" in part)
    now = _marks(picture)
    if not {"form", "policy", "evidence"} <= was.keys():
        return ["The page from which you signed was not the one that we show now."]
    found = []
    if was["policy"] != now["policy"]:
        found.append(f"The policy is version {now['policy']} now, and another one stood on the page that you saw.")
    if was["form"] != now["form"]:
        found.append("The form itself changed.")
    sections = [name for name in {**now, **was} if name not in {"form", "policy", "evidence"}]
    if changed := sorted((name for name in sections if was.get(name) != now.get(name)), key=_order):
        found.append(f"Answers changed in {', '.join(changed)}.")
    if was["evidence"] != now["evidence"]:
        found.append("The files changed.")
    return found


def _marks(picture: Mapping[str, Any]) -> dict[str, str]:
    sections: dict[str, list[Any]] = {}
    for answer in picture["answers"]:
        sections.setdefault(answer["section"], []).append(answer)
    return {
        "form": _mark({name: picture[name] for name in _OF_THE_FORM}),
        "policy": str(picture["policy"]["number"]),
        **{code: _mark(answers) for code, answers in sections.items()},
        "evidence": _mark(picture["evidence"]),
    }


def _mark(value: Any) -> str:
    return snapshot.sha256(value)[:DIGITS]


def _order(code: str) -> tuple[int, str]:
    return len(code), code
