"""Lists that name many vendors at once, stage by stage: who is believed, who is told, what stays."""

from datetime import timedelta

import pytest

from halts.models import HaltOrder
from journal.actor import Actor
from journal.models import Entry
from journal.record import MoveRefused
from monitors import quarantine
from monitors.models import Finding, Quarantine, Watch
from notices.letters import render
from notices.models import Delivery
from tests.monitors.scene import COP, EVERY, ZEN, Scene
from tests.world import make_server, make_user
from vendors.models import SendingServer

MINUTE = timedelta(seconds=60)
HALF_HOUR = timedelta(seconds=1800)
DANA = Actor("user", "7 (it)")


@pytest.fixture
def fleet(stage: Scene) -> list[SendingServer]:
    """Twenty vendors with a server each, all looked at and clear, and two people at the desk."""
    stage.settings.LEASE_SECONDS = 30  # or a machine that is busy with other things passes for a silent resolver
    make_user("Dana", role="it")
    make_user("Ada", role="administrator")
    servers = [stage.server, *(stage.add_server(f"192.0.2.{number}") for number in range(11, 30))]
    stage.enrol()
    stage.enrol()  # the domains that they bear
    stage.prove()
    for _ in range(4):
        stage.look(after=EVERY)
    assert not Watch.objects.exclude(verdict="clear").filter(check_id__startswith="dnsbl:").exists()
    return servers


def name(stage: Scene, servers: list[SendingServer], zone: str = ZEN) -> None:
    for server in servers:
        stage.world.list(zone, server.address)


def confirm(stage: Scene) -> None:
    """Often enough for a listing to become a finding, and a finding an order."""
    for _ in range(3):
        stage.look(after=EVERY)
        stage.order()


def letters() -> list[Delivery]:
    return list(Delivery.objects.filter(letter="quarantine").order_by("pk"))


def release(stage: Scene, reason: str = "The addresses are a botnet's, says its site.") -> Quarantine:
    row = Quarantine.objects.standing().get()
    quarantine.release(row, reason=reason, by=DANA, by_name="Dana", at=stage.now)
    return row


def test_a_list_that_newly_names_many_vendors_is_held_and_orders_nothing(
    stage: Scene, fleet: list[SendingServer]
) -> None:
    name(stage, fleet[:5])  # more than three, and more than a fifth of twenty
    confirm(stage)
    [row] = Quarantine.objects.all()
    assert (row.list_id, row.state, row.listed, row.watched) == ("spamhaus-zen", "standing", 5, 20)
    assert {watch.server for watch in Watch.objects.filter(pk__in=row.named)} == set(fleet[:5])
    assert (Finding.objects.count(), HaltOrder.objects.count()) == (0, 0)
    watch = Watch.objects.get(server=fleet[0], check_id="dnsbl:spamhaus-zen")
    assert (watch.verdict, watch.result) == ("unknown", "quarantined")


def test_every_person_of_the_staff_gets_one_letter_and_no_more(stage: Scene, fleet: list[SendingServer]) -> None:
    name(stage, fleet[:8])
    confirm(stage)
    confirm(stage)
    assert sorted(letter.to_name for letter in letters()) == ["Ada", "Dana"]
    facts = letters()[0].facts
    assert facts["page"].endswith("/desk/blocklists/spamhaus-zen/")
    assert (facts["listed"], facts["watched"], len(facts["named"])) == (8, 20, 8)
    text = render("quarantine", facts).text
    assert str(fleet[0]) in text
    assert "more" not in text.partition("What it named")[2].partition("Look at")[0]


def test_other_lists_go_on_counting(stage: Scene, fleet: list[SendingServer]) -> None:
    name(stage, fleet[:5])
    confirm(stage)
    name(stage, fleet[:1], COP)
    confirm(stage)
    assert [one.watch.check_id for one in Finding.objects.all()] == ["dnsbl:spamcop"]
    assert HaltOrder.objects.count() == 1


def test_exactly_a_fifth_is_not_too_many(stage: Scene, fleet: list[SendingServer]) -> None:
    name(stage, fleet[:4])
    confirm(stage)
    assert not Quarantine.objects.exists()
    assert (Finding.objects.count(), HaltOrder.objects.count()) == (4, 4)


@pytest.mark.parametrize(
    ("unrelated", "watched", "share", "too_much"),
    [
        (3, 4, 0.2, False),  # three may always be named
        (4, 4, 0.2, True),
        (4, 20, 0.2, False),
        (5, 20, 0.2, True),
        (20, 100, 0.2, False),
        (21, 100, 0.2, True),
        (29, 100, 0.29, False),  # 0.29 * 100 is less than 29 as a float
        (100, 100, 1, False),  # no brake
    ],
)
def test_what_is_too_much(stage: Scene, unrelated: int, watched: int, share: float, too_much: bool) -> None:
    stage.settings.MASS_LISTING_SHARE = share
    assert quarantine.is_too_much(unrelated, watched) is too_much


