from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engine.claim import claim
from engine.cycle import Sweep
from halts.models import HaltOrder
from halts.sweep import sweep_findings
from journal.actor import ENGINE
from journal.models import Entry
from monitors import sweep
from monitors.models import Finding, Sight, Watch
from monitors.watches import look_now
from tests.line.installation import SMALL_CATALOGUE
from tests.monitors.scene import ADDRESS, COP, EVERY, ZEN, Scene
from vendors.models import SendingServer

MINUTE = timedelta(seconds=60)
SBL, PBL = "127.0.0.2", "127.0.0.10"  # on Spamhaus ZEN


PBL_IS_MILD = SMALL_CATALOGUE.replace(
    'zone = "zen.spamhaus.org"',
    """zone = "zen.spamhaus.org"
codes = {"127.0.0.2" = "SBL", "127.0.0.10" = {meaning = "PBL", severity = "warn"}}""",
)


@pytest.fixture
def mild(stage: Scene) -> Scene:
    """An operator who takes the PBL for a warning only."""
    stage.settings.BLOCKLISTS = stage.settings.BLOCKLISTS.with_name("mild.toml")
    stage.settings.BLOCKLISTS.write_text(PBL_IS_MILD)
    return stage


def orders(stage: Scene) -> None:
    sweep_findings(Sweep(stage.now))


def seen_by(watch: Watch) -> list[str]:
    return list(watch.observations.order_by("first_at", "pk").values_list("result", flat=True))


def counted(watch: Watch) -> dict[str, int]:
    return {fault: count for fault, (count, *_) in watch.faults.items()}


def test_a_server_in_good_order_is_clear_and_opens_nothing(stage: Scene) -> None:
    state = stage.look()
    assert (state.claimed, state.failed, state.oldest_due_at) == (3, 0, None)
    assert set(stage.watches().values_list("verdict", flat=True)) == {"clear"}
    assert not Finding.objects.exists()


def test_a_listing_opens_one_finding_when_it_is_confirmed_and_not_before(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS, text="Seen spamming")
    stage.look()
    assert (stage.watch().verdict, counted(stage.watch())) == ("adverse", {"127.0.0.2": 1})
    assert not Finding.objects.exists()
    stage.look(after=MINUTE)
    finding = Finding.objects.get()
    assert (finding.kind, finding.severity, finding.clause, finding.state) == ("listed", "halt", "R5", "open")
    assert finding.sentence.startswith(f"mta10.alder.example.net ({ADDRESS}): Listed on Spamhaus ZEN")
    assert finding.opened_at - finding.first_seen_at == MINUTE
    assert Entry.objects.filter(object_type="monitors.finding", verb="opened").count() == 1
    for _ in range(3):
        stage.look(after=EVERY)
    assert Finding.objects.count() == 1


def test_a_suspicion_is_looked_at_again_as_soon_as_it_can_be_confirmed(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS)
    stage.look()
    assert stage.watch().next_action_at == stage.now + MINUTE
    regular = stage.watch("dnsbl:spamcop").next_action_at
    assert regular
    assert regular > stage.now + 10 * MINUTE


def test_a_second_look_too_soon_confirms_nothing(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS)
    stage.look()
    stage.look(after=MINUTE / 2)
    assert not Finding.objects.exists()
    assert stage.watch().next_action_at == stage.now + MINUTE / 2


def test_a_listing_that_blinks_opens_nothing(stage: Scene) -> None:
    for _ in range(4):
        stage.world.list(ZEN, ADDRESS)
        stage.look(after=EVERY)
        stage.world.delist(ZEN, ADDRESS)
        stage.look(after=EVERY)
    assert not Finding.objects.exists()


def test_clear_looks_in_a_row_close_the_finding(stage: Scene) -> None:
    finding = stage.open_a_finding()
    stage.world.delist(ZEN, ADDRESS)
    stage.look(after=EVERY)
    assert Finding.objects.open().exists()
    stage.look(after=EVERY)
    finding.refresh_from_db()
    assert (finding.state, finding.closed_at) == ("closed", stage.now)
    assert Entry.objects.get(verb="closed").why == "Not listed on Spamhaus ZEN."


