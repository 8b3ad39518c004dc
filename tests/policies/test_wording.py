"""Numbers in braces, clean words, and the text that is hashed."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.clauses import Clause
from policies.thresholds import BOUNDS, NAMES, ThresholdRefused, Thresholds
from policies.wording import WordingRefused, cleaned, fill, sha256, write

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def test_a_threshold_in_braces_becomes_its_number() -> None:
    thresholds = Thresholds(new_addresses=10_000)
    assert fill("Above {new_addresses}, within {forward_hours} hours.", thresholds) == "Above 10,000, within 48 hours."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{days}", "“{days}” is no threshold. Write one of {complaint_hours}, "),
        ("{}", "“{}” is no threshold"),
        ("{ optout_days }", "“{ optout_days }” is no threshold"),
        ("{optout_days!r}", "“{optout_days!r}” is no threshold"),
        ("{optout_days:>9}", "“{optout_days:>9}” is no threshold"),
        ("{optout_days.real}", "“{optout_days.real}” is no threshold"),
        ("{{optout_days}}", "A brace stands alone"),
        ("{optout_days", "A brace stands alone"),
        ("optout_days}", "A brace stands alone"),
    ],
)
def test_any_other_brace_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(WordingRefused) as refused:
        fill(text, Thresholds())
    assert str(refused.value).startswith(sentence)


@given(st.text())
def test_text_without_braces_stays_as_it_is(text: str) -> None:
    plain = text.replace("{", "").replace("}", "")
    assert fill(plain, Thresholds()) == plain


@given(st.text(max_size=300))
def test_what_is_cleaned_stays_as_it_is_when_it_is_cleaned_again(text: str) -> None:
    try:
        clean = cleaned(text, "text", 200)
    except WordingRefused:
        return
    assert cleaned(clean, "text", 200) == clean
    assert "\n" not in clean


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n ", "Write the title."),
        ("x" * 21, "The title has 21 characters. Keep it to 20."),
        ("from\u202eright", "The title holds a character that cannot be seen (U+202E). Type it anew."),
        ("nul\0", "The title holds a character that cannot be seen (U+0000). Type it anew."),
    ],
)
def test_words_that_cannot_stand_there_are_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(WordingRefused) as refused:
        cleaned(text, "title", 20)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_threshold_keeps_to_its_bounds(name: str) -> None:
    bound = BOUNDS[name]
    for value in (bound.least, bound.most):
        assert Thresholds.of({name: value}).stored()[name] == value
    refused: list[Any] = [bound.least - 1, bound.most + 1, True, "48", 48.0, None]
    for value in refused:
        with pytest.raises(ThresholdRefused, match=f"Write {bound.least:,} to {bound.most:,} {bound.unit}"):
            Thresholds.of({name: value})


def test_a_threshold_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ThresholdRefused, match="There is no threshold 'grace_days'"):
        Thresholds.of({"grace_days": 3})


def test_the_whole_text_says_which_version_it_is_since_when_and_every_clause() -> None:
    clauses = [Clause("L1", "Consent", "Above {mass_mail_recipients}."), Clause("N1", "Change", "It may change.")]
    text = write("The policy", 2, NOON, clauses, Thresholds())
    assert text == (
        "# The policy\n\nVersion 2, in force from 1 December 2026, 12:00:00 UTC.\n\n"
        "“We” and “our” mean the advertiser, in whose name the mail is sent.\n\n"
        "## Legitimate mail\n\n### L1 Consent\n\nAbove 250.\n\n"
        "## Changes of the policy\n\n### N1 Change\n\nIt may change.\n"
    )
    assert sha256(text) == hashlib.sha256(text.encode("utf-8")).hexdigest()
    assert "Version 1, in force from the beginning." in write("The policy", 1, NOON, clauses, Thresholds())