def test_one_vendor_with_all_its_servers_is_a_listing_and_no_mass_listing(
    stage: Scene, fleet: list[SendingServer]
) -> None:
    own = [make_server(stage.server.vendor, f"192.0.2.{number}") for number in range(40, 50)]
    stage.enrol()
    stage.look(after=EVERY)
    name(stage, [stage.server, *own])
    confirm(stage)
    assert not Quarantine.objects.exists()
    assert Finding.objects.filter(vendor=stage.server.vendor, kind="listed").count() == 11


def test_one_address_that_several_vendors_use_is_one(stage: Scene, fleet: list[SendingServer]) -> None:
    for server in fleet[1:7]:
        make_server(server.vendor, stage.server.address)
    stage.enrol()
    stage.look(after=EVERY)
    name(stage, [stage.server])
    confirm(stage)
    assert not Quarantine.objects.exists()
    assert Finding.objects.filter(kind="listed").count() == 7


def test_listings_that_come_over_many_cycles_are_believed(stage: Scene, fleet: list[SendingServer]) -> None:
    for server in fleet[:10]:
        name(stage, [server])
        stage.look(after=HALF_HOUR)
        stage.look(after=EVERY)
        stage.order()
    assert not Quarantine.objects.exists()
    assert HaltOrder.objects.count() == 10


def test_a_list_that_one_path_believes_and_the_other_does_not_names_nothing_new_each_time(
    stage: Scene, fleet: list[SendingServer]
) -> None:
    suspected = [Watch.objects.get(server=server, check_id="dnsbl:spamhaus-zen") for server in fleet[:6]]
    for number, watch in enumerate(suspected):
        seen = (stage.now - (number + 1) * HALF_HOUR).isoformat()
        watch.faults = {"127.0.0.2": [1, seen, stage.now.isoformat(), {stage.paths[0].address: seen}]}
        watch.verdict, watch.since = "adverse", stage.now
        watch.save()
    assert quarantine.hold_back(["spamhaus-zen"], [], stage.now) == frozenset()
    for watch in suspected:
        seen = stage.now.isoformat()
        watch.faults = {"127.0.0.2": [1, seen, seen, {}]}
        watch.save()
    assert quarantine.hold_back(["spamhaus-zen"], [], stage.now) == {"spamhaus-zen"}


def test_what_two_workers_see_of_it_is_held_before_either_can_confirm(stage: Scene, fleet: list[SendingServer]) -> None:
    """Three in one round and three in another; neither knew of the other's."""
    name(stage, fleet[:6])
    zen = Watch.objects.filter(check_id="dnsbl:spamhaus-zen")
    stage.settings.MASS_LISTING_LEAST = 100
    stage.look(after=EVERY)
    assert zen.filter(verdict="adverse").count() == 6
    stage.settings.MASS_LISTING_LEAST = 3
    confirm(stage)
    assert Quarantine.objects.standing().exists()
    assert not Finding.objects.exists()


def test_a_first_listing_has_some_of_every_other_vendor_looked_at_at_once(
    stage: Scene, fleet: list[SendingServer]
) -> None:
    """Or the first would be confirmed before the grid has come to the others."""
    for number in range(40, 50):
        make_server(fleet[5].vendor, f"192.0.2.{number}")
    stage.enrol()
    for _ in range(2):
        stage.look(after=EVERY)
    name(stage, fleet)
    zen = Watch.objects.filter(check_id="dnsbl:spamhaus-zen")
    first = zen.get(server=fleet[0])
    stage.clock.shift(100)
    hastened = quarantine.hold_back(["spamhaus-zen"], [first], stage.now)
    assert hastened == frozenset()
    due = zen.filter(next_action_at__lte=stage.now)
    assert due.filter(vendor=fleet[5].vendor).count() == quarantine.SAMPLE
    assert due.values("vendor").distinct().count() == 19  # nothing more of the vendor that is named
    assert not Watch.objects.filter(check_id="dnsbl:spamcop", next_action_at__lte=stage.now).exists()


def test_one_look_of_one_server_is_enough_to_find_the_others(stage: Scene, fleet: list[SendingServer]) -> None:
    name(stage, fleet)
    stage.clock.shift(100)
    Watch.objects.filter(server=fleet[0]).update(next_action_at=stage.now)
    stage.settings.SWEEP_SECONDS = 1
    stage.watch_only()
    assert Quarantine.objects.standing().exists()
    stage.order()
    assert (Finding.objects.count(), HaltOrder.objects.count()) == (0, 0)


