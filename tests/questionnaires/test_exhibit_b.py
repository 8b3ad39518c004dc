"""Exhibit B: what it asks of whom, what it leaves out, and which rules speak."""

import re
from dataclasses import replace
from typing import Any

import pytest

from policies.clauses import clauses
from questionnaires import asking, conditions
from questionnaires.definition import Answers, Kind
from tests.questionnaires.exhibit_b import ALLOWED, B, answers

OUTLINE = """
    B1.01-05 B2.01-08 B3a.01-07 B3b.01-03 B3c.01-03 B4.01-06 B5.01-06 B6.01-07 B7.01-08 B8.01-03 B9.01-04 B10.01-05
    B11.01-09
"""
FACTS = {
    "signature.of_signatory",
    "record.name", "record.acceptance", "accepted.A13.06", "accepted.A14.05", "additions.counted", "policy.read",
    "signature.at", "draw.numbers", "draw.missing", "draw.failures", "draw.verdict", "draw.times", "draw.unjudged",
    "accepted.servers", "accepted.senders",
}  # fmt: skip
RECKONED = {
    "cleaning_adds_up", "code_stands_twice", "consent_age_days", "consent_in_order", "download_is_old",
    "has_foreign_sender", "is_over_ceiling", "lives_abroad", "months_add_up", "paper_is_slow", "proof_is_slow",
    "proof_hours", "senders", "shares_add_up", "spans_months", "start_has_passed",
}  # fmt: skip


def codes(**facts: Any) -> set[str]:
    """What is asked when the source or the form differ so."""
    return {place.question.code for place in asking.asked(B, answers(facts))}


def spoken(changed: dict[str, Any], **facts: Any) -> set[str]:
    return {rule.id for rule, _ in asking.spoken(B, answers(changed, **facts))}


# ---- The file ----


def test_it_has_eleven_sections_and_every_code_of_the_outline() -> None:
    assert [section.code for section in B.sections] == [f"B{number}" for number in range(1, 12)]
    for start, last in re.findall(r"(B\d+[abc]?)\.01-(\d\d)", OUTLINE):
        assert {f"{start}.{number:02}" for number in range(1, int(last) + 1)} <= B.questions.keys()


def test_each_code_stands_in_its_section_but_for_the_list_owners_signature() -> None:
    for code, page in B.page_of.items():
        section = re.match(r"B\d+", code)
        assert section
        assert B.section_of[page.step].code == ("B1" if code == "B11.05" else section[0])


def test_every_clause_that_it_cites_is_in_the_policy() -> None:
    cited = {clause for question in B.questions.values() for clause in question.clauses}
    assert cited | {clause for rule in B.rules for clause in rule.clauses} <= set(clauses())


def test_it_looks_up_no_fact_that_nobody_supplies() -> None:
    names = {question.source for question in B.questions.values()} - {""}
    for when in [*(question.when for question in B.questions.values()), *(page.when for page in B.pages.values())]:
        names |= conditions.names(when)
    for rule in B.rules:
        names |= conditions.names(rule.when)
    names |= {column.offers for question in B.questions.values() for column in question.columns} - {""}
    facts = {name for name in names if name[0].islower()}
    assert facts == FACTS | {f"derived.{name}" for name in RECKONED}


def test_nothing_is_worded_twice_and_no_word_is_out_of_place() -> None:
    labels = [question.label for question in B.questions.values()]
    assert len(labels) == len(set(labels))
    assert len({rule.id for rule in B.rules}) == len(B.rules)
    texts = labels + [question.hint for question in B.questions.values()] + [page.why for page in B.pages.values()]
    texts += [text for rule in B.rules for text in (rule.says, rule.cure)]
    for text in texts:
        assert not re.search(r"\b(please|invalid|NYIP|utilize|ensure)\b", text, re.IGNORECASE), text
    for rule in B.rules:
        assert rule.says.endswith(".")
        assert rule.cure.endswith(".")


def test_a_page_asks_of_one_topic_and_of_no_more_than_ten_things() -> None:
    for page in B.pages.values():
        assert len(page.questions) <= 10, page.step


# ---- What is asked ----


def test_the_usual_source_is_asked_fewer_than_fifty_questions_and_nothing_is_missing() -> None:
    """One source of the vendor's own web form, confirmed, gathered within a month: the short way."""
    told = answers()
    places = list(asking.asked(B, told))
    assert len(places) == 49
    assert [lack for page in asking.steps(B, told) for lack in asking.missing(page, told)] == []


def test_without_any_answer_it_asks_no_more_than_it_must() -> None:
    empty = Answers({}, {}, {})
    assert [page.step for page in asking.steps(B, empty)] == [
        "link", "sources", "wording", "cleaning", "suppression", "first-mailings", "while-it-runs", "sample", "trace",
        "privacy", "sign",
    ]  # fmt: skip
    assert "Add at least one source." in asking.missing(B.pages["sources"], empty)