def test_a_listing_after_a_recovery_is_a_finding_of_its_own(stage: Scene) -> None:
    first = stage.open_a_finding()
    stage.world.delist(ZEN, ADDRESS)
    stage.look(after=EVERY)
    stage.look(after=EVERY)
    stage.world.list(ZEN, ADDRESS)
    stage.look(after=EVERY)
    stage.look(after=EVERY)
    assert [one.state for one in Finding.objects.order_by("pk")] == ["closed", "open"]
    assert Finding.objects.open().get() != first


def test_a_graver_code_raises_an_open_finding_once_it_is_confirmed_and_the_order_stage_sees_it(mild: Scene) -> None:
    stage = mild
    stage.world.list(ZEN, ADDRESS, codes=[PBL])
    stage.look()
    stage.look(after=MINUTE)
    finding = Finding.objects.get()
    assert (finding.severity, "127.0.0.10" in finding.sentence) == ("warn", True)
    orders(stage)
    assert not HaltOrder.objects.exists()

    stage.world.list(ZEN, ADDRESS, codes=[PBL, SBL])
    stage.look(after=MINUTE)
    finding.refresh_from_db()
    assert (finding.severity, "127.0.0.2" in finding.sentence) == ("warn", False)  # seen once
    assert stage.watch().next_action_at == stage.now + MINUTE  # and not left waiting for the grid
    stage.look(after=MINUTE)
    finding.refresh_from_db()
    assert (finding.severity, "127.0.0.2" in finding.sentence) == ("halt", True)
    entry = Entry.objects.get(verb="graver")
    assert (entry.object_id, entry.after) == (str(finding.pk), {"was": "warn", "severity": "halt"})
    assert entry.why == finding.sentence
    orders(stage)
    assert HaltOrder.objects.get().finding == finding
    stage.look(after=MINUTE)
    assert Entry.objects.filter(verb="graver").count() == 1


def test_a_code_seen_once_beside_a_confirmed_one_gives_no_order(mild: Scene) -> None:
    stage = mild
    stage.world.list(ZEN, ADDRESS, codes=[PBL])
    stage.look()
    stage.world.list(ZEN, ADDRESS, codes=[PBL, SBL])
    stage.look(after=MINUTE)
    finding = Finding.objects.get()
    assert (finding.severity, "127.0.0.2" in finding.sentence) == ("warn", False)
    stage.world.list(ZEN, ADDRESS, codes=[PBL])
    stage.look(after=MINUTE)
    stage.look(after=MINUTE)
    orders(stage)
    assert not HaltOrder.objects.exists()


def test_a_finding_does_not_become_milder_when_its_gravest_code_goes(mild: Scene) -> None:
    stage = mild
    finding = stage.open_a_finding()
    stage.world.list(ZEN, ADDRESS, codes=[PBL])
    for _ in range(3):
        stage.look(after=EVERY)
    finding.refresh_from_db()
    assert (finding.severity, finding.state) == ("halt", "open")
    assert not Entry.objects.filter(verb="graver").exists()


def test_a_code_that_is_in_no_table_does_not_confirm_a_listing(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS, codes=[SBL, "127.0.0.77"])
    stage.look()
    stage.world.list(ZEN, ADDRESS, codes=[PBL, "127.0.0.77"])
    stage.look(after=MINUTE)
    assert not Finding.objects.exists()
    assert counted(stage.watch()) == {SBL: 1, PBL: 1}  # each is one path's word


def test_two_lists_are_two_findings(stage: Scene) -> None:
    stage.world.list(COP, ADDRESS)
    stage.world.list(ZEN, ADDRESS)
    for _ in range(2):
        stage.look(after=EVERY)
    assert Finding.objects.open().count() == 2


def test_a_server_without_a_reverse_name_is_a_finding_of_its_own_kind(stage: Scene) -> None:
    stage.world.set_reverse(ADDRESS)
    stage.look()
    stage.look(after=EVERY)
    finding = Finding.objects.get()
    assert (finding.kind, finding.clause, finding.watch.check_id) == ("reverse_dns", "R7", "fcrdns")


