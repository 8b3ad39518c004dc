import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest

from egress.answer import Answer, Outcome
from engine.claim import claim
from journal.actor import Actor
from journal.models import Entry
from monitors import rounds, sight
from monitors.models import Sight, Watch
from monitors.probes.health import Proof
from notices.models import Delivery
from tests.monitors.fakes import answer
from tests.monitors.scene import ADDRESS, COP, ZEN, Scene
from tests.world import make_user

MINUTE = timedelta(seconds=60)


def go_blind(stage: Scene, *, minutes: int = 12) -> None:
    """The sight stage is rung every minute, as it would be."""
    for _ in range(minutes):
        stage.prove(after=MINUTE)


def letters() -> list[Delivery]:
    return list(Delivery.objects.filter(letter="blind").order_by("pk"))


def test_every_list_is_proved_on_every_path_and_again_before_the_proof_is_old(stage: Scene) -> None:
    assert stage.prove().claimed == 4
    assert stage.states() == {"seeing"}
    assert stage.prove(after=29 * MINUTE).claimed == 0
    assert stage.prove(after=MINUTE).claimed == 4
    assert not letters()


@pytest.mark.parametrize(
    ("mood", "fault"),
    [
        ("empty", "blinded"),
        ("wildcard", "lists_the_world"),
        ("park", "hijacked"),
        ("refuse_code", "refused"),
        ("servfail", "silent"),
    ],
)
def test_a_list_that_cannot_be_trusted_is_blind_and_staff_are_told_once(stage: Scene, mood: str, fault: str) -> None:
    make_user("Dana", role="it")
    stage.prove()
    stage.world.set_mood(ZEN, mood)
    stage.look(after=MINUTE)  # a clear answer of a list just proved is believed
    stage.clock.shift(1800)
    go_blind(stage, minutes=30)
    blind = Sight.objects.filter(state="blind")
    assert {(one.list_id, one.fault) for one in blind} == {("spamhaus-zen", fault)}
    [letter] = letters()
    assert letter.to_name == "Dana"
    assert letter.facts["all_blind"] is False
    assert {one["name"] for one in letter.facts["blind"]} == {"Spamhaus ZEN"}
    assert len(letter.facts["blind"]) == 2  # both paths


def test_when_everything_is_blind_one_letter_names_all_of_it(stage: Scene) -> None:
    stage.prove()
    for path in stage.paths:
        path.set_mood("servfail")
    stage.clock.shift(1800)
    go_blind(stage, minutes=60)
    [letter] = letters()
    assert letter.facts["all_blind"] is True
    assert len(letter.facts["blind"]) == 4
    assert letter.to_email == "abuse@harrow.example.com"  # there are no staff users yet


def test_a_short_blindness_is_not_told(stage: Scene) -> None:
    stage.prove()
    stage.world.set_mood(ZEN, "servfail")
    stage.clock.shift(1800)
    go_blind(stage, minutes=8)
    stage.world.set_mood(ZEN, "normal")
    go_blind(stage, minutes=30)
    assert (letters(), stage.states()) == ([], {"seeing"})


def test_sight_comes_back_by_itself_and_the_journal_tells_of_both(stage: Scene) -> None:
    stage.prove()
    stage.world.set_mood(ZEN, "empty")
    stage.clock.shift(1800)
    go_blind(stage)
    stage.world.set_mood(ZEN, "normal")
    go_blind(stage, minutes=2)
    assert stage.states() == {"seeing"}
    row = Sight.objects.filter(list_id="spamhaus-zen")[0]
    said = Entry.objects.filter(object_type="monitors.sight", object_id=str(row.pk)).order_by("position")
    assert [entry.verb for entry in said] == ["seeing", "suspect", "blind", "probation", "seeing"]


def test_a_list_that_flickers_is_told_of_once_an_hour(stage: Scene) -> None:
    stage.prove()
    stage.clock.shift(1800)
    for _ in range(3):
        stage.world.set_mood(ZEN, "empty")
        go_blind(stage, minutes=13)
        stage.world.set_mood(ZEN, "normal")
        go_blind(stage, minutes=3)
    assert len(letters()) == 1
    stage.clock.shift(6 * 3600)
    stage.world.set_mood(ZEN, "empty")
    go_blind(stage, minutes=45)
    assert len(letters()) == 2


def test_another_list_that_goes_blind_later_is_told_of_too(stage: Scene) -> None:
    stage.prove()
    stage.world.set_mood(ZEN, "empty")
    stage.clock.shift(1800)
    go_blind(stage)
    stage.world.set_mood(COP, "empty")
    stage.clock.shift(1800)
    go_blind(stage)
    assert [letter.facts["all_blind"] for letter in letters()] == [False, True]


def test_a_look_that_meets_a_blind_list_has_it_known_at_once(stage: Scene) -> None:
    stage.prove()
    stage.world.set_mood(ZEN, "wildcard")
    stage.look(after=MINUTE)
    assert Sight.objects.filter(list_id="spamhaus-zen", state="suspect").count() == 1  # the path that was asked
    stage.prove()
    assert Sight.objects.filter(list_id="spamhaus-zen", state="suspect").count() == 2  # the others are proved at once
    stage.prove(after=MINUTE)
    assert Sight.objects.filter(list_id="spamhaus-zen", state="blind").count() == 2


def test_a_proof_that_another_worker_made_meanwhile_stands(stage: Scene) -> None:
    stage.prove()
    stage.world.set_mood(ZEN, "empty")
    stage.clock.shift(1800)
    stage.prove()
    entries = Entry.objects.count()
    stage.prove()  # nothing is due
    assert Entry.objects.count() == entries


