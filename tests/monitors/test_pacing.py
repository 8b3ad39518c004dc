"""Which of the watches that are due may be asked about now, and what becomes of the others."""

from datetime import timedelta

import pytest

from engine.claim import claim_keys
from monitors import calm, checks, pacing
from monitors.models import Allowance, Observation, Watch
from tests.monitors.scene import EVERY, ZEN, Scene
from tests.world import make_server

SECOND = timedelta(seconds=1)
LIMITED = """
only = true

[[blocklist]]
id = "spamhaus-zen"
zone = "zen.spamhaus.org"
per_second = 1
{more}

[[blocklist]]
id = "spamcop"
zone = "bl.spamcop.net"
per_second = 1000
"""


@pytest.fixture
def slow(stage: Scene) -> Scene:
    """One question a second to ZEN; fifteen servers of one vendor."""
    limit(stage)
    stage.settings.LEASE_SECONDS = 30  # or a machine that is busy with other things passes for a silent resolver
    for number in range(11, 25):
        make_server(stage.server.vendor, f"192.0.2.{number}")
    stage.enrol()
    return stage


def limit(stage: Scene, more: str = "") -> None:
    stage.settings.LIST_LIMITS = True
    stage.settings.BLOCKLISTS = stage.settings.BLOCKLISTS.with_name(f"limited{len(more)}.toml")
    stage.settings.BLOCKLISTS.write_text(LIMITED.format(more=more))


def zen() -> list[Watch]:
    return list(Watch.objects.filter(check_id="dnsbl:spamhaus-zen").order_by("next_action_at", "pk"))


def test_only_lists_with_a_limit_are_limited(slow: Scene) -> None:
    assert set(pacing.limited()) == {"dnsbl:spamhaus-zen", "dnsbl:spamcop"}
    slow.settings.LIST_LIMITS = False
    assert pacing.limited() == {}


def test_what_a_list_does_not_allow_is_given_back_unread_for_when_there_is_room(slow: Scene) -> None:
    now = slow.now
    slow.look()
    seen = [watch for watch in zen() if watch.looked_at]
    late = [watch for watch in zen() if not watch.looked_at]
    assert (len(seen), len(late)) == (10, 5)
    assert [watch.next_action_at for watch in late] == [now + number * SECOND for number in range(1, 6)]
    for watch in late:
        assert (watch.verdict, watch.result, watch.rounds) == ("unknown", "not_looked_yet", 0)
        assert (watch.lease_token, watch.lease_until) == (None, None)
    assert not Observation.objects.filter(watch__in=late).exists()
    assert {watch.verdict for watch in seen} == {"clear"}


def test_the_others_get_their_turn_as_the_bucket_refills(slow: Scene) -> None:
    slow.look()
    slow.clock.shift(5)
    slow.watch_only()
    assert all(watch.looked_at for watch in zen())


def test_other_checks_do_not_wait(slow: Scene) -> None:
    slow.look()
    assert not Watch.objects.filter(check_id__in=["dnsbl:spamcop", "fcrdns"], looked_at=None).exists()


def test_what_is_suspected_goes_first(slow: Scene) -> None:
    slow.world.list(ZEN, slow.server.address)
    slow.look()
    slow.clock.shift(60)
    Watch.objects.filter(pk=slow.watch().pk).update(faults={"127.0.0.2": [1, slow.now.isoformat(), "", {}]})
    Watch.objects.update(next_action_at=slow.now)
    Watch.objects.filter(pk=slow.watch().pk).update(next_action_at=slow.now + 5 * SECOND)
    slow.clock.shift(5)
    Allowance.objects.filter(of="dnsbl:spamhaus-zen").update(tokens=1, refilled_at=slow.now)
    token, keys = claim_keys(Watch.objects.all(), now=slow.now, lease=EVERY, limit=1000)
    held = calm.held(keys, token)
    kept = pacing.admitted(held, token, slow.now)
    assert [one.pk for one in kept if one.check_id == "dnsbl:spamhaus-zen"] == [slow.watch().pk]


def test_when_the_day_is_used_up_the_rest_waits_for_midnight_and_keeps_what_it_saw(slow: Scene) -> None:
    for _ in range(3):
        slow.look(after=EVERY)
    used = Allowance.objects.get(of="dnsbl:spamhaus-zen").used
    limit(slow, f"daily_cap = {used}")
    before = {watch.pk: (watch.verdict, watch.looked_at, watch.rounds) for watch in zen()}
    slow.look(after=EVERY)
    midnight = slow.now.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    assert {watch.pk: (watch.verdict, watch.looked_at, watch.rounds) for watch in zen()} == before
    assert min(watch.next_action_at for watch in zen() if watch.next_action_at) == midnight
    slow.watch_only()  # nor is it taken for a moment that the old clock set
    assert min(watch.next_action_at for watch in zen() if watch.next_action_at) == midnight


def test_nothing_is_limited_where_limits_are_off(slow: Scene) -> None:
    slow.settings.LIST_LIMITS = False
    slow.look()
    assert all(watch.looked_at for watch in zen())
    assert not Allowance.objects.exists()


def test_thousands_that_are_late_come_back_in_a_few_groups(slow: Scene) -> None:
    vendor = slow.server.vendor
    for number in range(200):
        make_server(vendor, f"198.51.100.{number + 1}")
    slow.enrol()
    token, keys = claim_keys(Watch.objects.filter(check_id="dnsbl:spamhaus-zen"), now=slow.now, lease=EVERY, limit=1000)
    kept = pacing.admitted(calm.held(keys, token), token, slow.now)
    assert len(kept) == 10
    late = [watch.next_action_at for watch in zen() if watch.lease_token is None]
    waits = [(at - slow.now).total_seconds() for at in late if at]
    assert len(waits) == 205
    assert len(set(waits)) <= pacing.GROUPS
    assert (min(waits), max(waits)) == (1, 1 + max(range(0, 205, 11)))


def test_no_watch_is_put_off_for_longer_than_is_known_for_a_clock_set_back(slow: Scene) -> None:
    assert pacing.longest_wait("dnsbl:spamhaus-zen") == pacing.LONGEST_WAIT + 2 * checks.interval_of(
        "dnsbl:spamhaus-zen"
    )
    assert pacing.longest_wait("fcrdns") == 2 * checks.interval_of("fcrdns")
