"""What a look at a header address says."""

import pytest

from questionnaires.seen import Seen, header
from tests.monitors.fakes import FakeWorld
from tests.questionnaires.seen.looking import SENDER, check, told


def of_header(world: FakeWorld, address: str) -> Seen:
    return told(header.look(world, address, ours=["harrow.example.com"], path=0))


def test_an_address_whose_domain_takes_mail_is_clear(world: FakeWorld) -> None:
    seen = of_header(world, "news@acme.example")
    assert [one.verdict for one in seen.checks] == ["clear"]
    assert seen.facts["look.mx_addresses"] == [SENDER]


@pytest.mark.parametrize(
    ("records", "says"),
    [(("0 .",), "says that it takes no mail (null MX)"), ((), "does not exist in the DNS")],
)
def test_an_address_that_can_take_no_mail_fails(world: FakeWorld, records: tuple[str, ...], says: str) -> None:
    if records:
        world.say("mute.example", *records, rdtype="MX")
    seen = of_header(world, "news@mute.example")
    assert (check(seen, "mx").verdict, check(seen, "mx").clause) == ("adverse", "R10")
    assert says in check(seen, "mx").sentence
    assert seen.facts["look.takes_mail"] is False


def test_free_mail_and_our_own_domains_are_told_apart(world: FakeWorld) -> None:
    for name in ("gmail.com", "news.harrow.example.com"):
        world.say(name, "10 mx.example", rdtype="MX")
    free, ours = of_header(world, "a@gmail.com"), of_header(world, "a@news.harrow.example.com")
    assert (check(free, "free-mail").verdict, free.facts["look.free_mail"]) == ("attention", True)
    assert (check(ours, "ours").clause, ours.facts["look.advertiser_domain"]) == ("R11", True)