def test_a_look_does_not_give_back_the_sight_that_another_worker_is_proving(stage: Scene) -> None:
    stage.prove()
    stage.world.list(ZEN, ADDRESS)
    Sight.objects.update(next_action_at=stage.now)
    claim(Sight.objects.all(), now=stage.now, lease=timedelta(seconds=2), limit=10)
    held = dict(Sight.objects.values_list("pk", "lease_token"))
    stage.look()  # proves the list that lists, and finds it seeing
    stage.world.set_mood(ZEN, "wildcard")
    stage.look()  # and now blind
    assert dict(Sight.objects.values_list("pk", "lease_token")) == held
    assert stage.states() == {"seeing"}  # who holds them says what they are


def test_a_proof_that_fails_by_our_own_fault_leaves_the_other_proofs_alone(stage: Scene) -> None:
    path = stage.paths[0].address

    async def ask(name: str, rdtype: str, *, path: int = 0) -> Answer:
        if name.endswith(ZEN):
            raise ZeroDivisionError("our own fault")
        return answer(outcome=Outcome.SERVFAIL, name=name)

    async def prove() -> Mapping[rounds.ListOnPath, Proof]:
        ends = asyncio.get_running_loop().time() + 5
        return await rounds._prove(ask, {("spamhaus-zen", path), ("spamcop", path)}, ends)

    proofs = asyncio.run(prove())
    assert {one: proof.fault for (one, _), proof in proofs.items()} == {
        "spamhaus-zen": "own_fault",
        "spamcop": "silent",
    }
    assert "ZeroDivisionError" in proofs["spamhaus-zen", path].sentence


# ── the states, one by one ──────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("before", "healthy", "then"),
    [
        ("unproved", True, "seeing"),
        ("unproved", False, "blind"),  # there is nothing to hold on to
        ("seeing", True, "seeing"),
        ("seeing", False, "suspect"),
        ("suspect", True, "seeing"),
        ("suspect", False, "blind"),
        ("blind", True, "probation"),
        ("blind", False, "blind"),
        ("probation", True, "seeing"),
        ("probation", False, "blind"),
    ],
)
def test_what_a_proof_leads_to(before: str, healthy: bool, then: str) -> None:
    assert sight.after(before, healthy) == then
    assert then == before or then in Sight.MOVES[Sight.State(before)]


def proved(stage: Scene, row: Sight, *faults: str) -> list[tuple[str, float]]:
    """(state, s until the next proof) after each proof; "" for one that succeeds."""
    found = []
    for fault in faults:
        row.refresh_from_db()
        sight.record(row, Proof(not fault, fault or None, fault or "Works."), stage.now)
        row.refresh_from_db()
        assert row.next_action_at
        found.append((row.state, (row.next_action_at - stage.now).total_seconds()))
        stage.clock.move_to(row.next_action_at)
    return found


def test_a_list_that_fails_is_proved_every_minute_until_it_is_believed(stage: Scene) -> None:
    row = Sight.objects.get(list_id="spamcop", path=stage.paths[0].address)
    assert proved(stage, row, "", "blinded", "blinded", "blinded", "", "") == [
        ("seeing", 1800),
        ("suspect", 60),
        ("blind", 60),
        ("blind", 60),
        ("probation", 60),
        ("seeing", 1800),
    ]
    row.refresh_from_db()
    assert row.failures == 0


def test_a_list_that_refuses_is_left_alone_an_hour_and_then_longer_each_time_up_to_a_day(stage: Scene) -> None:
    row = Sight.objects.get(list_id="spamcop", path=stage.paths[0].address)
    rests = [rest / 3600 for _, rest in proved(stage, row, "", *["refused"] * 8)][1:]
    assert rests == [1, 2, 4, 8, 16, 24, 24, 24]
    assert proved(stage, row, "", "") == [("probation", 60), ("seeing", 1800)]


def test_blindness_counts_from_the_proof_that_failed_first(stage: Scene) -> None:
    row = Sight.objects.get(list_id="spamcop", path=stage.paths[0].address)
    proved(stage, row, "")
    failed_at = stage.now
    proved(stage, row, "silent", "silent", "silent")
    row.refresh_from_db()
    assert (row.state, row.since) == ("blind", failed_at)


def test_what_was_asked_while_a_list_was_not_believed_is_looked_at_when_it_is(stage: Scene) -> None:
    stage.prove()
    stage.look()
    stage.world.set_mood(ZEN, "empty")
    stage.clock.shift(1801)
    stage.look()
    go_blind(stage, minutes=2)
    assert stage.watch().result == "list_unhealthy"
    stage.world.set_mood(ZEN, "normal")
    Watch.objects.update(next_action_at=stage.now + timedelta(hours=6))
    go_blind(stage, minutes=3)
    due = Watch.objects.filter(next_action_at__lte=stage.now)
    assert due.filter(pk=stage.watch().pk).exists()
    assert not due.filter(check_id="dnsbl:spamcop").exists()  # it was believed all along


def test_the_first_look_at_a_new_list_is_believed_while_another_worker_makes_the_first_proof(stage: Scene) -> None:
    claim(Sight.objects.all(), now=stage.now, lease=timedelta(seconds=2), limit=10)
    stage.look()
    assert stage.watch().verdict == "clear"
    assert stage.states() == {"unproved"}


def test_a_proof_of_everything_that_somebody_asked_for_is_made_at_once(stage: Scene) -> None:
    stage.prove()
    assert sight.prove_now(by=Actor("user", "7 (it)"), at=stage.now) == 4
    assert stage.prove().claimed == 4
