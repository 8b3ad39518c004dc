"""The object that `check-sender --json` prints: its fields are promised in docs/operations.md."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.monitors.sender.lab import ALL, opened, seen

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "operations.md").read_text()
TEXT, LIST, OBJECT, FLAG, NUMBER = str, list, dict, bool, float
OPTIONAL = (str, type(None))
CHECK: dict[str, Any] = {
    "id": TEXT,
    "name": TEXT,
    "target": TEXT,
    "clause": TEXT,
    "group": TEXT,
    "word": TEXT,
    "sentence": TEXT,
    "zone": OPTIONAL,
    "lookup": OPTIONAL,
    "command": OPTIONAL,
    "verdict": OPTIONAL,
    "result": OPTIONAL,
    "severity": OPTIONAL,
    "codes": LIST,
    "meanings": LIST,
    "text": LIST,
    "evidence": LIST,
    "counts": FLAG,
    "health": (dict, type(None)),
    "paths": LIST,
    "facts": OBJECT,
}
PATH: dict[str, Any] = {
    "path": TEXT,
    "verdict": TEXT,
    "result": TEXT,
    "sentence": TEXT,
    "codes": LIST,
    "health": (dict, type(None)),
}
DOMAIN: dict[str, Any] = {
    "domain": TEXT,
    "origins": LIST,
    "given": FLAG,
    "verdict": TEXT,
    "summary": TEXT,
    "checks": LIST,
}
RESOLVER: dict[str, Any] = {"path": TEXT, "kind": TEXT, "sentence": TEXT, "cure": OPTIONAL}
SUSPICION: dict[str, Any] = {"kind": TEXT, "sentence": TEXT, "borne_out": FLAG, "clause": TEXT, "witnesses": LIST}
TOP: dict[str, Any] = {
    "checked_at": TEXT,
    "address": TEXT,
    "domain": OPTIONAL,
    "verdict": TEXT,
    "summary": TEXT,
    "overall": TEXT,
    "checks": LIST,
    "further": LIST,
    "domains": LIST,
    "suspicions": LIST,
    "resolvers": LIST,
    "left_out": LIST,
    "seconds": NUMBER,
}
VERDICTS = {"clear", "adverse", "unknown", None}


def fits(value: dict[str, Any], schema: dict[str, Any]) -> None:
    assert value.keys() == schema.keys()
    for field, kind in schema.items():
        assert isinstance(value[field], kind), (field, value[field])


@pytest.mark.parametrize("mood", ["normal", "refused", "servfail"])
def test_every_field_is_there_whatever_is_seen(monkeypatch: pytest.MonkeyPatch, mood: str) -> None:
    with opened(monkeypatch) as lab:
        lab.world.list("zen.spamhaus.org", "203.0.113.5", codes=("127.0.0.4",))
        for path in lab.paths:
            path.set_mood(mood)
        _, found = seen(*ALL)
    fits(found, TOP)
    checks = [*found["checks"], *found["further"], *(one for domain in found["domains"] for one in domain["checks"])]
    for check in checks:
        fits(check, CHECK)
        assert check["verdict"] in VERDICTS
        assert check["group"] in {"lists", "dns", "holder", "website"}
        for path_seen in check["paths"]:
            fits(path_seen, PATH)
    for kind, schema in (("domains", DOMAIN), ("resolvers", RESOLVER), ("suspicions", SUSPICION)):
        for one in found[kind]:
            fits(one, schema)
    assert bool(found["suspicions"]) is (mood == "normal")


def test_every_field_is_documented() -> None:
    part = PAGE.partition("### What check-sender prints")[2].partition("\n## ")[0]
    named = set(re.findall("`([a-z_]+)`", part))
    for schema in (TOP, CHECK, PATH, DOMAIN, RESOLVER, SUSPICION):
        assert schema.keys() <= named, schema.keys() - named
