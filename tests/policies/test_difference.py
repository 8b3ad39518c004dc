"""Two texts word by word, two versions clause by clause."""

from hypothesis import given
from hypothesis import strategies as st

from policies.clauses import Clause
from policies.difference import Segment, Wording, compare, words
from policies.thresholds import Thresholds

L1 = Clause("L1", "Consent", "Above {mass_mail_recipients} recipients.")
C0 = Clause("C0", "Answers within {complaint_hours} hours", "All within {complaint_hours} hours.")
N1 = Clause("N1", "Change", "It may change.")
WORDS = st.lists(st.sampled_from(["a", "list", "of", "words", ",", "24", "48", " ", "\n"]), max_size=20).map(" ".join)


def shown(old: str, new: str) -> str:
    """[gone] and {come} between what stays."""
    marks = {"same": "%s", "del": "[%s]", "ins": "{%s}"}
    return "".join(marks[one.kind] % one.text for one in words(old, new))


@given(WORDS | st.text(), WORDS | st.text())
def test_the_segments_make_both_texts(old: str, new: str) -> None:
    found = words(old, new)
    assert "".join(one.text for one in found if one.kind != "ins") == old
    assert "".join(one.text for one in found if one.kind != "del") == new
    assert all(one.text for one in found)


@given(st.text())
def test_a_text_differs_from_itself_in_nothing(text: str) -> None:
    assert words(text, text) == ((Segment("same", text),) if text else ())


def test_whole_words_go_and_come() -> None:
    assert shown("Answers within 24 hours.", "Answers within 48 hours.") == "Answers within [24]{48} hours."
    assert shown("Mail is sent.", "Mail is never sent.") == "Mail is {never }sent."
    assert shown("", "All is new.") == "{All is new.}"


def test_words_changed_in_a_row_are_one_change() -> None:
    assert shown("by the initiator only", "by a list owner only") == "by [the initiator]{a list owner} only"


def test_a_word_that_happens_to_stay_between_longer_changes_is_no_confetti() -> None:
    old, new = "Neither the name nor a server is listed with MAPS.", "Nobody at all is named by them."
    assert shown(old, new) == "[Neither the name nor a server is listed with MAPS]{Nobody at all is named by them}."
    assert shown("within 24 hours or 3 days", "within 48 hours or 6 days") == "within [24]{48} hours or [3]{6} days"


def test_of_the_longest_clause_every_changed_word_is_found() -> None:
    old = " ".join(f"word{n}" for n in range(280))  # as long as a clause may be
    new = " ".join(f"word{n}" if n % 3 else "other" for n in range(280))
    gone = [one.text for one in words(old, new) if one.kind == "del"]
    assert gone == [f"word{n}" for n in range(0, 280, 3)]


def test_versions_differ_in_clauses_and_numbers() -> None:
    before = Wording("The policy", (L1, C0, N1), Thresholds())
    amended = Clause("N1", "Change", "It may change at any time.")
    added = Clause("R13", "New", "It is new.")
    after = Wording("The policy", (L1, C0, amended, added), Thresholds(mass_mail_recipients=100))
    found = compare(before, after)
    assert [one.clause.id for one in found.changed] == ["L1", "N1"]
    assert found.changed[0].clause.text == "Above 100 recipients."
    assert Segment("del", "250") in found.changed[0].text
    assert found.added == (added,)
    assert found.ids == ["L1", "R13", "N1"]  # in the order of the policy
    assert [(one.name, one.before, one.after) for one in found.thresholds] == [("mass_mail_recipients", 250, 100)]
    assert (found.title, found.removed) == ((), ())


def test_a_number_that_replaces_its_own_placeholder_changes_nothing_for_readers() -> None:
    before = Wording("The policy", (L1,), Thresholds())
    after = Wording("The policy", (Clause("L1", "Consent", "Above 250 recipients."),), Thresholds())
    assert not compare(before, after)


def test_a_version_differs_from_itself_in_nothing_and_a_title_is_a_difference() -> None:
    one = Wording("The policy", (L1, C0), Thresholds())
    assert not compare(one, one)
    other = compare(one, Wording("Our policy", (L1, C0), Thresholds()))
    assert other
    assert other.ids == []
    assert compare(one, Wording("The policy", (L1,), Thresholds())).removed[0].title == "Answers within 24 hours"
