"""Answers to Exhibit B, as a vendor with one source gives them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from questionnaires.definition import Answers, Row
from questionnaires.definition_file import newest
from questionnaires.reckoning import Allowed, reckon

B = newest("B")
TODAY = date(2026, 11, 22)
ALLOWED = Allowed(
    suppress_hours=72,
    complaint_hours=24,
    servers=["23.45.67.0/28"],
    from_addresses=["news@fieldnote.example"],
    proof_hours=4,
    per_hour={"gmail": 1000},
)
FACTS: dict[str, Any] = {
    "record.name": "Fieldnote Digital Ltd",
    "record.acceptance": "A-2026-0012",
    "accepted.A13.06": 48,
    "accepted.A14.05": "https://fieldnote.example/privacy",
    "policy.read": "2026-11-22T10:00:00Z",
    "signature.at": "2026-11-22T10:10:00Z",
}
SOURCE: dict[str, Any] = {
    "B2.01": "GARDEN-WEB-2026",
    "B2.02": 501,
    "B2.03": {"first": "2026-10-02", "last": "2026-10-30"},
    "B2.04": False,
    "B2.05": [{"region": "us", "share": 100}],
    "B2.06": True,
    "B2.07": ["web"],
}
VALUES: dict[str, Any] = {
    "B1.03": "us",
    "B1.04": False,
    "B1.05": "new",
    "B3a.01": [{"property": "Garden", "url": "https://fieldnote.example/join", "since": "2026-01-01", "until": None}],
    "B3a.02": ["file-1"],
    "B3a.03": ["unticked", "separate", "single"],
    "B3a.04": "confirmed",
    "B3a.06": ["property", "ip", "date", "time", "wording"],
    "B3a.07": ["own"],
    "B3a.08": ["file-2"],
    "B4.01": [{"wording": "Yes, send me offers of Harrow & Lyle.", "since": "2026-01-01", "until": None}],
    "B4.02": ["size", "above", "contrast"],
    "B4.03": "Courses, weekly, from us.",
    "B4.04": "named",
    "B4.05": "The wording names you and your courses.",
    "B4.06": True,
    "B6.01": {"tool": "Own", "on": "2026-11-20", "duplicates": 5, "unusable": 10, "worn": 3, "unfit": 2, "left": 481},
    "B6.02": {"on": "2026-11-29", "version": "", "advertiser": 1, "own": 0, "owner": 0},
    "B6.03": True,
    "B6.04": ["role", "disposable", "trap"],
    "B6.05": True,
    "B6.06": {"size": 25, "checker": "Ann Lee", "result": "All in use."},
    "B6.07": {"expected": 100, "stop": 300},
    "B7.01": "2026-12-01",
    "B7.02": [{"code": "HL-12"}],
    "B7.04": [{"day": 1, "provider": "gmail", "messages": 200}, {"day": 2, "provider": "gmail", "messages": 300}],
    "B7.05": True,
    "B7.06": True,
    "B7.07": True,
    "B7.08": True,
    "B9.01": True,
    "B10.02": True,
    "B10.03": True,
    "B10.05": True,
    "B11.02": True,
    "B11.03": True,
    "B11.04": True,
    "B11.06": True,
    "B11.07": True,
    "B11.08": "Mara Lindqvist",
    "B11.10": True,
    "B11.11": True,
}


def answers(*sources: Mapping[str, Any], allowed: Allowed = ALLOWED, counted: int = 0, **facts: Any) -> Answers:
    """The answers of VALUES, with what differs, and one row for each of `sources` (SOURCE, with what differs). Codes of
    rows go into the rows; `facts` are names with "__" for their full stop."""
    others: dict[str, Any] = {}
    rows = []
    for number, changed in enumerate(sources or [{}], 1):
        rows.append(Row(f"s{number}", SOURCE | {k: v for k, v in changed.items() if k.startswith("B2.")}))
        others |= {code: value for code, value in changed.items() if not code.startswith("B2.")}
    told = FACTS | {"additions.counted@s1": counted} | {name.replace("__", "."): value for name, value in facts.items()}
    written = Answers(VALUES | others, {"sources": rows}, told)
    return Answers(written.values, written.rows, told | reckon(written, today=TODAY, allowed=allowed))
