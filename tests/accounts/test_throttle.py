from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from pytest_django import Settings

from accounts.throttle import tries
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
