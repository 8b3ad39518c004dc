from datetime import timedelta

import pytest
from django.db import connection

from journal.actor import ENGINE
from monitors import checks
from monitors.models import Enrolment, Finding, Observation, Sight, Watch
from tests.line.installation import SMALL_CATALOGUE
from tests.monitors.scene import ADDRESS, EVERY, ZEN, Scene
from tests.world import NOON
from vendors import domains, register
from vendors.models import SendingServer

IPV4 = {"fcrdns", "dnsbl:spamhaus-zen", "dnsbl:spamcop"}


def running(stage: Scene) -> set[str]:
    return set(stage.watches().values_list("check_id", flat=True))


def change_catalogue(stage: Scene, text: str) -> None:
    """An operator's file with another name: the catalogue is read when the settings name it."""
    file = stage.settings.BLOCKLISTS.with_name("other.toml")
    file.write_text(text)
    stage.settings.BLOCKLISTS = file


def test_a_new_server_gets_a_watch_for_each_check_that_can_say_something(stage: Scene) -> None:
    assert running(stage) == IPV4
    assert {watch.next_action_at for watch in stage.watches()} == {NOON}
    assert Enrolment.objects.get(server=stage.server).catalogue == checks.fingerprint()


def test_an_ipv6_server_is_not_asked_of_lists_that_hold_no_ipv6(stage: Scene) -> None:
    stage.server = register.add_server(stage.server.vendor, address="2a02:db8::25", by=ENGINE, at=NOON)
    stage.enrol()
    assert running(stage) == {"fcrdns", "dnsbl:spamhaus-zen"}


def test_what_is_enrolled_is_not_enrolled_again(stage: Scene) -> None:
    assert stage.enrol().claimed == 0
    assert stage.watches().count() == 3


def test_a_list_on_each_path_has_a_sight(stage: Scene) -> None:
    paths = {path.address for path in stage.paths}
    wanted = {(one, path) for one in ("spamhaus-zen", "spamcop") for path in paths}
    assert set(Sight.objects.values_list("list_id", "path")) == wanted


def test_a_list_that_is_gone_stops_its_watches_and_keeps_what_they_saw(stage: Scene) -> None:
    stage.look()
    seen = Observation.objects.count()
    change_catalogue(stage, SMALL_CATALOGUE.partition('[[blocklist]]\nid = "spamcop"')[0])
    assert stage.enrol().claimed == 2  # the domain that it bears is looked over too
    assert running(stage) == IPV4 - {"dnsbl:spamcop"}
    assert Watch.objects.get(check_id="dnsbl:spamcop").is_running is False
    assert Observation.objects.count() == seen
    assert set(Sight.objects.values_list("list_id", flat=True)) == {"spamhaus-zen"}


def test_a_list_that_comes_back_is_looked_at_at_once(stage: Scene) -> None:
    file = stage.settings.BLOCKLISTS
    change_catalogue(stage, SMALL_CATALOGUE.partition('[[blocklist]]\nid = "spamcop"')[0])
    stage.enrol()
    stage.clock.shift(3600)
    stage.settings.BLOCKLISTS = file
    stage.enrol()
    watch = stage.watch("dnsbl:spamcop")
    assert (watch.is_running, watch.next_action_at) == (True, stage.now)
    assert stage.watches().count() == 3


def test_a_resolver_that_is_changed_has_its_sights_changed(stage: Scene) -> None:
    stage.settings.RESOLVERS = [stage.paths[0].address]
    stage.enrol()
    assert set(Sight.objects.values_list("path", flat=True)) == {stage.paths[0].address}


@pytest.mark.parametrize("retire", ["server", "vendor"])
def test_what_is_retired_is_not_looked_at_until_it_is_reinstated(stage: Scene, retire: str) -> None:
    stage.server.refresh_from_db()
    if retire == "server":
        register.retire_server(stage.server, by=ENGINE, at=NOON)
    else:
        register.retire_vendor(stage.server.vendor, by=ENGINE, at=NOON)
    assert (running(stage), stage.look().claimed) == (set(), 0)
    if retire == "server":
        register.reinstate_server(stage.server, by=ENGINE, at=NOON)
    else:
        register.reinstate_vendor(stage.server.vendor, by=ENGINE, at=NOON)
    assert running(stage) == IPV4


def test_a_suspicion_from_before_a_server_was_retired_is_not_confirmed_by_the_first_look_after(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS)
    stage.look()
    assert stage.watch().faults
    stage.server.refresh_from_db()
    register.retire_server(stage.server, by=ENGINE, at=stage.now)
    stage.enrol()
    register.reinstate_server(stage.server, by=ENGINE, at=stage.now)
    stage.look(after=EVERY)  # the watch stage may be faster than the enrol stage
    assert not Finding.objects.exists()
    stage.enrol()
    stage.look(after=EVERY)
    assert Finding.objects.count() == 1


def test_a_suspicion_from_before_a_list_was_left_out_is_not_confirmed_by_the_first_look_after(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS)
    stage.look()
    file = stage.settings.BLOCKLISTS
    change_catalogue(stage, SMALL_CATALOGUE.partition('[[blocklist]]\nid = "spamhaus-zen"')[0])
    stage.enrol()
    stage.settings.BLOCKLISTS = file
    stage.clock.shift(timedelta(minutes=5).total_seconds())
    stage.enrol()
    stage.look()
    assert (stage.watch().verdict, Finding.objects.count()) == ("adverse", 0)


def test_another_catalogue_leaves_the_counts_of_the_lists_that_stay(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS)
    stage.look()
    change_catalogue(stage, SMALL_CATALOGUE.partition('[[blocklist]]\nid = "spamcop"')[0])
    stage.enrol()
    stage.look(after=EVERY)
    assert Finding.objects.count() == 1


@pytest.mark.skipif(connection.vendor == "postgresql", reason="its inet column holds nothing but addresses")
def test_a_server_that_cannot_be_enrolled_leaves_the_others_to_be(stage: Scene) -> None:
    bad, good = stage.add_server("192.0.2.11"), stage.add_server("192.0.2.12")
    SendingServer.objects.filter(pk=bad.pk).update(address="nonsense")
    state = stage.enrol()
    assert (state.claimed, state.failed) == (3, 1)  # and the domain of the good one
    servers = Enrolment.objects.filter(server__isnull=False).values_list("server", flat=True)
    assert set(servers) == {stage.server.pk, good.pk}


def test_a_domain_is_looked_over_again_when_it_is_used_for_something_else(stage: Scene) -> None:
    vendor = stage.server.vendor
    domain = domains.add_domain(vendor, name="alder.example", uses=["link"], by=ENGINE, at=NOON)
    stage.enrol()
    of_it = Watch.objects.running().filter(domain=domain, check_id__in=checks.MAIL)
    assert not of_it.exists()
    domains.change_domain(domain, uses=["link", "header"], by=ENGINE, at=NOON)
    stage.enrol()
    assert set(of_it.values_list("check_id", flat=True)) == set(checks.MAIL)
    assert stage.enrol().claimed == 0
    domains.change_domain(domain, uses=["link"], by=ENGINE, at=NOON)
    stage.enrol()
    assert not of_it.exists()
    domains.change_domain(domain, selectors=["k1"], by=ENGINE, at=NOON)
    assert stage.enrol().claimed == 0
