"""What has happened to real lists, as their clients saw it: nothing is called listed, and nothing is called clear.

A list that names one sender and not another is kept well; then comes the day. At the level of one look and its
proof; that nothing opens, closes or halts by it is shown where stages are tested.
"""

from collections.abc import Callable

import pytest

from monitors.probes.entry import Blocklist, Mode
from monitors.probes.reading import Verdict
from tests.monitors.fakes import house
from tests.monitors.probes.wire import BUILT_IN, Wire

BAD, GOOD = "203.0.113.5", "203.0.113.6"
Day = Callable[[Wire, str], None]


def lists_the_world(text: str = "", code: str = "127.0.0.2") -> Day:
    def day(wire: Wire, zone: str) -> None:
        wire.world.set_mood(zone, "wildcard", code=code, text=text)

    return day


def parked(at: str = "") -> Day:
    def day(wire: Wire, zone: str) -> None:
        wire.world.set_mood(zone, "park", code=at)

    return day


def answers_with(code: str) -> Day:
    def day(wire: Wire, zone: str) -> None:
        wire.world.set_mood(zone, "refuse_code", code=code)

    return day


def emptied(wire: Wire, zone: str) -> None:
    wire.world.set_mood(zone, "empty")


def only_its_data_gone(wire: Wire, zone: str) -> None:
    """The zone stands, with NODATA for whatever is asked."""
    wire.world.set_mood(zone, "nodata")


def delegation_broken(wire: Wire, zone: str) -> None:
    wire.world.set_mood(zone, "servfail")


def silent(wire: Wire, zone: str) -> None:
    wire.world.set_mood(zone, "timeout")
    wire.patience = 0.2


def refused(wire: Wire, zone: str) -> None:
    wire.world.set_mood(zone, "refused")


FOR_SALE = "Domain for sale"
INCIDENTS: dict[str, tuple[str, Day]] = {
    "2003 relays.osirusoft.com lists the world": ("relays.osirusoft.com", lists_the_world("Please stop using this")),
    "2006-12-18 relays.ordb.org closed": ("relays.ordb.org", emptied),
    "2007-01 lbl.lagengymnastik.dk wildcard": ("lbl.lagengymnastik.dk", lists_the_world()),
    "2008-03-25 relays.ordb.org lists the world": ("relays.ordb.org", lists_the_world("ordb.org was shut down")),
    "2008-05 list.dsbl.org dead": ("list.dsbl.org", emptied),
    "2009-03-09 list.dsbl.org timeouts": ("list.dsbl.org", silent),
    "2012 rfc-ignorant.org closed": ("dsn.rfc-ignorant.org", delegation_broken),
    "2013 njabl.org closed": ("dnsbl.njabl.org", only_its_data_gone),
    "2015-01-01 dnsbl.ahbl.org announced wildcard": ("dnsbl.ahbl.org", lists_the_world("List shut down")),
    "2015-05-19 dul.ru wildcard": ("dul.ru", lists_the_world(FOR_SALE)),
    "2017 msrbl.net expired": ("combined.rbl.msrbl.net", lists_the_world(FOR_SALE)),
    "2018-05-30 bl.spamcannibal.org parked": ("bl.spamcannibal.org", parked("91.195.240.117")),
    "2019 bl.emailbasura.org expired": ("bl.emailbasura.org", lists_the_world(FOR_SALE)),
    "2019 msrbl.net expired again": ("combined.rbl.msrbl.net", parked()),
    "2019-11-25 megarbl.net expired": ("rbl.megarbl.net", lists_the_world(FOR_SALE)),
    "2020-05-25 dnsbl.inps.de emptied": ("dnsbl.inps.de", emptied),
    "2020-09 dynip.rothen.com down": ("dynip.rothen.com", parked()),
    "2021-01-30 bl.spamcop.net parked": ("bl.spamcop.net", parked("91.195.240.87")),
    "2021-03 zen.spamhaus.org public resolver": ("zen.spamhaus.org", answers_with("127.255.255.254")),
    "2021-03 zen.spamhaus.org too many questions": ("zen.spamhaus.org", answers_with("127.255.255.255")),
    "2021-03 zen.spamhaus.org mistyped": ("zen.spamhaus.org", answers_with("127.255.255.252")),
    "before 2021-03 zen.spamhaus.org NXDOMAIN to public resolvers": ("zen.spamhaus.org", emptied),
    "2021-06 ivmsip.invaluement.com unauthorized": (
        "ivmsip.invaluement.com",
        lists_the_world("unauthorized: without an account ALL queries get a 'listed' answer"),
    ),
    "2024-06-05 dnsbl.sorbs.net emptied": ("dnsbl.sorbs.net", emptied),
    "2024-07 query.bondedsender.org gone": ("query.bondedsender.org", delegation_broken),
    "2024-08 bl.score.senderscore.com wants registration": (
        "bl.score.senderscore.com",
        answers_with("127.255.255.255"),
    ),
    "2025-01-16 ix.dnsbl.manitu.net emptied": ("ix.dnsbl.manitu.net", emptied),
    "ongoing ubl.unsubscore.com offline": ("ubl.unsubscore.com", silent),
    "ongoing cbl.abuseat.org merged, answers error codes": ("cbl.abuseat.org", answers_with("127.255.255.254")),
    "ongoing a data set outside the key's subscription": ("combined.mail.abusix.zone", refused),
}


def as_catalogued(zone: str) -> Blocklist:
    """The list as the catalogue has it; those that it refuses, as somebody would have written them down."""
    return next((entry for entry in BUILT_IN.values() if entry.zone == zone), house(zone=zone))


def as_a_name_alone(zone: str) -> Blocklist:
    """The least that an operator's file needs: any answer in 127.0.0.0/8 is a listing."""
    return house(zone=zone, mode=Mode.ANY_127, codes={"any": house().codes["127.0.0.2"]})


@pytest.mark.parametrize("written", [as_catalogued, as_a_name_alone])
@pytest.mark.parametrize(("zone", "day"), INCIDENTS.values(), ids=INCIDENTS)
def test_on_that_day_nobody_is_called_listed_and_nobody_clear(
    wire: Wire, zone: str, day: Day, written: Callable[[str], Blocklist]
) -> None:
    entry = written(zone)
    wire.keep(entry)
    wire.world.list(zone, BAD)
    assert [wire.see(entry, one).verdict for one in (BAD, GOOD)] == [Verdict.ADVERSE, Verdict.CLEAR]

    day(wire, zone)
    for target in (BAD, GOOD):
        reading = wire.see(entry, target)
        assert reading.verdict is Verdict.UNKNOWN
        assert reading.grounds == ()
        assert reading.evidence  # of what was asked, and what came back


@pytest.mark.parametrize("day", ["2015-11-24 CBL", "2016-01 CBL", "2019-06 Barracuda"])
def test_bad_data_on_a_list_in_good_health_is_beyond_one_look(wire: Wire, day: str) -> None:
    """The test entries were fine on those days, and honest senders were listed by the hundred. One look believes it;
    only a look at many senders together can tell, and that is not the business of a probe."""
    entry = BUILT_IN["spamhaus-zen" if "CBL" in day else "barracuda"]
    wire.keep(entry)
    for last in range(1, 9):
        wire.world.list(entry.zone, f"198.51.100.{last}")
    assert wire.prove(entry).healthy
    assert {wire.see(entry, f"198.51.100.{last}").verdict for last in range(1, 9)} == {Verdict.ADVERSE}
