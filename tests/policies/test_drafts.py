"""From a draft to the next version: each verb, its entry in the journal, and what it refuses."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from journal.actor import Actor
from journal.record import MoveRefused
from journal.verification import verify
from policies import drafts
from policies.drafts import VersionRefused
from policies.models import PolicyVersion
from policies.thresholds import Thresholds
from policies.versions import draft, in_force, latest
from tests.amended import make_version
from tests.world import NOON, entries

pytestmark = pytest.mark.django_db
ADA = Actor("user", "1 (administrator)", "192.0.2.9")
STAMP: dict[str, Any] = {"by": ADA, "at": NOON}
MATERIAL, EDITORIAL = PolicyVersion.Kind.MATERIAL, PolicyVersion.Kind.EDITORIAL
SOON = NOON + timedelta(days=7)


@pytest.fixture
def begun() -> PolicyVersion:
    return drafts.begin_draft(**STAMP, by_name="Ada")


def amend(version: PolicyVersion, ident: str = "R5", text: str = "Nobody is listed anywhere.") -> None:
    drafts.change_clause(version, ident, "No bad standing", text, **STAMP)


def publish(version: PolicyVersion, **changed: Any) -> None:
    wanted: dict[str, Any] = {"kind": MATERIAL, "note": "R5 is stricter.", "effective_at": SOON} | changed
    drafts.publish(version, **wanted, **STAMP, by_name="Ada")


def told() -> list[str]:
    return list(entries().order_by("position").values_list("verb", flat=True))


# ── begin and change ────────────────────────────────────────────────────────


def test_a_draft_begins_as_the_latest_version_reads(begun: PolicyVersion) -> None:
    assert begun.wording == latest().wording
    assert (begun.number, begun.state, begun.begun_by_name) == (None, "draft", "Ada")
    assert draft() == begun
    assert in_force(NOON).number == 1
    assert told() == ["begun"]


def test_there_is_one_draft_at_a_time(begun: PolicyVersion) -> None:
    with pytest.raises(VersionRefused, match="There is a draft already, begun by Ada"):
        drafts.begin_draft(**STAMP)
    drafts.discard(begun, **STAMP, why="Too early.")
    assert drafts.begin_draft(**STAMP).pk != begun.pk


def test_a_clause_gets_other_words_and_the_journal_has_both(begun: PolicyVersion) -> None:
    old = next(one for one in begun.written if one.id == "R5")
    drafts.change_clause(begun, "R5", " No   listing ", "Nobody\r\nis listed.", **STAMP, seen=old.fingerprint)
    stored = PolicyVersion.objects.get(pk=begun.pk)
    assert {one.id: one for one in stored.written}["R5"] == {one.id: one for one in begun.written}["R5"]
    entry = entries().get(verb="clause changed")
    assert entry.after["clause"] == "R5"
    assert entry.after["was"] == {"title": old.title, "text": old.text}
    assert entry.after["now"] == {"title": "No listing", "text": "Nobody is listed."}
    assert [one.id for one in stored.written] == [one.id for one in latest().written]
    assert not verify().faults


def test_the_same_words_again_are_no_event(begun: PolicyVersion) -> None:
    for one in begun.written:
        drafts.change_clause(begun, one.id, one.title, one.text, **STAMP)
    drafts.change_thresholds(begun, Thresholds(), **STAMP)
    drafts.change_title(begun, begun.title, **STAMP)
    assert told() == ["begun"]


def test_of_two_who_change_the_same_clause_the_second_is_told(begun: PolicyVersion) -> None:
    shown = next(one for one in begun.written if one.id == "R5")
    other = PolicyVersion.objects.get(pk=begun.pk)
    drafts.change_clause(other, "R5", "Theirs", "Their words.", **STAMP, seen=shown.fingerprint)
    with pytest.raises(VersionRefused, match=r"Somebody else changed R5 .*It reads now: “Theirs: Their"):
        drafts.change_clause(begun, "R5", "Mine", "My words.", **STAMP, seen=shown.fingerprint)
    assert {one.id: one.title for one in latest_draft().written}["R5"] == "Theirs"


def test_two_who_change_different_clauses_lose_nothing(begun: PolicyVersion) -> None:
    other = PolicyVersion.objects.get(pk=begun.pk)
    drafts.change_clause(other, "R6", "Six", "Slowly.", **STAMP)
    drafts.change_clause(begun, "R5", "Five", "Unlisted.", **STAMP)
    drafts.change_thresholds(other, Thresholds(complaint_hours=12), **STAMP)
    titles = {one.id: one.title for one in latest_draft().written}
    assert (titles["R5"], titles["R6"], latest_draft().limits.complaint_hours) == ("Five", "Six", 12)


def latest_draft() -> PolicyVersion:
    found = draft()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("title", "text", "field", "sentence"),
    [
        ("", "Text.", "title", "Write the title."),
        ("Title", " \n", "text", "Write the text."),
        ("Title", "x" * 2001, "text", "The text has 2,001 characters. Keep it to 2,000."),
        ("Title", "Within {hours} hours.", "text", "“{hours}” is no threshold."),
        ("{", "Text.", "title", "A brace stands alone."),
        ("Ti\u200btle", "Text.", "title", "a character that cannot be seen (U+200B)"),
    ],
)
def test_words_that_cannot_stand_are_refused_beside_their_field(
    begun: PolicyVersion, title: str, text: str, field: str, sentence: str
) -> None:
    for verb, ident in ((drafts.change_clause, "R5"), (drafts.add_clause, "R13")):
        with pytest.raises(VersionRefused) as refused:
            verb(begun, ident, title, text, **STAMP)
        assert (refused.value.field, sentence in str(refused.value)) == (field, True)
    assert told() == ["begun"]


def test_a_new_clause_stands_behind_those_of_its_group(begun: PolicyVersion) -> None:
    drafts.add_clause(begun, "R13", "Thirteen", "A new duty.", **STAMP)
    drafts.add_clause(begun, "C2d", "Proof by voice", "A recording.", **STAMP)
    ids = [one.id for one in latest_draft().written]
    assert ids[ids.index("R12") + 1] == "R13"
    assert ids[ids.index("C2c") : ids.index("C2c") + 3] == ["C2c", "C2d", "C3"]


@pytest.mark.parametrize("ident", ["R5", "C2a", "x1", "R", "R013", "Q1", "R1a1"])
def test_an_id_is_never_used_again_and_has_its_form(begun: PolicyVersion, ident: str) -> None:
    with pytest.raises(VersionRefused) as refused:
        drafts.add_clause(begun, ident, "Title", "Text.", **STAMP)
    assert refused.value.field == "id"
    assert ident in str(refused.value)


def test_a_clause_can_be_taken_out_only_before_it_was_ever_published(begun: PolicyVersion) -> None:
    drafts.add_clause(begun, "R13", "Thirteen", "A new duty.", **STAMP)
    drafts.drop_clause(begun, "R13", **STAMP)
    assert begun.wording == latest().wording
    with pytest.raises(VersionRefused, match="R5 was published, and letters cite it: it stays"):
        drafts.drop_clause(begun, "R5", **STAMP)
    assert told() == ["begun", "clause added", "clause dropped"]


def test_changed_numbers_change_the_clauses_that_name_them(begun: PolicyVersion) -> None:
    drafts.change_thresholds(begun, Thresholds(complaint_hours=12, new_addresses=1000), **STAMP)
    read = {one.id: one for one in latest_draft().read}
    assert read["C0"].title == "Answers within 12 hours"
    assert "more than 1,000 addresses" in read["R2"].text
    entry = entries().get(verb="thresholds changed")
    assert entry.after["was"] == {"complaint_hours": 24, "new_addresses": 500}
    assert entry.after["now"] == {"complaint_hours": 12, "new_addresses": 1000}


# ── publish and discard ─────────────────────────────────────────────────────


def test_a_published_version_has_number_text_hash_and_what_changed(begun: PolicyVersion) -> None:
    amend(begun)
    drafts.change_thresholds(begun, Thresholds(complaint_hours=12), **STAMP)
    publish(begun)
    stored = PolicyVersion.objects.get(number=2)
    assert (stored.kind, stored.changed, stored.note) == ("material", ["R5", "C0"], "R5 is stricter.")
    assert (stored.effective_at, stored.published_at, stored.published_by_name) == (SOON, NOON, "Ada")
    assert stored.sha256 == hashlib.sha256(stored.text.encode()).hexdigest()
    assert "Version 2, in force from 28 November 2026, 12:00:00 UTC." in stored.text
    assert "### C0 Answers within 12 hours" in stored.text
    entry = entries().get(verb="published")
    assert (entry.after["sha256"], entry.after["text"]) == (stored.sha256, f"sha256:{stored.sha256}")
    assert entry.actor == str(ADA)
    assert not verify().faults


def test_at_once_means_the_moment_of_publishing(begun: PolicyVersion) -> None:
    amend(begun)
    publish(begun, effective_at=None)
    assert in_force(NOON) == begun
    assert begun.effective_at == NOON


def test_nothing_is_changed_in_what_is_published(begun: PolicyVersion) -> None:
    amend(begun)
    publish(begun)
    with pytest.raises(VersionRefused, match="This is version 2 of the policy now, and never changes"):
        amend(begun, "R6")
    with pytest.raises(VersionRefused, match="never changes"):
        publish(begun)
    with pytest.raises(MoveRefused):
        drafts.discard(begun, **STAMP)


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"kind": "great"}, "kind", "Say whether the change is editorial or material."),
        ({"note": "  "}, "note", "Write the note."),
        ({"effective_at": NOON - timedelta(seconds=1)}, "effective_at", "11:59 UTC on 21 November 2026 is past."),
    ],
)
def test_how_it_is_published_is_refused_beside_its_field(
    begun: PolicyVersion, changed: dict[str, Any], field: str, sentence: str
) -> None:
    amend(begun)
    with pytest.raises(VersionRefused) as refused:
        publish(begun, **changed)
    assert (refused.value.field, str(refused.value).startswith(sentence)) == (field, True)
    assert latest().number == 1


def test_a_draft_that_changes_nothing_is_not_published(begun: PolicyVersion) -> None:
    with pytest.raises(VersionRefused, match="The draft reads as version 1 does"):
        publish(begun)


def test_an_editorial_change_touches_no_number_and_adds_no_clause(begun: PolicyVersion) -> None:
    drafts.change_thresholds(begun, Thresholds(complaint_hours=12), **STAMP)
    with pytest.raises(VersionRefused, match=r"A threshold differs \(a complaint is answered within\)"):
        publish(begun, kind=EDITORIAL)
    drafts.change_thresholds(begun, Thresholds(), **STAMP)
    drafts.add_clause(begun, "R13", "Thirteen", "A new duty.", **STAMP)
    with pytest.raises(VersionRefused, match="R13 is a new clause"):
        publish(begun, kind=EDITORIAL)
    drafts.drop_clause(begun, "R13", **STAMP)
    amend(begun)
    publish(begun, kind=EDITORIAL)
    assert (begun.kind, begun.changed) == ("editorial", ["R5"])


def test_a_material_change_says_which_clauses_changed(begun: PolicyVersion) -> None:
    drafts.change_title(begun, "Our policy", **STAMP)
    with pytest.raises(VersionRefused, match="No clause reads differently: only the title does"):
        publish(begun)
    publish(begun, kind=EDITORIAL)
    assert begun.text.startswith("# Our policy\n\nVersion 2")


def test_a_number_that_no_clause_names_is_not_published(begun: PolicyVersion) -> None:
    drafts.change_clause(begun, "C0", "Answers in time", "Answer at once.", **STAMP)
    with pytest.raises(VersionRefused, match=r"No clause names \{complaint_hours\}, but the machine"):
        publish(begun)


def test_no_version_counts_before_the_one_that_it_follows() -> None:
    make_version("R5", effective_at=SOON)
    second = drafts.begin_draft(**STAMP)
    amend(second, "R6")
    for moment in (None, SOON - timedelta(minutes=1)):
        with pytest.raises(VersionRefused, match="Version 2 takes effect at 12:00 UTC on 28 November 2026") as refused:
            publish(second, effective_at=moment)
        assert refused.value.field == "effective_at"
    publish(second, effective_at=SOON)
    assert second.number == 3


def test_what_somebody_changed_after_the_last_look_is_not_published(begun: PolicyVersion) -> None:
    amend(begun)
    seen = begun.fingerprint
    amend(PolicyVersion.objects.get(pk=begun.pk), "R6")
    with pytest.raises(VersionRefused, match="Somebody changed the draft after you opened this page"):
        publish(begun, seen=seen)
    publish(begun, seen=latest_draft().fingerprint)
    assert begun.changed == ["R5", "R6"]


def test_a_discarded_draft_takes_no_number_and_stays_in_the_journal(begun: PolicyVersion) -> None:
    amend(begun)
    drafts.discard(begun, **STAMP, why="Too early.")
    assert draft() is None
    entry = entries().get(verb="discarded")
    assert entry.why == "Too early."
    assert make_version("R5").number == 2
