"""The sums of an Exhibit B: right, wrong, or not known."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.definition import Answers, Row
from questionnaires.reckoning import Allowed, reckon
from tests.questionnaires.exhibit_b import TODAY

ALLOWED = Allowed(
    suppress_hours=72,
    complaint_hours=24,
    servers=["23.45.67.0/28", "2600::1"],
    from_addresses=["news@fieldnote.example"],
    per_hour={"gmail": 1000},
)


def facts(values: dict[str, Any], *sources: dict[str, Any], allowed: Allowed = ALLOWED) -> dict[str, Any]:
    rows = {"sources": [Row(f"s{number}", source) for number, source in enumerate(sources, 1)]}
    told = reckon(Answers(values, rows), today=TODAY, allowed=allowed)
    return {name.removeprefix("derived."): value for name, value in told.items()}


def test_of_nothing_only_the_size_of_the_sample_is_known() -> None:
    assert facts({}) == {"sample_size": 30}
    assert facts({}, {}) == {"sample_size": 30}


def test_the_total_is_known_once_every_source_has_its_number() -> None:
    assert facts({}, {"B2.02": 499}, {"B2.02": 2})["new_addresses"] == 501
    assert "new_addresses" not in facts({}, {"B2.02": 499}, {})


@pytest.mark.parametrize(
    "source", [{"B2.07": ["web", "bought"]}, {"B2.07": ["coregistration"]}, {"B2.06": False}, {"B2.07": ["referral"]}]
)
def test_the_sample_is_wider_for_lists_from_others(source: dict[str, Any]) -> None:
    assert facts({}, {}, source)["sample_size"] == 60


def test_the_months_count_only_where_there_is_more_than_one() -> None:
    within = {"first": "2026-10-01", "last": "2026-10-31"}
    across = {"first": "2025-10-31", "last": "2026-10-01"}
    months = [{"month": "2026-10-01", "count": 3}]
    assert facts({}, {"B2.02": 4, "B2.03": within, "B2.09": months})["spans_months@s1"] is False
    assert "months_add_up@s1" not in facts({}, {"B2.02": 4, "B2.03": within, "B2.09": months})
    assert facts({}, {"B2.02": 4, "B2.03": across, "B2.09": months})["months_add_up@s1"] is False
    assert facts({}, {"B2.02": 3, "B2.03": across, "B2.09": months})["months_add_up@s1"] is True


@pytest.mark.parametrize(
    ("fetched", "start", "is_old"),
    [("2026-11-20", "2026-11-23", False), ("2026-11-20", "2026-11-24", True), ("2026-11-20", "2026-11-20", False)],
)
def test_a_download_is_old_when_more_hours_lie_between_than_the_policy_allows(
    fetched: str, start: str, is_old: bool
) -> None:
    assert facts({"B6.02": {"on": fetched}, "B7.01": start})["download_is_old"] is is_old


def test_limits_come_from_the_policy() -> None:
    strict = Allowed(suppress_hours=24, complaint_hours=1)
    assert facts({"B9.02": 2, "B3b.04": 1}, allowed=strict) == {
        "sample_size": 30,
        "proof_is_slow": True,
        "paper_is_slow": False,
    }


@pytest.mark.parametrize(
    ("server", "sender", "is_foreign"),
    [
        ("23.45.67.1", "NEWS@fieldnote.example", False),
        ("23.45.67.0/29", "news@fieldnote.example", False),
        ("23.45.67.0/27", "news@fieldnote.example", True),
        ("2600::1", "news@fieldnote.example", False),
        ("2600::2", "news@fieldnote.example", True),
        ("23.45.67.1", "news@elsewhere.example", True),
    ],
)
def test_a_sender_is_foreign_unless_both_its_halves_were_accepted(server: str, sender: str, is_foreign: bool) -> None:
    values = {"B7.03": "some", "B7.09": [{"server": server, "from": sender}]}
    assert facts(values)["has_foreign_sender"] is is_foreign
    assert "has_foreign_sender" not in facts(values | {"B7.03": "all"})
    assert "has_foreign_sender" not in facts(values, allowed=Allowed(suppress_hours=72, complaint_hours=24))


def test_lines_of_one_day_and_provider_count_together() -> None:
    half = {"day": 1, "provider": "gmail", "messages": 12_001}
    assert facts({"B7.04": [half]})["is_over_ceiling"] is False
    assert facts({"B7.04": [half, half]})["is_over_ceiling"] is True
    assert facts({"B7.04": [half, half | {"day": 2}]})["is_over_ceiling"] is False
    assert "is_over_ceiling" not in facts({"B7.04": [half | {"provider": "other"}]})


@given(
    st.lists(st.integers(0, 1000), min_size=5, max_size=5),
    st.lists(st.integers(1, 1000), min_size=1, max_size=3),
)
def test_what_is_taken_out_and_what_is_left_make_what_there_was(counts: list[int], new: list[int]) -> None:
    cleaned = dict(zip(["duplicates", "unusable", "worn", "unfit", "left"], counts, strict=True))
    told = facts({"B6.01": cleaned}, *({"B2.02": count} for count in new))
    assert told["cleaning_adds_up"] is (sum(counts) == sum(new))


@given(st.dates(date(2020, 1, 1), TODAY), st.dates(date(2020, 1, 1), TODAY))
def test_first_and_last_consent_are_in_order_or_not(first: date, last: date) -> None:
    told = facts({}, {"B2.03": {"first": first.isoformat(), "last": last.isoformat()}})
    assert told["consent_in_order@s1"] is (first <= last)
    assert TODAY - timedelta(days=told["consent_age_days@s1"]) == first


def test_what_exhibit_a_said_of_proof_stands_until_the_vendor_says_otherwise() -> None:
    slow = Allowed(suppress_hours=72, complaint_hours=24, proof_hours=30)
    assert facts({}, allowed=slow) == {"sample_size": 30, "proof_hours": 30, "proof_is_slow": True}
    assert facts({"B9.02": 3}, allowed=slow)["proof_is_slow"] is False
