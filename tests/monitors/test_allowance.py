"""How fast, and how often a day, somebody lets us ask; for all workers together."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from monitors import allowance
from monitors.allowance import Grant, Terms, draw
from monitors.models import Allowance
from notices.letters import render
from notices.models import Delivery
from tests.world import NOON, make_user

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
OF = "dnsbl:spamcop"
SECOND = timedelta(seconds=1)
MIDNIGHT = NOON.replace(hour=0) + timedelta(days=1)


def granted(wanted: int, terms: Terms, at: datetime = NOON) -> int:
    return draw(OF, wanted, terms, at).granted


def letters() -> list[Delivery]:
    return list(Delivery.objects.filter(letter="allowance").order_by("pk"))


def test_what_nobody_limits_is_granted_and_not_counted() -> None:
    assert draw(OF, 5000, Terms(), NOON) == Grant(5000, NOON)
    assert not Allowance.objects.exists()


def test_nothing_is_granted_to_nobody() -> None:
    assert granted(0, Terms(1)) == 0
    assert granted(-3, Terms()) == 0


@pytest.mark.parametrize(("pace", "burst"), [(1, 10), (3, 30), (0.5, 5), (0.01, 1)])
def test_ten_seconds_of_the_pace_may_be_saved_up_and_never_less_than_one(pace: float, burst: int) -> None:
    assert granted(1000, Terms(pace)) == burst
    assert granted(1000, Terms(pace)) == 0
    assert granted(1000, Terms(pace), NOON + timedelta(days=1)) == burst  # and no more, however long nobody asked


def test_the_bucket_refills_with_the_pace() -> None:
    terms = Terms(2)
    assert granted(20, terms) == 20
    assert granted(5, terms, NOON + SECOND / 4) == 0
    assert granted(5, terms, NOON + SECOND) == 2  # the half that was there is not lost
    assert granted(100, terms, NOON + 4 * SECOND) == 6


def test_the_rest_is_told_when_to_come_again() -> None:
    assert draw(OF, 15, Terms(0.5), NOON) == Grant(5, NOON + 2 * SECOND, 2 * SECOND)
    assert draw(OF, 5, Terms(4), NOON).again_at == NOON + SECOND / 4


def test_a_clock_that_is_set_back_refills_nothing_and_takes_nothing_away() -> None:
    assert granted(4, Terms(1)) == 4
    assert granted(100, Terms(1), NOON - timedelta(hours=1)) == 6
    assert granted(100, Terms(1), NOON - timedelta(hours=1) + 3 * SECOND) == 3


def test_a_day_has_so_many_questions_and_the_rest_waits_for_the_next() -> None:
    terms = Terms(None, 100)
    assert granted(70, terms) == 70
    assert draw(OF, 70, terms, NOON) == Grant(30, MIDNIGHT)
    assert draw(OF, 1, terms, MIDNIGHT - SECOND) == Grant(0, MIDNIGHT)
    assert granted(70, terms, MIDNIGHT) == 70


def test_both_limits_hold_at_once() -> None:
    terms = Terms(1, 12)
    assert granted(100, terms) == 10
    assert draw(OF, 100, terms, NOON + 10 * SECOND) == Grant(2, MIDNIGHT, SECOND)


def test_yesterday_is_not_counted_again_by_a_clock_that_is_set_back_over_midnight() -> None:
    terms = Terms(None, 100)
    assert granted(90, terms, MIDNIGHT + SECOND) == 90
    assert granted(90, terms, MIDNIGHT - SECOND) == 10


def test_lists_have_nothing_to_do_with_each_other() -> None:
    assert granted(100, Terms(1)) == 10
    assert draw("dnsbl:psbl", 100, Terms(1), NOON).granted == 10


def test_what_is_used_today_can_be_read() -> None:
    draw(OF, 7, Terms(1, 100), NOON)
    assert allowance.used_today(OF, NOON) == 7
    assert allowance.used_today(OF, MIDNIGHT) == 0
    assert allowance.used_today("dnsbl:psbl", NOON) == 0


def test_staff_are_told_once_a_day_when_four_fifths_are_used() -> None:
    make_user("Dana", role="it")
    terms = Terms(None, 1000)
    granted(799, terms)
    assert not letters()
    granted(1, terms)
    granted(100, terms)
    granted(1000, terms)
    [letter] = letters()
    assert (letter.to_name, letter.facts["name"], letter.facts["used"]) == ("Dana", "SpamCop", "800")
    assert "800 of the 1,000 questions that we may ask in a day are used" in render("allowance", letter.facts).text
    granted(900, terms, MIDNIGHT)
    assert len(letters()) == 2


def test_of_two_that_read_the_same_row_one_tries_again() -> None:
    """The second draws between the first one's look and its UPDATE. Whole processes race in tests/production."""
    terms = Terms(1)
    granted(1, terms)
    asked: list[int] = []

    def between(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        if sql.startswith("UPDATE") and "monitors_allowance" in sql and not asked:
            asked.append(1)
            asked.append(granted(6, terms))
        return execute(sql, params, many, context)  # type: ignore[operator]

    with connection.execute_wrapper(between):
        assert granted(6, terms) == 3
    assert asked == [1, 6]


def test_workers_that_race_in_threads_get_no_more_than_there_is(tmp_path: Path) -> None:
    """Six threads of another process, over a database file as the embedded server has it."""
    script = """
import threading
from datetime import UTC, datetime
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connections
from monitors.allowance import Terms, draw
from monitors.models import Allowance
won, together, now = [], threading.Barrier(6), datetime(2026, 11, 21, 12, tzinfo=UTC)
def work():
    together.wait()
    won.extend(draw("dnsbl:psbl", 1, Terms(5, 1000), now).granted for _ in range(25))
    connections.close_all()
threads = [threading.Thread(target=work) for _ in range(6)]
[one.start() for one in threads]
[one.join() for one in threads]
row = Allowance.objects.get()
print(len(won), sum(won), row.used, row.tokens)
"""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")}
    env |= {"SLUICE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    draws, won, used, tokens = done.stdout.split()[-4:]
    assert (draws, won, used) == ("150", used, won)
    assert int(won) + float(tokens) == 50  # nothing lost, nothing twice
