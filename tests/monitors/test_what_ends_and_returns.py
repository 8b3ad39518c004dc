"""What becomes of findings, names and trust when their subject goes, changes or comes back."""

from datetime import timedelta

from engine.cycle import Sweep
from halts.models import HaltOrder
from halts.orders import lift
from halts.sweep import sweep_findings
from journal.actor import ENGINE
from monitors.models import Finding, Observation, Sight, Watch
from tests.monitors.scene import ADDRESS, EVERY, ZEN, Scene
from tests.world import make_contact
from vendors import register
from vendors.models import Domain

DBL = "dbl.spamhaus.org"
WITH_DOMAINS = """
only = true

[[blocklist]]
id = "spamhaus-dbl"
zone = "dbl.spamhaus.org"
"""


def test_a_server_that_comes_back_listed_gets_another_order(stage: Scene) -> None:
    make_contact(stage.server.vendor)
    stage.open_a_finding()
    sweep_findings(Sweep(stage.now))
    stage.server.refresh_from_db()
    register.retire_server(stage.server, by=ENGINE, at=stage.now)
    stage.enrol()
    assert Finding.objects.get().state == "closed"
    lift(HaltOrder.objects.get(), reason="It is gone.", by=ENGINE, at=stage.now, by_name="Dana")
    register.reinstate_server(stage.server, by=ENGINE, at=stage.now)
    stage.enrol()
    for _ in range(2):
        stage.look(after=EVERY)
        sweep_findings(Sweep(stage.now))
    assert [finding.state for finding in Finding.objects.order_by("pk")] == ["closed", "open"]
    assert HaltOrder.objects.standing().count() == 1


def test_a_list_that_is_left_out_leaves_no_finding_that_nobody_can_close(stage: Scene) -> None:
    stage.open_a_finding()
    file = stage.settings.BLOCKLISTS.with_name("without.toml")
    file.write_text('only = true\n\n[[blocklist]]\nid = "spamcop"\nzone = "bl.spamcop.net"\n')
    stage.settings.BLOCKLISTS = file
    stage.enrol()
    assert Finding.objects.get().state == "closed"


def test_another_reverse_name_is_news_and_its_domain_is_met(stage: Scene) -> None:
    stage.look()
    stage.enrol()
    stage.world.add_host("mta1.rowan.example.org", ADDRESS)
    stage.world.set_reverse(ADDRESS, "mta1.rowan.example.org")
    for _ in range(2):
        stage.look(after=EVERY)
    stage.enrol()
    assert "example.org" in set(Domain.objects.values_list("name", flat=True))
    latest = Observation.objects.filter(watch__check_id="fcrdns", is_latest=True)
    assert all("rowan" in str(evidence) for evidence in latest.values_list("evidence", flat=True))


def test_of_a_stranger_s_thousand_names_no_more_are_met_than_were_looked_at(stage: Scene) -> None:
    stage.world.set_reverse(ADDRESS, *(f"mta.stranger{number}.net" for number in range(40)))
    stage.look()
    stage.enrol()
    assert Domain.objects.filter(name__startswith="stranger").count() <= 10


def test_a_domain_that_was_only_met_is_for_review_and_a_declared_one_halts(stage: Scene) -> None:
    file = stage.settings.BLOCKLISTS.with_name("domains.toml")
    file.write_text(WITH_DOMAINS)
    stage.settings.BLOCKLISTS = file
    stage.world.add_blocklist(DBL, test_points=["dbltest.com"], codes=["127.0.1.2"])
    stage.world.list(DBL, "example.net", codes=["127.0.1.2"])
    stage.enrol()
    for _ in range(2):
        stage.look(after=EVERY)
    met = Finding.objects.get()
    assert (met.subject, met.severity) == (Domain.objects.get(name="example.net"), "review")
    Domain.objects.update(is_declared=True)
    stage.look(after=EVERY)
    assert Finding.objects.get().severity == "halt"
    sweep_findings(Sweep(stage.now))
    assert HaltOrder.objects.get().scope == "vendor"


def test_calm_watches_are_not_called_clear_by_a_list_that_failed_its_proof_in_the_same_round(stage: Scene) -> None:
    stage.settings.LEASE_SECONDS = 30
    other = stage.add_server("192.0.2.11")
    stage.enrol()
    stage.prove()
    for _ in range(4):
        stage.look(after=EVERY)
    zen = Watch.objects.filter(check_id="dnsbl:spamhaus-zen")
    suspicion = [1, stage.now.isoformat(), stage.now.isoformat(), {"elsewhere": stage.now.isoformat()}]
    zen.filter(server=other).update(faults={"127.0.0.2": suspicion})  # so that its list is proved in this round
    calm, seen_at = zen.exclude(server=other).get(), stage.now
    stage.world.set_mood(ZEN, "empty")
    stage.look(after=EVERY)
    calm.refresh_from_db()
    assert (calm.verdict, calm.seen_at) == ("clear", seen_at)  # nothing new is claimed
    stage.look(after=timedelta(seconds=1))
    assert set(zen.values_list("verdict", flat=True)) == {"unknown"}


def test_two_proofs_within_a_moment_do_not_end_a_probation(stage: Scene) -> None:
    stage.prove()
    stage.world.set_mood(ZEN, "empty")
    for _ in range(3):
        stage.prove(after=timedelta(minutes=30))
    stage.world.set_mood(ZEN, "normal")
    stage.prove(after=timedelta(minutes=1))
    zen = Sight.objects.filter(list_id="spamhaus-zen")
    assert set(zen.values_list("state", flat=True)) == {"probation"}
    zen.update(next_action_at=stage.now)
    stage.prove(after=timedelta(seconds=1))
    assert set(zen.values_list("state", flat=True)) == {"probation"}
    zen.update(next_action_at=stage.now)
    stage.prove(after=timedelta(minutes=1))
    assert set(zen.values_list("state", flat=True)) == {"seeing"}
