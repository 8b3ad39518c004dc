"""Watches of which a plain no is no news: which they are, and how they are stored."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.claim import claim_keys
from monitors import calm, folding
from monitors.calm import Held
from monitors.models import Observation, Watch
from tests.monitors.scene import ADDRESS, EVERY, ZEN, Scene
from tests.world import make_server

LEASE = timedelta(seconds=30)
ZEN_CHECK = "dnsbl:spamhaus-zen"


@pytest.fixture
def settled(stage: Scene) -> Scene:
    """Clear for long on both paths."""
    stage.settings.LEASE_SECONDS = 30  # or a machine that is busy with other things passes for a silent resolver
    stage.prove()
    for _ in range(4):
        stage.look(after=EVERY)
    return stage


def claimed(stage: Scene, check_id: str = ZEN_CHECK) -> tuple[UUID, list[Held]]:
    Watch.objects.update(next_action_at=stage.now)
    rows = Watch.objects.filter(check_id=check_id, server__isnull=False)
    token, keys = claim_keys(rows, now=stage.now, lease=LEASE, limit=100)
    return token, calm.held(keys, token)


def seeing(stage: Scene) -> set[tuple[str, str]]:
    return {(one, path.address) for one in ("spamhaus-zen", "spamcop") for path in stage.paths}


def is_calm(stage: Scene, one: Held, **otherwise: Any) -> bool:
    return bool(calm.calm([one._replace(**otherwise)], seeing=seeing(stage), found=set()))


def test_what_was_clear_on_every_path_is_calm(settled: Scene) -> None:
    _, [one] = claimed(settled)
    assert (one.target, one.check_id, one.verdict) == (ADDRESS, ZEN_CHECK, "clear")
    assert is_calm(settled, one)


@pytest.mark.parametrize(
    "otherwise",
    [
        {"verdict": "unknown"},
        {"verdict": "adverse", "result": "listed"},
        {"result": "list_unhealthy"},
        {"faults_text": '{"127.0.0.2": [1, "", "", {}]}'},
        {"clear_count": 1},
        {"clear_text": '["192.0.2.53:53"]'},
        {"clear_text": "[]"},
        {"check_id": "dnsbl:psbl"},  # not proved a short while ago
    ],
)
def test_what_is_anything_else_is_not(settled: Scene, otherwise: dict[str, object]) -> None:
    _, [one] = claimed(settled)
    assert not is_calm(settled, one, **otherwise)


def test_what_has_an_open_finding_is_not_calm(settled: Scene) -> None:
    _, [one] = claimed(settled)
    assert calm.calm([one], seeing=seeing(settled), found={one.pk}) == set()


def test_what_is_asked_through_a_path_that_does_not_see_is_not_calm(settled: Scene) -> None:
    _, [one] = claimed(settled)
    blind_there = {pair for pair in seeing(settled) if pair[1] != settled.paths[one.rounds % 2].address}
    assert calm.calm([one], seeing=blind_there, found=set()) == set()


def test_storing_moves_the_watch_on_and_grows_the_row_of_its_path_by_one(settled: Scene) -> None:
    token, [one] = claimed(settled)
    before, rows = Watch.objects.get(pk=one.pk), Observation.objects.count()
    path = settled.paths[one.rounds % 2].address
    grown = Observation.objects.get(watch=one.pk, path=path, is_latest=True)
    now = settled.now + EVERY
    calm.store([one], token, now)
    after = Watch.objects.get(pk=one.pk)
    assert (after.looked_at, after.seen_at, after.rounds) == (now, now, before.rounds + 1)
    assert (after.verdict, after.since, after.clear_count) == (before.verdict, before.since, before.clear_count)
    assert (after.lease_token, after.lease_until) == (None, None)
    assert after.next_action_at is not None
    assert now + timedelta(seconds=900) <= after.next_action_at <= now + timedelta(seconds=2700)
    row = Observation.objects.get(pk=grown.pk)
    assert (row.count, row.last_at, row.first_at) == (grown.count + 1, now, grown.first_at)
    assert Observation.objects.count() == rows


def test_what_another_worker_took_over_is_left_to_it(settled: Scene) -> None:
    token, [one] = claimed(settled)
    Watch.objects.filter(pk=one.pk).update(lease_token=uuid4())
    before = Watch.objects.filter(pk=one.pk).values().get()
    counts = list(Observation.objects.order_by("pk").values_list("pk", "count", "last_at"))
    calm.store([one], token, settled.now + EVERY)
    assert Watch.objects.filter(pk=one.pk).values().get() == before
    assert list(Observation.objects.order_by("pk").values_list("pk", "count", "last_at")) == counts


def test_after_a_gap_it_goes_the_long_way_at_once(settled: Scene) -> None:
    """A row that claims that somebody looked all along must not grow over a time in which nobody did."""
    token, [one] = claimed(settled)
    now = settled.now + folding.longest_gap(ZEN_CHECK) + EVERY
    calm.store([one], token, now)
    after = Watch.objects.get(pk=one.pk)
    assert (after.next_action_at, after.lease_token, after.clear_count) == (now, None, 0)
    assert after.looked_at < now  # type: ignore[operator]
    assert not Observation.objects.filter(watch=one.pk, last_at=now).exists()


def test_of_many_those_that_cannot_grow_do_not_keep_the_others(settled: Scene) -> None:
    for number in range(11, 15):
        make_server(settled.server.vendor, f"192.0.2.{number}")
    settled.enrol()
    for _ in range(4):
        settled.look(after=EVERY)
    token, some = claimed(settled)
    odd = some[0]
    Observation.objects.filter(watch=odd.pk, is_latest=True).update(likeness="something else")
    now = settled.now + EVERY
    calm.store(some, token, now)
    looked = dict(Watch.objects.filter(pk__in=[one.pk for one in some]).values_list("pk", "looked_at"))
    assert {pk for pk, at in looked.items() if at == now} == {one.pk for one in some[1:]}


def test_a_listing_of_what_was_calm_is_seen_at_the_next_look(settled: Scene) -> None:
    settled.world.list(ZEN, ADDRESS)
    settled.look(after=EVERY)
    assert settled.watch().verdict == "adverse"


def test_a_list_that_lists_the_world_is_not_believed_by_what_was_calm(settled: Scene) -> None:
    settled.world.set_mood(ZEN, "wildcard")
    settled.look(after=EVERY)
    assert (settled.watch().verdict, settled.watch().result) == ("unknown", "list_unhealthy")
