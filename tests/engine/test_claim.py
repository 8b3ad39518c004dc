from datetime import timedelta

import pytest

from engine.claim import claim, due, release
from halts.models import HaltOrder
from monitors.models import Watch
from tests.halted import make_order
from tests.monitored import make_watch
from tests.world import NOON, make_server, make_vendor

pytestmark = pytest.mark.django_db
LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


def watches(count: int) -> list[Watch]:
    server = make_server(make_vendor())
    return [make_watch(server, f"dnsbl:list{n}", at=NOON + n * SECOND) for n in range(count)]


def take(limit: int = 10, *, after: timedelta = timedelta(hours=1)) -> list[Watch]:
    return claim(Watch.objects.all(), now=NOON + after, lease=LEASE, limit=limit)


def test_two_claimers_never_get_the_same_row() -> None:
    watches(7)
    first, second, third = take(3), take(3), take(3)
    assert [len(first), len(second), len(third)] == [3, 3, 1]
    assert len({watch.pk for watch in first + second + third}) == 7
    assert take() == []


def test_the_oldest_duty_is_claimed_first_and_a_row_not_yet_due_is_left() -> None:
    made = watches(4)
    assert take(2, after=2 * SECOND) == made[:2]
    assert take(10, after=2 * SECOND) == made[2:3]


def test_a_claim_keeps_the_order_and_the_joins_that_were_asked_for(django_assert_num_queries: object) -> None:
    made = watches(3)
    rows = Watch.objects.select_related("vendor").order_by("-next_action_at")
    claimed = claim(rows, now=NOON + LEASE, lease=LEASE, limit=2)
    assert claimed == [made[2], made[1]]
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert claimed[0].vendor.name


def test_rows_that_the_query_leaves_out_are_not_claimed() -> None:
    orders = [make_order(make_vendor()) for _ in range(2)]
    HaltOrder.objects.filter(pk=orders[0].pk).update(state=HaltOrder.State.LIFTED)
    claimed = claim(HaltOrder.objects.unanswered(), now=NOON + LEASE, lease=LEASE, limit=10)
    assert claimed == [orders[1]]


def test_a_row_with_nothing_to_do_is_never_due() -> None:
    watch = watches(1)[0]
    Watch.objects.update(next_action_at=None)
    assert watch not in due(Watch.objects.all(), NOON + timedelta(days=999))
    assert take() == []


def test_a_lease_lapses_and_the_next_claimer_gets_the_row_with_a_token_of_its_own() -> None:
    watches(1)
    [first] = take(after=timedelta(0))
    assert take(after=LEASE - SECOND) == []
    [second] = take(after=LEASE)
    assert (second.pk, second.lease_until) == (first.pk, NOON + 2 * LEASE)
    assert second.lease_token != first.lease_token


def test_a_late_finisher_changes_nothing() -> None:
    watches(1)
    [slow] = take(after=timedelta(0))
    [other] = take(after=LEASE)
    assert release(slow, sentence="From the late one.") is False
    stored = Watch.objects.get()
    assert stored.lease_token == other.lease_token
    assert stored.sentence == "Not looked yet."
    assert slow.sentence == "Not looked yet."
    assert release(other, sentence="From the one who has it.", next_action_at=NOON) is True
    stored.refresh_from_db()
    assert (stored.sentence, stored.lease_token, stored.lease_until) == ("From the one who has it.", None, None)


def test_whoever_gave_a_row_back_cannot_give_it_back_again_while_another_has_it() -> None:
    watches(1)
    [watch] = take()
    assert release(watch)
    [other] = take()
    assert release(watch, sentence="Too late.") is False
    assert Watch.objects.get().lease_token == other.lease_token


def test_a_lease_that_ends_later_than_any_can_was_taken_before_the_clock_was_set_back_and_counts_as_lapsed() -> None:
    watches(1)
    [first] = take(after=timedelta(hours=2))
    assert take(after=timedelta(hours=2) - SECOND) == []  # another host's clock may be a little behind
    [second] = take(after=timedelta(hours=1))
    assert second.lease_token != first.lease_token
    assert not release(first)