@pytest.mark.parametrize("mood", ["servfail", "refused", "timeout", "nodata", "refuse_code", "park"])
def test_unknown_neither_opens_nor_closes(stage: Scene, mood: str) -> None:
    stage.open_a_finding()
    stage.world.set_mood(ZEN, mood)
    for _ in range(4):
        stage.look(after=EVERY)
    assert Finding.objects.open().count() == 1
    assert stage.watch().verdict == "unknown"
    stage.world.set_mood(ZEN, "normal")
    stage.look(after=EVERY)
    assert (stage.watch().verdict, Finding.objects.open().count()) == ("adverse", 1)


@pytest.mark.parametrize("mood", ["empty", "wildcard"])
def test_a_list_that_is_blind_neither_opens_nor_closes_although_it_answers(stage: Scene, mood: str) -> None:
    other = stage.add_server("192.0.2.11")
    stage.enrol()
    stage.open_a_finding()
    stage.world.set_mood(ZEN, mood)
    for _ in range(4):
        stage.look(after=EVERY)
    assert [finding.server for finding in Finding.objects.open()] == [stage.server]
    assert {watch.server: watch.result for watch in Watch.objects.filter(check_id="dnsbl:spamhaus-zen")} == {
        stage.server: "list_unhealthy",
        other: "list_unhealthy",
    }
    assert set(Sight.objects.filter(list_id="spamhaus-zen").values_list("state", flat=True)) == {"blind"}
    assert set(Sight.objects.filter(list_id="spamcop").values_list("state", flat=True)) != {"blind"}


def test_blindness_between_two_adverse_looks_does_not_lose_the_first(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS)
    stage.look()
    stage.world.set_mood(ZEN, "servfail")
    stage.look(after=EVERY)
    stage.world.set_mood(ZEN, "normal")
    stage.look(after=EVERY)  # the path that saw it first sees it again: no second witness
    assert not Finding.objects.exists()
    stage.prove(after=EVERY)
    stage.look(after=EVERY)
    assert Finding.objects.count() == 1


def test_a_clear_answer_of_a_list_that_was_just_emptied_does_not_wipe_out_a_suspicion(stage: Scene) -> None:
    stage.prove()
    stage.world.list(ZEN, ADDRESS)
    stage.look()
    stage.world.set_mood(ZEN, "empty")
    stage.look(after=MINUTE)  # the proof of a minute ago would bear a plain clear out
    assert (stage.watch().verdict, stage.watch().result) == ("unknown", "list_unhealthy")
    assert counted(stage.watch()) == {"127.0.0.2": 1}
    stage.world.set_mood(ZEN, "normal")
    stage.prove(after=MINUTE)
    for _ in range(2):
        stage.look(after=MINUTE)
    assert Finding.objects.get().kind == "listed"


def test_a_suspicion_from_before_a_long_blindness_is_not_confirmed_by_one_look_after_it(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS)
    stage.look()
    stage.world.set_mood(ZEN, "servfail")
    stage.look(after=EVERY)
    stage.look(after=timedelta(days=90))
    stage.world.set_mood(ZEN, "normal")
    stage.look(after=EVERY)
    assert not Finding.objects.exists()
    stage.look(after=EVERY)
    assert Finding.objects.count() == 1


def test_an_observation_is_kept_once_a_slot_with_its_evidence(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS, text="Seen spamming")
    stage.look()
    observation = stage.watch().observations.get()
    assert (observation.verdict, observation.result, observation.is_proved) == ("adverse", "listed", True)
    assert (observation.codes, observation.text) == (["127.0.0.2"], ["Seen spamming"])
    assert observation.path in {path.address for path in stage.paths}
    asked = observation.evidence[0]
    assert (asked["name"], asked["records"]) == (f"10.2.0.192.{ZEN}", ["127.0.0.2"])