def test_company_details_are_shown_and_never_asked() -> None:
    assert not {"B1.01", "B1.02", "B9.04", "B10.01"} & codes()
    labels = " ".join(question.label.lower() for question in B.questions.values())
    for asked_in_a in ("registered address", "tax number", "website of your company", "emergency"):
        assert asked_in_a not in labels


@pytest.mark.parametrize(
    ("changed", "opened"),
    [
        ({"B2.07": ["web"]}, {"B3a.01", "B3a.02", "B3a.03", "B3a.04", "B3a.06", "B3a.07", "B3a.08"}),
        ({"B2.07": ["coregistration"]}, {"B3a.01", "B3a.02", "B3a.03", "B3a.04", "B3a.06", "B3a.07", "B3a.08"}),
        ({"B2.07": ["print"]}, {"B3b.01", "B3b.02", "B3b.03", "B3b.04"}),
        ({"B2.07": ["telephone"]}, {"B3c.01", "B3c.02", "B3c.03", "B3c.04"}),
        ({"B2.07": ["event"]}, {"B3c.01", "B3c.02", "B3c.03", "B3c.04"}),
        ({"B2.07": ["sale"], "B3c.03": True}, {"B3c.01", "B3c.02", "B3c.03", "B3c.04", "B3c.05"}),
        (
            {"B2.07": ["bought"], "B2.06": False},
            {"B3c.01", "B3c.02", "B3c.03", "B3c.04"} | {f"B5.0{n}" for n in (1, 2, 3, 5, 6, 7, 8)},
        ),
    ],
)
def test_each_channel_opens_its_own_questions_and_no_others(changed: dict[str, Any], opened: set[str]) -> None:
    assert {code for code in codes(**changed) if code.startswith(("B3", "B5"))} == opened


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"B1.03": "other"}, "B1.06"),
        ({"B1.03": "other"}, "B1.07"),
        ({"B1.03": "other"}, "B11.05"),
        ({"B1.03": "other"}, "B9.03"),
        ({"B2.04": True}, "B2.10"),
        ({"B2.03": {"first": "2026-09-30", "last": "2026-10-01"}}, "B2.09"),
        ({"B3a.04": "single"}, "B3a.05"),
        ({"B3a.04": "single"}, "B3a.10"),
        ({"B3a.07": ["affiliates"]}, "B3a.09"),
        ({"B10.03": False}, "B10.06"),
        ({"B2.05": [{"region": "us", "share": 60}, {"region": "eu", "share": 40}]}, "B10.04"),
    ],
)
def test_what_only_some_need_opens_when_they_need_it(changed: dict[str, Any], code: str) -> None:
    assert code in codes(**changed)
    assert code not in codes()


def test_who_has_more_than_one_server_chooses_and_lists_them() -> None:
    several = replace(ALLOWED, servers=["23.45.67.1", "23.45.67.2"])
    chosen = {"B7.03": "some", "B7.09": [{"server": "23.45.67.3", "from": "news@fieldnote.example"}]}
    assert not {"B7.03", "B7.09"} & codes()
    assert "B7.03" in {place.question.code for place in asking.asked(B, answers({}, allowed=several))}
    told = answers(chosen, allowed=several)
    assert "B7.09" in {place.question.code for place in asking.asked(B, told)}
    assert "sender-not-accepted" in {rule.id for rule, _ in asking.spoken(B, told)}


def test_one_source_of_several_is_enough_to_open_a_section() -> None:
    told = answers({}, {"B2.01": "BOUGHT", "B2.06": False, "B2.07": ["bought"]})
    steps = [page.step for page in asking.steps(B, told)]
    assert {"web", "web-records", "other-ways", "third-party"} <= set(steps)
    assert sum(place.question.code == "B2.06" for place in asking.asked(B, told)) == 2


def test_proof_is_asked_once_rows_were_drawn_and_reasons_once_some_lack_it() -> None:
    assert not {"B8.01", "B8.02"} & codes()
    drawn = {place.question.code for place in asking.asked(B, answers(draw__numbers=[3, 7]))}
    assert "B8.01" in drawn
    assert "B8.02" not in drawn
    assert "B8.02" in {place.question.code for place in asking.asked(B, answers(draw__numbers=[3], draw__missing=1))}


def test_addresses_counted_so_far_are_shown_not_asked_and_may_be_corrected() -> None:
    told = answers(counted=499)
    (source,) = told.rows["sources"]
    shown = next(place for place in asking.applying(B.pages["sources"], told) if place.question.code == "B2.08")
    assert (shown.row, asking.value_at(shown, told)) == (source, 499)
    assert not asking.is_asked(shown, told)
    assert shown.question.carried


# ---- The rules ----


