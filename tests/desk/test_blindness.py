"""Where we cannot see, as the overview tells it."""

from datetime import timedelta

import pytest

from desk.queries import blindness
from monitors import checks
from monitors.models import Sight, Watch
from tests import monitored, world
from tests.world import NOON

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def sight(state: str, *, path: str = "", since: timedelta = MINUTE, list_id: str = "spamcop") -> Sight:
    path = path or str(checks.paths()[0])
    return Sight.objects.create(
        list_id=list_id, path=path, state=state, since=NOON - since, sentence="Its test entry is gone."
    )


def titles() -> list[str]:
    return [one.title for one in blindness.blind(NOON)]


def test_a_list_that_cannot_be_trusted_is_told_of_at_once() -> None:
    sight("blind")
    assert titles()[0].startswith("SpamCop cannot be trusted")


def test_one_failed_proof_is_told_of_only_when_it_lasts() -> None:
    row = sight("suspect")
    assert titles() == []
    Sight.objects.filter(pk=row.pk).update(since=NOON - 11 * MINUTE)
    [told] = blindness.blind(NOON)
    assert told.title.startswith("SpamCop failed its test once and is not believed")
    assert told.sentence == "Its test entry is gone."


def test_probation_is_told_as_what_it_is() -> None:
    sight("probation", since=11 * MINUTE)
    [told] = blindness.blind(NOON)
    assert told.title.startswith("SpamCop is on probation")
    assert told.sentence == "It failed its own test, has passed it once since, and has to pass it once more."


def test_of_two_paths_the_worse_names_the_line() -> None:
    sight("blind")
    sight("probation", path="192.0.2.99:53", since=11 * MINUTE)
    [title] = titles()
    assert "cannot be trusted" in title


def test_what_is_unknown_because_of_a_doubtful_list_is_not_said_to_come_from_a_list_that_works() -> None:
    watch = monitored.make_watch(world.make_server(world.make_vendor()), "dnsbl:spamcop")
    Watch.objects.filter(pk=watch.pk).update(since=NOON - 20 * MINUTE)
    assert blindness.blind(NOON)[0].sentence == "The list passes its own test; these questions fail."
    sight("suspect")
    assert "failed its own test a short while ago" in blindness.blind(NOON)[0].sentence


def test_a_list_in_quarantine_can_be_seen_and_is_no_blindness() -> None:
    watch = monitored.make_watch(world.make_server(world.make_vendor()), "dnsbl:spamcop")
    Watch.objects.filter(pk=watch.pk).update(since=NOON - 20 * MINUTE)
    monitored.make_quarantine("spamcop", watch)
    assert titles() == []


def test_a_path_with_lists_in_doubt_is_not_said_to_see_all() -> None:
    sight("seeing", list_id="psbl")
    assert (blindness.paths()[0].state, blindness.paths()[0].word) == ("open", "sees every list")
    sight("suspect")
    assert (blindness.paths()[0].state, blindness.paths()[0].word) == ("unkn", "1 of 2 lists in doubt")
    Sight.objects.filter(state="suspect").update(state="blind")
    assert blindness.paths()[0].word == "1 of 2 lists blind"


def test_a_path_that_has_proved_nothing_claims_nothing() -> None:
    assert (blindness.paths()[0].state, blindness.paths()[0].word) == ("wait", "no list yet")
