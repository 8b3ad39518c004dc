"""Real answers of registries, with what a person read in them. They lie beside the clone, in shared/data; tests that
need them skip where they are not."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ELEMENTS = ("name_or_organisation", "name", "organisation", "email", "phone", "address")


@cache
def folder(kind: str) -> Path | None:
    for above in Path(__file__).resolve().parents:
        found = above / "shared" / "data" / "registration" / kind
        if found.is_dir():
            return found
    return None


def entries(kind: str) -> list[Any]:
    """One parameter for each answer; a single skipped one where the samples are not."""
    place = folder(kind)
    if place is None:
        return [pytest.param({}, marks=pytest.mark.skip(reason="shared/data is not beside this clone"))]
    found: list[dict[str, Any]] = json.loads((place / "expected.json").read_text())
    return [pytest.param(entry, id=entry["file"]) for entry in found]


def body(kind: str, file: str) -> bytes:
    place = folder(kind)
    assert place is not None
    return (place / file).read_bytes()


def letters(value: Any) -> str:
    """The letters and digits of a value, however it is laid out."""
    if isinstance(value, dict):
        value = [*value.get("street", []), value.get("city"), value.get("region"), value.get("postal_code")]
    if isinstance(value, list):
        value = " ".join(part for part in value if part)
    return "".join(mark for mark in value.lower() if mark.isalnum())
