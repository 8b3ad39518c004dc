"""What an acceptance covers of the additions to a source: as much as it accepted, and never more."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from journal.actor import ENGINE
from journal.models import Entry
from journal.record import turn
from questionnaires import sources
from questionnaires.covering import allot, cover
from questionnaires.models import Acceptance, Addition, ListSource
from tests.acceptances import make_acceptance, make_source
from tests.world import NOON, make_vendor

State = Acceptance.State
COUNTS = st.lists(st.integers(1, 2000), max_size=8)
LATER = NOON + timedelta(days=1)


@given(COUNTS, st.integers(0, 5000))
def test_shares_are_given_from_the_first_on_until_nothing_is_left(counts: list[int], accepted: int) -> None:
    shares = allot(counts, accepted)
    assert sum(shares) == min(accepted, sum(counts))
    assert all(0 <= share <= count for share, count in zip(shares, counts, strict=True))
    whole = [share == count for share, count in zip(shares, counts, strict=True)]
    first_in_part = whole.index(False) if False in whole else len(whole)
    assert not any(shares[first_in_part + 1 :]), "the oldest first: behind one that is covered in part, none is"


class Laws(TestCase):
    """With the database: what is declared is neither lost nor counted twice, and nothing is covered but what was."""

    @settings(max_examples=40)
    @given(COUNTS, COUNTS, st.lists(st.integers(1, 3000), min_size=1, max_size=3))
    def test_letters_cover_what_they_accepted_and_leave_the_rest(
        self, before: list[int], after: list[int], accepted: list[int]
    ) -> None:
        vendor = make_vendor()
        source = make_source(vendor, "GARDEN", *before)
        make_source(vendor, "GARDEN", *after, at=LATER + timedelta(days=1))
        letters = [letter_of(source, number) for number in accepted]
        for letter, number in zip(letters, accepted, strict=True):
            assert covered_in(letter) == number
        told = sum(before)
        assert sources.counted(source, LATER) == max(told - sum(accepted), 0) + sum(after)
        assert total(source) == max(told, sum(accepted)) + sum(after)

    @settings(max_examples=20)
    @given(COUNTS, st.lists(st.tuples(st.integers(1, 3000), st.sampled_from(State)), min_size=1, max_size=3))
    def test_what_a_letter_no_longer_covers_the_next_one_can(
        self, counts: list[int], letters: list[tuple[int, str]]
    ) -> None:
        source = make_source(make_vendor(), "GARDEN", *counts)
        for number, state in letters:
            letter = letter_of(source, number)
            received_at = LATER if state not in {State.ISSUED, State.WITHDRAWN} else None
            Acceptance.objects.filter(pk=letter.pk).update(state=state, received_at=received_at)
        everything = total(source)
        letter_of(source, everything)
        kept = [State.ISSUED, State.SUSPENDED]  # for the letter that will cover it, when received or resumed
        left = sources.uncovered(source.additions.exclude(accepted_in__state__in=kept), LATER)
        assert not left.exists()


def letter_of(source: ListSource, number: int) -> Acceptance:
    letter = make_acceptance(source.vendor, exhibit="B", at=LATER)
    with turn():
        cover(source, letter, number, by=ENGINE, at=LATER)
    return letter


def covered_in(letter: Acceptance) -> int:
    return sum(letter.additions.values_list("count", flat=True))


def total(source: ListSource) -> int:
    return sum(source.additions.values_list("count", flat=True))


@pytest.mark.django_db
def test_an_addition_that_does_not_fit_is_divided_and_stays_one_declaration() -> None:
    source = make_source(make_vendor(), "GARDEN", 600)
    letter = letter_of(source, 501)
    covered, rest = Addition.objects.order_by("pk")
    assert (covered.count, covered.accepted_in, rest.count, rest.accepted_in) == (501, letter, 99, None)
    assert (rest.declared_at, rest.part_of) == (covered.declared_at, covered)
    assert covered.declared == rest.declared == 600
    second = letter_of(source, 40)
    assert [row.count for row in Addition.objects.order_by("pk")] == [501, 40, 59]
    assert covered_in(second) == 40
    assert Addition.objects.order_by("pk")[2].declared == 600
    assert Entry.objects.filter(verb="additions covered").count() == 2


@pytest.mark.django_db
def test_a_letter_that_waits_for_receipt_keeps_what_it_will_cover() -> None:
    source = make_source(make_vendor(), "GARDEN", 501)
    waiting = letter_of(source, 501)
    Acceptance.objects.update(state=State.ISSUED, received_at=None)
    second = letter_of(source, 300)
    assert covered_in(waiting) == 501
    assert covered_in(second) == 300, "noted as declared by its own signature"


def letter_of_a(source: ListSource, number: int, **fields: Any) -> Acceptance:
    """The next letter of Exhibit A, which lists `number` addresses of the source in all."""
    letter = make_acceptance(source.vendor, at=LATER, **fields)
    with turn():
        cover(source, letter, number, by=ENGINE, at=LATER)
    return letter


@pytest.mark.django_db
def test_exhibit_a_covers_as_many_as_it_lists_of_what_was_declared_until_it_was_signed() -> None:
    source = make_source(make_vendor(), "GARDEN", 600, 600)
    make_source(source.vendor, "GARDEN", 70, at=LATER + timedelta(days=1))
    letter = letter_of_a(source, 1000)
    assert covered_in(letter) == 1000
    assert sources.counted(source, LATER) == 200 + 70
    entry = Entry.objects.get(verb="additions covered")
    assert (entry.after["acceptance"], entry.after["count"], entry.after["undeclared"]) == (letter.number, 1000, 0)


@pytest.mark.django_db
def test_what_was_declared_without_any_exhibit_is_not_cleared_beyond_what_exhibit_a_lists() -> None:
    source = make_source(make_vendor(), "GARDEN", 50_000)
    letter_of_a(source, 48_000)
    assert sources.counted(source, LATER) == 2_000


@pytest.mark.django_db
def test_exhibit_a_takes_nothing_from_an_exhibit_b_and_counts_it_among_its_own() -> None:
    source = make_source(make_vendor(), "GARDEN", 800)
    exhibit = letter_of(source, 800)
    make_source(source.vendor, "GARDEN", 300)
    waiting = letter_of_a(source, 1000, state=State.ISSUED)
    assert (covered_in(exhibit), covered_in(waiting)) == (800, 200)
    assert sources.counted(source, LATER) == 300, "what the letter waits for; the others stay covered meanwhile"
    Acceptance.objects.filter(pk=waiting.pk).update(state=State.WITHDRAWN)
    assert covered_in(exhibit) == 800, "it ended unreceived, and nobody lost anything by it"
    assert covered_in(letter_of(source, 300)) == 300


@pytest.mark.django_db
def test_an_exhibit_a_that_lists_fewer_than_others_cover_takes_nothing() -> None:
    source = make_source(make_vendor(), "GARDEN", 800)
    exhibit = letter_of(source, 800)
    late = make_source(source.vendor, "GARDEN", 5)
    letter = letter_of_a(source, 100)
    assert (covered_in(exhibit), covered_in(letter), sources.counted(late, LATER)) == (800, 0, 5)
