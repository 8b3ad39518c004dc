"""Laws of saving, whatever two people do to one page at once; and what the verbs of drafts refuse."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils.datastructures import MultiValueDict
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.actor import ENGINE
from journal.models import Entry
from questionnaires import drafts
from questionnaires.drafts import Conflict, DraftRefused, RowGone, TooLong
from questionnaires.models import Save, Sheet, Submission
from questionnaires.sheet_form import keepable, typed_in
from tests import world
from tests.acceptances import make_submission

pytestmark = pytest.mark.django_db
STEP, CODE, OTHER = "company-reach", "A1.08", "A1.09"
STEPS = settings(max_examples=60, deadline=None)
TEXTS = st.sampled_from(["", "a", "b", "c@", " d "])
EDITORS = ("hers", "his")


@pytest.fixture
def draft() -> Submission:
    return make_submission(world.make_vendor(), state=Submission.State.DRAFT)


@dataclass
class Tab:
    """A page open at one of the two: the revision that it has seen, and what stands in its fields."""

    editor: str
    revision: int = 0
    typed: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Desk:
    """Two people before one page, and everything that they ever typed."""

    draft: Submission
    row: str = ""
    step: str = STEP
    tabs: dict[str, Tab] = field(default_factory=lambda: {name: Tab(name) for name in EDITORS})
    typed: list[dict[str, list[str]]] = field(default_factory=list)
    accepted: dict[str, list[str]] = field(default_factory=dict)
    revisions: list[int] = field(default_factory=list)
    lost: list[Save] = field(default_factory=list)
    seconds: int = 0

    def at(self) -> Any:
        self.seconds += 1
        return world.NOON + timedelta(seconds=self.seconds)

    def save(self, tab: Tab, typed: dict[str, list[str]], *, names: bool) -> None:
        self.typed.append(typed)
        tab.typed = typed
        try:
            sheet = drafts.save(
                self.draft, self.step, typed, codes={CODE, OTHER}, row=self.row, revision=tab.revision,
                editor=tab.editor if names else "", by=ENGINE, at=self.at(),
            )  # fmt: skip
        except Conflict as conflict:
            self.lost.append(conflict.lost)
            return
        self.look(sheet)
        if sheet.typed == typed:
            self.accepted = typed

    def open(self, tab: Tab) -> None:
        sheet = drafts.sheet_of(self.draft, self.step, self.row)
        tab.revision, tab.typed = (sheet.revision, dict(sheet.typed)) if sheet else (0, {})

    def settle(self, mine: set[str]) -> None:
        sheet = drafts.sheet_of(self.draft, self.step, self.row)
        if sheet is None or not self.lost:
            return
        lost = self.lost.pop()
        wanted = {name: of for name, of in sheet.typed.items() if name not in mine}
        wanted |= {name: of for name, of in lost.typed.items() if name in mine}
        settled = drafts.settle(self.draft, lost, mine, revision=sheet.revision, by=ENGINE, at=self.at())
        self.look(settled)
        self.accepted = wanted

    def look(self, sheet: Sheet) -> None:
        self.revisions.append(sheet.revision)

    def holds(self) -> None:
        sheet = drafts.sheet_of(self.draft, self.step, self.row)
        assert dict(sheet.typed if sheet else {}) == self.accepted
        assert self.revisions == sorted(self.revisions)
        kept = [save.typed for save in Save.objects.all()]
        for typed in self.typed:
            for name, texts in typed.items():
                assert any(save.get(name) == texts for save in kept), (name, texts)


Deed = Callable[[Desk], None]


def typing(editor: str, text: str, other: str, names: bool) -> Deed:
    return lambda desk: desk.save(desk.tabs[editor], {CODE: [text], OTHER: [other]}, names=names)


def opening(editor: str) -> Deed:
    return lambda desk: desk.open(desk.tabs[editor])


def settling(mine: set[str]) -> Deed:
    return lambda desk: desk.settle(mine)


DEEDS: st.SearchStrategy[Deed] = st.one_of(
    st.builds(typing, st.sampled_from(EDITORS), TEXTS, TEXTS, st.booleans()),
    st.builds(opening, st.sampled_from(EDITORS)),
    st.builds(settling, st.sets(st.sampled_from([CODE, OTHER]))),
)


@STEPS
@given(deeds=st.lists(DEEDS, max_size=12))
def test_the_sheet_holds_the_last_accepted_save_and_every_text_is_somewhere(deeds: list[Deed]) -> None:
    with transaction.atomic():
        desk = Desk(make_submission(world.make_vendor(), state=Submission.State.DRAFT))
        for deed in deeds:
            deed(desk)
            desk.holds()
        transaction.set_rollback(True)


@STEPS
@given(deeds=st.lists(DEEDS, max_size=8), removed_after=st.integers(0, 8))
def test_nothing_typed_into_a_row_is_lost_when_it_is_removed(deeds: list[Deed], removed_after: int) -> None:
    with transaction.atomic():
        draft = make_submission(world.make_vendor(), state=Submission.State.DRAFT)
        row = drafts.add_row(draft, "domains", by=ENGINE, at=world.NOON).row
        revision, typed = 1, []
        for number, text in enumerate(["a", "b", "a", "", "c"]):
            if number == removed_after:
                drafts.remove_row(draft, "domains", row, by=ENGINE, at=world.NOON)
            typed.append(text)
            try:
                saved = drafts.save(
                    draft, "domains", {"A4.01": [text]}, codes={"A4.01"}, row=row, revision=revision, by=ENGINE,
                    at=world.NOON,
                )  # fmt: skip
                revision = saved.revision
            except RowGone:
                continue
        kept = {"".join(save.typed.get("A4.01", [])) for save in Save.objects.filter(row=row)}
        assert set(typed) - {""} <= kept
        assert draft.sheets.filter(row=row).exists() == (removed_after >= len(typed))
        transaction.set_rollback(True)


def save(draft: Submission, typed: dict[str, list[str]], revision: int = 0, **more: Any) -> Sheet:
    return drafts.save(draft, STEP, typed, revision=revision, by=ENGINE, at=world.NOON, **more)


def test_a_page_posted_as_it_was_opened_is_no_conflict_and_undoes_nothing(draft: Submission) -> None:
    save(draft, {CODE: ["first"]})
    save(draft, {CODE: ["second"]}, 1)
    assert save(draft, {CODE: ["first"], OTHER: [" "]}, 1).typed == {CODE: ["second"]}
    with pytest.raises(Conflict) as conflict:
        save(draft, {CODE: ["first"], OTHER: ["x"]}, 1)
    assert (conflict.value.sheet.typed, conflict.value.lost.typed[OTHER]) == ({CODE: ["second"]}, ["x"])


def test_the_names_of_fields_count_as_typed(draft: Submission) -> None:
    with pytest.raises(TooLong):
        save(draft, {f"{CODE}-{number}-{'x' * 90}": ["y"] for number in range(2_200)})


def test_questions_of_other_pages_are_not_written(draft: Submission) -> None:
    assert save(draft, {CODE: ["x"], "A5.01": ["192.0.2.1"], "": ["x"], "-": ["x"]}).typed == {CODE: ["x"]}


def test_a_row_that_never_was_is_no_row(draft: Submission) -> None:
    with pytest.raises(LookupError) as refused:
        drafts.save(draft, "domains", {"A4.01": ["x"]}, row="never", revision=0, by=ENGINE, at=world.NOON)
    assert not isinstance(refused.value, RowGone)
    assert not Save.objects.exists()


@pytest.mark.parametrize("state", ["submitted", "in_review", "accepted", "declined", "withdrawn"])
def test_what_is_not_open_takes_nothing_and_says_who_acts_next(draft: Submission, state: str) -> None:
    Submission.objects.update(state=state)
    with pytest.raises(DraftRefused, match=draft.number):
        save(draft, {CODE: ["x"]})
    assert not Sheet.objects.exists()


@given(st.text(st.characters(), max_size=40))
def test_what_is_kept_of_a_text_can_be_kept(text: str) -> None:
    kept = keepable(text)
    assert "\0" not in kept
    assert kept.encode().decode() == kept
    assert kept == "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")


def test_halves_of_pairs_are_left_out_of_names_and_texts() -> None:
    posted = MultiValueDict({"page-A1.08-\ud800x": ["a\udfffb\0"]})
    assert typed_in(posted, "page") == {"A1.08-x": ["ab"]}


def test_the_journal_says_once_a_person_sheet_and_day_that_a_sheet_was_filled_in(draft: Submission) -> None:
    alice, bob = world.make_user("Alice").actor(), world.make_user("Bob").actor()
    revision = 0
    for by, minutes in [(alice, 0), (alice, 1), (bob, 2), (alice, 3), (alice, 24 * 60)]:
        typed = {CODE: [f"{minutes}@example.com"]}
        at = world.NOON + timedelta(minutes=minutes)
        revision = drafts.save(draft, STEP, typed, revision=revision, by=by, at=at).revision
    entries = Entry.objects.filter(verb="filled in")
    assert [(entry.actor, entry.at) for entry in entries.order_by("position")] == [
        (str(alice), world.NOON),
        (str(bob), world.NOON + timedelta(minutes=2)),
        (str(alice), world.NOON + timedelta(days=1)),
    ]
    assert draft.saves.count() == 5


def test_the_journal_has_each_row_that_was_added_and_removed(draft: Submission) -> None:
    by = world.make_user("Alice").actor()
    row = drafts.add_row(draft, "domains", by=by, at=world.NOON).row
    drafts.remove_row(draft, "domains", row, by=by, at=world.NOON)
    entries = Entry.objects.filter(verb__startswith="row ").order_by("position")
    assert [(entry.verb, entry.after["in_row"]) for entry in entries] == [("row added", row), ("row removed", row)]
