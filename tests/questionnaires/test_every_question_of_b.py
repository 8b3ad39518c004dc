"""Every question of Exhibit B that is typed refuses at least one bad answer and takes a good one."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.utils.datastructures import MultiValueDict

from questionnaires.definition import Kind, Question
from questionnaires.definition_file import newest
from questionnaires.fields import as_posted, field_for, show

B = newest("B")
TODAY = date(2026, 11, 22)
NOT_TYPED = {Kind.CALC, Kind.FILE}

YES_OR_NO = ("perhaps", "yes")
PROMISE = ("", "on")
LONG = "They signed the card at our stand, and read what they signed."

# By code: a bad and a good answer, as typed. A record is its columns, a table its lines.
ANSWERS: dict[str, tuple[Any, Any]] = {
    "B1.02": ("F", "Fieldnote Digital Ltd"),
    "B1.03": ("them", "other"),
    "B1.04": YES_OR_NO,
    "B1.05": ("old", "new"),
    "B1.06": (
        {"name": "Garden Weekly", "country": "Canada", "person": "Ann Lee", "email": "ann at garden"},
        {"name": "Garden Weekly", "country": "Canada", "person": "Ann Lee", "email": "ann@garden.example"},
    ),
    "B2.01": ("", "GARDEN-WEB-2026"),
    "B2.02": ("0", "501"),
    "B2.03": ({"first": "2026-08-01", "last": "2026-12-24"}, {"first": "2026-08-01", "last": "2026-11-01"}),
    "B2.04": YES_OR_NO,
    "B2.05": ([{"region": "us", "share": "101"}], [{"region": "us", "share": "90"}, {"region": "eu", "share": "10"}]),
    "B2.06": YES_OR_NO,
    "B2.07": (["web", "telepathy"], ["web", "event"]),
    "B2.08": ("-1", "0"),
    "B2.09": (
        [{"month": "2026-08", "count": "501"}],
        [{"month": "2026-08-01", "count": "500"}, {"month": "2026-09-01", "count": "1"}],
    ),
    "B2.10": (
        {"who": "Garden Weekly", "since": "soon", "last": "2026-10-01"},
        {"who": "Garden Weekly", "since": "2026-01-01", "last": "2026-10-01"},
    ),
    "B3a.01": (
        [{"property": "Garden Weekly", "url": "garden", "since": "2026-01-01"}],
        [{"property": "Garden Weekly", "url": "https://garden.example/join", "since": "2026-01-01", "until": ""}],
    ),
    "B3a.03": (["ticked"], ["unticked", "separate", "single"]),
    "B3a.04": ("double", "confirmed"),
    "B3a.05": ("120", "2.5"),
    "B3a.06": (["name"], ["property", "ip", "date", "time"]),
    "B3a.07": (["magic"], ["own", "advertisements"]),
    "B3a.09": ("few", LONG),
    "B3a.10": ("a lot", LONG),
    "B3b.01": (
        [{"vehicle": "Garden Weekly", "issue": "May 2026", "circulation": "many"}],
        [{"vehicle": "Garden Weekly", "issue": "May 2026", "circulation": "40000"}],
    ),
    "B3b.03": (
        {"typist": "Ann Lee", "control": "none", "originals": "Boston"},
        {"typist": "Ann Lee", "control": LONG, "originals": "Boston"},
    ),
    "B3b.04": ("a day", "24"),
    "B3c.01": ("cards", LONG),
    "B3c.02": ("because", LONG),
    "B3c.03": YES_OR_NO,
    "B3c.05": ({"on": "2026-10-01", "opted_out": "101"}, {"on": "2026-10-01", "opted_out": "1.5"}),
    "B4.01": (
        [{"wording": "Yes", "since": "2026-01-01"}],
        [{"wording": "Yes, send me offers for courses.", "since": "2026-01-01"}],
    ),
    "B4.02": (["loud"], ["size", "above", "contrast"]),
    "B4.03": ("offers", "Offers for courses, weekly."),
    "B4.04": ("perhaps", "named"),
    "B4.05": ("they do", LONG),
    "B4.06": YES_OR_NO,
    "B5.01": (
        [{"owner": "Garden Weekly", "since": "2026-01-01"}],
        [{"owner": "Garden Weekly", "since": "2026-01-01", "contract": "Sale of 3 May 2026"}],
    ),
    "B5.03": ("We trust them.", f"{LONG} We looked at 40 cards ourselves, on 3 May."),
    "B5.05": ("perhaps", "exclusive"),
    "B5.06": PROMISE,
    "B5.08": YES_OR_NO,
    "B6.01": (
        {"tool": "Own", "on": "2026-11-20", "duplicates": "1", "unusable": "0", "worn": "0", "unfit": "0", "left": ""},
        {"tool": "Own", "on": "2026-11-20", "duplicates": "1", "unusable": "0", "worn": "0", "unfit": "0", "left": "9"},
    ),
    "B6.02": (
        {"on": "2026-11-21", "advertiser": "3", "own": "", "owner": "0"},
        {"on": "2026-11-21", "advertiser": "3", "own": "0", "owner": "0"},
    ),
    "B6.03": YES_OR_NO,
    "B6.04": (["friends"], ["role", "trap"]),
    "B6.05": YES_OR_NO,
    "B6.06": (
        {"size": "24", "checker": "Ann Lee", "result": "All in use."},
        {"size": "25", "checker": "Ann Lee", "result": "All in use."},
    ),
    "B6.07": ({"expected": "1", "stop": "5.1"}, {"expected": "1", "stop": "5"}),
    "B7.01": ("soon", "2026-12-01"),
    "B7.02": ([], [{"code": "HL-12"}]),
    "B7.03": ("none", "all"),
    "B7.04": (
        [{"day": "1", "provider": "pigeon", "messages": "100"}],
        [{"day": "1", "provider": "gmail", "messages": "100"}],
    ),
    "B7.05": PROMISE,
    "B7.06": YES_OR_NO,
    "B7.07": PROMISE,
    "B7.08": PROMISE,
    "B7.09": (
        [{"server": "203.0.113.700", "from": "news@fieldnote.example"}],
        [{"server": "23.45.67.89", "from": "news@fieldnote.example"}],
    ),
    "B8.02": ("lost", "The cards of row 7 were burnt."),
    "B9.01": YES_OR_NO,
    "B9.02": ("9999", "4"),
    "B9.03": (
        {"name": "Ann Lee", "email": "ann@garden.example", "phone": "call me"},
        {"name": "Ann Lee", "email": "ann@garden.example", "phone": "+1 617 253 0000"},
    ),
    "B9.04": ("ever", "36"),
    "B10.01": ("our site", "https://garden.example/privacy"),
    "B10.02": YES_OR_NO,
    "B10.03": YES_OR_NO,
    "B10.04": ("we do", LONG),
    "B10.05": PROMISE,
    "B10.06": ("clicks", LONG),
    "B11.02": PROMISE,
    "B11.03": PROMISE,
    "B11.04": PROMISE,
    "B11.06": PROMISE,
    "B11.07": PROMISE,
    "B11.08": ("Ann", "Ann Lee"),
    "B11.10": PROMISE,
    "B11.11": PROMISE,
}
TYPED = [question for question in B.questions.values() if question.kind not in NOT_TYPED]


def bound(question: Question, typed: Any) -> forms.Form:
    """A form of that one question, with what a browser would post."""
    posted: MultiValueDict[str, str] = MultiValueDict()
    if isinstance(typed, dict):
        posted.update({f"q-{name}": value for name, value in typed.items()})
    elif question.kind is Kind.TABLE:
        for number, line in enumerate(typed):
            posted.update({f"q-{number}-{name}": value for name, value in line.items()})
    else:
        posted.setlist("q", typed if isinstance(typed, list) else [typed])
    form = type("Asked", (forms.Form,), {"q": field_for(question, today=TODAY)})(posted)
    assert isinstance(form, forms.Form)
    return form


def test_every_question_that_is_typed_has_a_line_in_the_table() -> None:
    assert {question.code for question in TYPED} == ANSWERS.keys()


@pytest.mark.parametrize("question", TYPED, ids=lambda question: question.code)
def test_a_bad_answer_is_refused_with_a_sentence(question: Question) -> None:
    form = bound(question, ANSWERS[question.code][0])
    assert not form.is_valid()
    assert all(str(sentence).endswith(".") for sentence in form.errors["q"])


@pytest.mark.parametrize("question", TYPED, ids=lambda question: question.code)
def test_a_good_answer_is_taken_shown_and_can_be_posted_again(question: Question) -> None:
    form = bound(question, ANSWERS[question.code][1])
    assert form.is_valid(), form.errors
    value = form.cleaned_data["q"]
    assert show(question, value)
    again = type("Asked", (forms.Form,), {"q": field_for(question, today=TODAY)})(
        MultiValueDict(as_posted(question, value, "q"))
    )
    assert again.is_valid(), again.errors
    assert again.cleaned_data["q"] == value