def test_a_look_asked_for_twice_at_one_moment_is_kept_twice_and_counts_once(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS)
    stage.look()
    stage.look()
    assert counted(stage.watch()) == {"127.0.0.2": 1}
    assert list(stage.watch().observations.values_list("count", "result")) == [(1, "listed"), (1, "listed")]
    assert not Finding.objects.exists()


def test_looks_take_turns_on_the_resolver_paths(stage: Scene) -> None:
    for _ in range(4):
        stage.look(after=EVERY)
    runs = list(stage.watch().observations.order_by("first_at", "pk").values_list("path", "count"))
    assert runs == [(path.address, 2) for path in stage.paths]


def test_what_one_path_sees_while_the_other_is_dead_is_suspected_and_no_more(stage: Scene) -> None:
    stage.paths[1].set_mood("servfail")
    stage.world.list(ZEN, ADDRESS)
    for _ in range(6):
        stage.look(after=EVERY)
    assert (stage.watch().is_suspected, Finding.objects.count()) == (True, 0)
    assert set(seen_by(stage.watch())) == {"listed", "servfail"}


def test_watches_that_another_worker_holds_are_left_to_it(stage: Scene) -> None:
    claim(Watch.objects.running(), now=stage.now, lease=timedelta(seconds=2), limit=2)
    assert stage.look().claimed == 1


def test_a_server_retired_while_it_is_looked_at_does_no_harm(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS)
    stage.look()
    stage.server.state = "retired"
    stage.server.save()
    stage.look(after=EVERY)
    assert not Finding.objects.exists()


def test_a_resolver_that_says_there_is_nothing_anywhere_is_not_believed_about_reverse_names(stage: Scene) -> None:
    stage.open_a_finding()
    for path in stage.paths:
        path.set_mood("nxdomain_everything")
    for _ in range(4):
        stage.look(after=EVERY)
    assert {(watch.verdict, watch.server) for watch in stage.watches()} == {("unknown", stage.server)}
    assert "The fault is likely with our resolver" in stage.watch("fcrdns").sentence
    assert [finding.kind for finding in Finding.objects.open()] == ["listed"]


def test_a_missing_reverse_name_counts_while_any_list_on_the_path_is_seen(stage: Scene) -> None:
    stage.world.set_mood(ZEN, "empty")
    stage.world.set_reverse(ADDRESS)
    for _ in range(2):
        stage.look(after=EVERY)
    assert Finding.objects.get().kind == "reverse_dns"


@pytest.mark.skipif(connection.vendor == "postgresql", reason="its inet column holds nothing but addresses")
def test_a_server_that_cannot_be_asked_about_leaves_the_others_to_be_looked_at(stage: Scene) -> None:
    other = stage.add_server("192.0.2.11")
    stage.enrol()
    SendingServer.objects.filter(pk=stage.server.pk).update(address="nonsense")
    state = stage.look()
    assert (state.claimed, state.failed) == (6, 3)
    assert "nonsense" in state.error
    assert set(sweep.watches().filter(server=other).values_list("verdict", flat=True)) == {"clear"}
    assert set(Watch.objects.filter(server=stage.server).values_list("looked_at", flat=True)) == {None}


def test_a_watch_whose_row_makes_no_sense_leaves_the_others_to_be_stored(stage: Scene) -> None:
    Watch.objects.filter(check_id="fcrdns").update(faults=["of another release"])
    state = stage.look()
    assert (state.claimed, state.failed) == (3, 1)
    assert set(stage.watches().exclude(check_id="fcrdns").values_list("verdict", flat=True)) == {"clear"}


def test_the_journal_s_turn_is_taken_before_any_row(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS)
    stage.look()
    with CaptureQueriesContext(connection) as confirming:
        stage.look(after=MINUTE)
    with CaptureQueriesContext(connection) as asking:
        look_now(Watch.objects.running(), stage.server, by=ENGINE, at=stage.now)
    for queries, row in ((confirming, 'SET "verdict"'), (asking, 'UPDATE "')):
        said = [query["sql"] for query in queries]
        turn = next(n for n, sql in enumerate(said) if "journal_head" in sql)
        assert turn < next(n for n, sql in enumerate(said) if row in sql)
