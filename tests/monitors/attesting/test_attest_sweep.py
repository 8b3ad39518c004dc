"""The attest stage: a word ends in time, and somebody is reminded once."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from monitors.models import Attestation, Finding, Observation, Watch
from monitors.probes.reading import Verdict
from monitors.watches import look_now
from notices.letters import render
from notices.models import Delivery
from tests import world
from tests.line.installation import SMALL_CATALOGUE
from tests.monitors.attesting.conftest import AOL, DANA, MAPS, ROKSO, Lookups

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def letters() -> list[Delivery]:
    return list(Delivery.objects.filter(letter="lookups_due").order_by("pk"))


def all_clear(scene: Lookups) -> None:
    for outcome, check_id in (("none", MAPS), ("good", AOL), ("not_found", ROKSO)):
        scene.state(outcome, check_id)


def test_a_word_that_is_too_old_is_not_checked_and_never_clear(desk_work: Lookups) -> None:
    desk_work.state("none")
    seen_at = desk_work.now
    desk_work.ring(after=7 * DAY - HOUR)
    assert desk_work.watch().verdict == Verdict.CLEAR
    desk_work.ring(after=HOUR)
    watch = desk_work.watch()
    assert (watch.verdict, watch.result, watch.since) == ("unknown", "not_checked", desk_work.now)
    assert watch.looked_at == watch.seen_at == seen_at  # nobody looked since
    assert watch.sentence == (
        "Not checked: it was last looked up by hand on 21 Nov 2026, which is too long ago to count."
    )
    assert list(Observation.objects.order_by("pk").values_list("result", flat=True)) == ["none", "not_checked"]


def test_a_finding_outlives_the_word_that_opened_it(desk_work: Lookups) -> None:
    desk_work.state("kssl")
    desk_work.ring(after=8 * DAY)
    assert desk_work.watch().verdict == Verdict.UNKNOWN
    assert desk_work.finding().state == Finding.State.OPEN
    desk_work.state("none")
    assert desk_work.finding().state == Finding.State.CLOSED


def test_what_is_not_checked_stays_so_without_another_reading(desk_work: Lookups) -> None:
    for _ in range(5):
        desk_work.ring(after=8 * DAY)
    assert not Observation.objects.exists()
    assert desk_work.watch().result == "not_checked"


def test_a_watch_from_before_there_were_words_says_so_too(desk_work: Lookups) -> None:
    Watch.objects.by_hand().update(result="not_looked_yet", sentence="Not looked yet.", next_action_at=desk_work.now)
    desk_work.ring()
    assert {watch.sentence for watch in Watch.objects.by_hand()} == {"Nobody has looked it up yet."}


def test_a_list_that_was_left_out_for_a_while_keeps_the_word_that_still_counts(desk_work: Lookups) -> None:
    row = desk_work.state("none")
    Watch.objects.filter(pk=row.watch_id).update(next_action_at=desk_work.now)  # as when it is taken up again
    desk_work.ring()
    watch = desk_work.watch()
    assert (watch.verdict, watch.next_action_at) == (Verdict.CLEAR, row.expires_at)


def test_check_now_leaves_to_people_what_is_theirs(desk_work: Lookups) -> None:
    row = desk_work.state("none")
    look_now(Watch.objects.filter(vendor=desk_work.vendor), desk_work.vendor, by=DANA, at=desk_work.now)
    assert desk_work.watch().next_action_at == row.expires_at


@pytest.mark.parametrize("ahead", [3 * DAY, 400 * DAY])
def test_a_word_of_a_clock_that_ran_ahead_does_not_count_when_it_is_set_back(
    desk_work: Lookups, ahead: timedelta
) -> None:
    desk_work.clock.shift(ahead.total_seconds())
    desk_work.state("none")
    desk_work.ring(after=-ahead)
    assert desk_work.watch().verdict == Verdict.UNKNOWN
    desk_work.state("none")
    desk_work.ring(after=HOUR)
    assert desk_work.watch().verdict == Verdict.CLEAR
    desk_work.ring(after=7 * DAY)
    assert desk_work.watch().verdict == Verdict.UNKNOWN


def test_without_anything_to_look_up_nothing_is_done(desk_work: Lookups, settings: Settings, tmp_path: object) -> None:
    file = tmp_path / "lists.toml"  # type: ignore[operator]
    file.write_text(SMALL_CATALOGUE)
    settings.BLOCKLISTS = file
    assert desk_work.ring().claimed == 0
    assert not letters()


# ── reminding ───────────────────────────────────────────────────────────────
def test_what_was_never_looked_up_is_told_once_it_has_settled(desk_work: Lookups) -> None:
    world.make_user("Dana", role="it")
    desk_work.ring()
    assert not letters()
    desk_work.ring(after=HOUR)
    [letter] = letters()
    words = render("lookups_due", letter.facts)
    assert words.subject == "3 look-ups by hand are due"
    assert "MAPS (Trend Micro ERS): 1 due\n  mta3.alder.example.net (203.0.113.27), Alder Mailings" in words.text
    assert "ROKSO (Spamhaus): 1 due\n  Alder Mailings" in words.text
    assert "/desk/lookups/" in words.text
    for _ in range(6):
        desk_work.ring(after=DAY - HOUR)
    assert len(letters()) == 1


def test_what_stays_due_is_told_again_after_a_week(desk_work: Lookups) -> None:
    desk_work.ring(after=HOUR)
    for _ in range(15):
        desk_work.ring(after=DAY)
    assert len(letters()) == 3


def test_it_is_told_a_few_days_before_the_end_and_at_the_end(desk_work: Lookups) -> None:
    all_clear(desk_work)
    for _ in range(4):
        desk_work.ring(after=DAY)
    assert not letters()
    desk_work.ring(after=DAY + HOUR)
    [letter] = letters()
    assert render("lookups_due", letter.facts).subject == "2 look-ups by hand end soon"
    for _ in range(4):
        desk_work.ring(after=DAY)
    assert [(one.facts["due"], one.facts["soon"]) for one in letters()] == [(0, 2), (2, 0)]


def test_a_day_has_one_letter_at_most(desk_work: Lookups) -> None:
    desk_work.clock.shift((-10 * HOUR).total_seconds())
    desk_work.ring(after=12 * HOUR)
    assert len(letters()) == 1
    for _ in range(4):
        world.make_server(desk_work.vendor)
        desk_work.enrol()
        desk_work.ring(after=2 * HOUR)
    assert len(letters()) == 1
    desk_work.ring(after=3 * HOUR)
    assert [one.facts["due"] for one in letters()] == [3, 7]


def test_a_long_list_is_cut_and_says_so(desk_work: Lookups) -> None:
    for _ in range(14):
        world.make_server(desk_work.vendor)
    desk_work.enrol()
    desk_work.ring(after=HOUR)
    words = render("lookups_due", letters()[0].facts)
    assert "MAPS (Trend Micro ERS): 15 due" in words.text
    assert "and 5 more" in words.text
    assert "<li>and 5 more</li>" in words.html


def test_nothing_is_told_when_every_word_counts(desk_work: Lookups) -> None:
    all_clear(desk_work)
    desk_work.ring(after=2 * HOUR)
    assert not letters()
    assert Attestation.objects.count() == 3