def test_after_a_release_the_same_listings_count_and_are_not_held_again_for_a_day(
    stage: Scene, fleet: list[SendingServer]
) -> None:
    name(stage, fleet[:5])
    confirm(stage)
    row = release(stage)
    assert Watch.objects.get(server=fleet[0], check_id="dnsbl:spamhaus-zen").next_action_at == stage.now
    confirm(stage)
    assert HaltOrder.objects.count() == 5
    name(stage, fleet[5:12])
    stage.clock.shift(22 * 3600)
    stage.prove()
    confirm(stage)
    assert HaltOrder.objects.count() == 12
    assert (Quarantine.objects.count(), len(letters())) == (1, 2)
    said = Entry.objects.filter(object_type="monitors.quarantine", object_id=str(row.pk)).order_by("position")
    assert [(entry.verb, entry.why) for entry in said] == [("began", ""), ("released", row.reason)]
    assert (row.ended_by_name, row.ended_at is not None) == ("Dana", True)


def test_after_that_day_another_wave_is_held_and_told_of_again(stage: Scene, fleet: list[SendingServer]) -> None:
    name(stage, fleet[:5])
    confirm(stage)
    release(stage)
    confirm(stage)
    stage.clock.shift(25 * 3600)
    stage.prove()
    stage.look()
    name(stage, fleet[5:12])
    confirm(stage)
    assert HaltOrder.objects.count() == 5
    assert (Quarantine.objects.standing().count(), len(letters())) == (1, 4)


def test_what_was_found_and_ordered_before_stays_while_the_list_is_held(
    stage: Scene, fleet: list[SendingServer]
) -> None:
    name(stage, fleet[:1])
    confirm(stage)
    stage.look(after=HALF_HOUR)
    stage.look(after=HALF_HOUR)
    name(stage, fleet[1:8])
    confirm(stage)
    assert Quarantine.objects.standing().exists()
    stage.world.delist(ZEN, fleet[0].address)
    confirm(stage)
    assert Finding.objects.open().get().server == fleet[0]
    assert HaltOrder.objects.standing().count() == 1


def named_just_before(stage: Scene, fleet: list[SendingServer]) -> None:
    """A finding that is open when its list is put into quarantine, and has no order yet."""
    name(stage, fleet[:1])
    for _ in range(2):
        stage.look(after=EVERY)
    assert Finding.objects.count() == 1
    name(stage, fleet[1:8])
    stage.look(after=EVERY)
    assert Quarantine.objects.standing().exists()
    stage.order()
    assert not HaltOrder.objects.exists()


def test_a_finding_that_was_opened_just_before_gets_its_order_when_the_released_list_still_says_so(
    stage: Scene, fleet: list[SendingServer]
) -> None:
    named_just_before(stage, fleet)
    release(stage)
    stage.order()
    assert not HaltOrder.objects.exists()
    stage.look(after=EVERY)
    stage.order()
    assert HaltOrder.objects.filter(server=fleet[0]).count() == 1


def test_what_the_released_list_no_longer_names_gets_no_order(stage: Scene, fleet: list[SendingServer]) -> None:
    named_just_before(stage, fleet)
    release(stage)
    stage.world.delist(ZEN, fleet[0].address)
    confirm(stage)
    assert not HaltOrder.objects.filter(server=fleet[0]).exists()


def test_of_two_who_release_at_once_one_is_told_that_it_was_done(stage: Scene, fleet: list[SendingServer]) -> None:
    name(stage, fleet[:5])
    confirm(stage)
    late = Quarantine.objects.standing().get()
    release(stage)
    with pytest.raises(MoveRefused):
        quarantine.release(late, reason="Me too.", by=DANA, by_name="Ada", at=stage.now)


def test_a_list_that_lists_the_world_is_caught_by_its_proof_and_told_of_once(
    stage: Scene, fleet: list[SendingServer]
) -> None:
    stage.world.set_mood(ZEN, "wildcard")
    for _ in range(15):
        stage.look(after=MINUTE)
        stage.prove()
        stage.order()
    assert (Finding.objects.count(), HaltOrder.objects.count(), Quarantine.objects.count()) == (0, 0, 0)
    told = Delivery.objects.filter(letter="blind")
    assert sorted(letter.to_name for letter in told) == ["Ada", "Dana"]


def test_a_cycle_is_as_long_as_it_really_takes(stage: Scene, fleet: list[SendingServer]) -> None:
    regular = HALF_HOUR + MINUTE
    assert quarantine.cycle("spamhaus-zen", stage.now) == regular
    assert quarantine.cycle("spamhaus-zen", stage.now + 2 * HALF_HOUR) == 2 * HALF_HOUR
    assert quarantine.cycle("spamhaus-zen", stage.now + timedelta(days=9)) == 4 * regular