def test_the_short_way_meets_every_rule_but_that_the_sample_is_still_to_be_drawn() -> None:
    assert spoken({}) == {"not-sampled"}
    assert spoken({}, draw__numbers=[1]) == set()


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"B1.04": True}, "changed-since-a"),
        ({"B1.05": "dormant"}, "dormant-addresses"),
        ({"B2.03": {"first": "2026-10-30", "last": "2026-10-02"}}, "consent-days-in-disorder"),
        ({"B2.03": {"first": "2024-10-30", "last": "2026-10-02"}}, "old-consent"),
        (
            {
                "B2.03": {"first": "2026-09-30", "last": "2026-10-02"},
                "B2.09": [{"month": "2026-09-01", "count": 1}, {"month": "2026-10-01", "count": 1}],
            },
            "months-do-not-add-up",
        ),
        ({"B2.05": [{"region": "us", "share": 99}]}, "shares-do-not-add-up"),
        ({"B2.04": True}, "mailed-before"),
        ({"B2.07": ["bought"]}, "not-organic-after-all"),
        ({"B3a.03": ["separate", "single"]}, "ticked-beforehand"),
        ({"B3a.03": ["none"]}, "ticked-beforehand"),
        ({"B3a.03": ["unticked"]}, "tied-to-terms"),
        ({"B3a.04": "mixed"}, "single-opt-in"),
        ({"B3a.04": "single", "B3a.05": 501}, "false-sign-ups"),
        ({"B3a.06": ["property", "ip", "date"]}, "proof-not-stored"),
        ({"B3a.07": ["own", "incentive"]}, "paid-sign-ups"),
        ({"B2.07": ["print"], "B3b.04": 25}, "paper-too-slow"),
        ({"B2.07": ["event"], "B3c.03": False}, "not-confirmed"),
        ({"B4.02": ["size"]}, "not-conspicuous"),
        ({"B4.04": "partners"}, "only-partners"),
        ({"B4.04": "nothing", "B2.06": False}, "no-third-party-consent"),
        ({"B4.04": "nothing", "B1.03": "other"}, "no-third-party-consent"),
        ({"B4.06": False}, "no-way-out-promised"),
        ({"B2.06": False, "B5.08": False}, "no-proof"),
        ({"B2.06": False, "B5.05": "unknown"}, "sold-to-others"),
        ({"B2.02": 502}, "cleaning-does-not-add-up"),
        ({"B6.03": False}, "worn-addresses-left-in"),
        ({"B6.04": ["role"]}, "unfit-addresses-left-in"),
        ({"B6.05": False}, "minors-left-in"),
        ({"B7.01": "2026-12-03"}, "old-download"),
        ({"B7.01": "2026-11-22"}, "starts-in-the-past"),
        ({"B7.04": [{"day": 1, "provider": "gmail", "messages": 24_001}]}, "faster-than-accepted"),
        ({"B7.06": False}, "no-reminder"),
        ({"B9.01": False}, "not-traceable"),
        ({"B9.02": 25}, "proof-too-slow"),
        ({"B9.04": 35}, "proof-kept-briefly"),
        ({"B10.02": False}, "not-told-of-passing-on"),
    ],
)
def test_each_rule_speaks_when_it_should(changed: dict[str, Any], rule: str) -> None:
    assert rule in spoken(changed)


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"record__acceptance": None}, "no-exhibit-a"),
        ({"accepted__A13.06": 24}, "proof-kept-briefly"),
        ({"draw__numbers": [1], "draw__failures": 1}, "sample-failed-once"),
        ({"draw__numbers": [1], "draw__failures": 2}, "sample-failed-twice"),
        ({"draw__numbers": [1], "draw__times": 2}, "drawn-more-than-once"),
        ({"draw__numbers": [1], "draw__unjudged": True}, "sample-not-judged"),
        ({"signature__of_signatory": False}, "signed-from-another-account"),
    ],
)
def test_rules_speak_of_facts_too(facts: dict[str, Any], rule: str) -> None:
    assert rule in spoken({}, **facts)


def test_every_rule_was_heard_in_these_tests() -> None:
    """A new rule needs a line above."""
    tables = [
        mark.args[1]
        for test in (test_each_rule_speaks_when_it_should, test_rules_speak_of_facts_too)
        for mark in test.pytestmark
    ]
    heard = {line[1] for table in tables for line in table} | {
        "not-sampled",
        "code-stands-twice",
        "sender-not-accepted",
    }
    assert heard == {rule.id for rule in B.rules}


def test_a_code_that_stands_twice_is_told_of_both_sources() -> None:
    told = answers({"B2.01": "Garden "}, {"B2.01": "GARDEN"}, {"B2.01": "other"})
    rows = [row.uid for rule, row in asking.spoken(B, told) if rule.id == "code-stands-twice" and row]
    assert rows == ["s1", "s2"]


def test_bounds_of_numbers_fit_their_kind() -> None:
    for question in B.questions.values():
        if question.kind in {Kind.TABLE, Kind.FILE}:
            assert question.most, question.code
