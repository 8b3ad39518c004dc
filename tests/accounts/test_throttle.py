from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from pytest_django import Settings

from accounts.throttle import paused_until, spent_until, tries
from tests.world import NOON


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_tries_are_counted_by_the_minute_and_by_who_tries(noon: time_machine.Traveller) -> None:
    assert [tries("door", "a"), tries("door", "a"), tries("door", "b"), tries("gate", "a")] == [1, 2, 1, 1]
    noon.shift(60)
    assert tries("door", "a") == 1


@pytest.mark.django_db
def test_processes_that_share_a_database_count_together(settings: Settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "sluice_cache"}
    }
    assert [tries("door", "a"), tries("door", "a")] == [1, 2]


def test_a_count_that_was_dropped_begins_anew(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.{Forgetful.__name__}"}}
    assert [tries("door", "a"), tries("door", "a")] == [1, 1]
    cache.clear()


class Forgetful(LocMemCache):
    """A cache so full that it keeps nothing."""

    def add(self, *args: object, **kwargs: object) -> bool:
        return True

    def set(self, *args: object, **kwargs: object) -> None:
        pass


def test_a_pause_lets_one_through_and_says_to_the_others_when_it_ends(noon: time_machine.Traveller) -> None:
    pause = timedelta(minutes=10)
    assert paused_until("ring", "alice", pause, NOON) is None
    noon.shift(60)
    assert paused_until("ring", "alice", pause, NOON + timedelta(minutes=1)) == NOON + pause
    assert paused_until("ring", "bob", pause, NOON + timedelta(minutes=1)) is None
    noon.shift(600)
    assert paused_until("ring", "alice", pause, NOON + timedelta(minutes=11)) is None


def test_a_day_has_so_many_and_the_next_day_as_many_again(noon: time_machine.Traveller) -> None:
    assert [spent_until("call", "alice", 2, NOON) for _ in range(2)] == [None, None]
    assert spent_until("call", "alice", 2, NOON) == datetime(2026, 11, 22, tzinfo=UTC)
    assert spent_until("call", "bob", 2, NOON) is None
    noon.shift(43_200)
    assert spent_until("call", "alice", 2, NOON + timedelta(hours=12)) is None


@pytest.mark.django_db
def test_processes_that_share_a_database_share_a_pause(settings: Settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "sluice_cache"}
    }
    pause = timedelta(minutes=10)
    assert paused_until("ring", "dana", pause, NOON) is None
    assert paused_until("ring", "dana", pause, NOON) == NOON + pause
