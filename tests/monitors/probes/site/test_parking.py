"""Names that are parked, by what the DNS says of them: the page must agree, and ordinary name servers are no sign."""

import pytest

from egress.answer import Outcome
from egress.fetch import Page
from monitors.probes.reading import Verdict
from monitors.probes.site import parking
from tests.monitors.fakes import FakeWorld
from tests.monitors.probes.site.sites import CONTACT, DOMAIN, HOME, PROSE, WAY_OUT, FakeSites, faults, look

ADVERTISEMENTS = '<script src="/ads.js"></script><div id="ads"></div>'


def world(*servers: str, address: str = "93.184.215.14", canonical: str = DOMAIN) -> FakeWorld:
    found = FakeWorld()
    found.say(DOMAIN, *servers, rdtype="NS")
    found.say(DOMAIN, address, canonical=canonical)
    return found


PARKED = {
    "name servers": world("ns1.sedoparking.com", "ns2.sedoparking.com"),
    "alias": world("ns1.host.example", canonical="lb.parkingcrew.net"),
    "address": world("ns1.host.example", address="199.59.243.50"),
}
NO_SIGN = {
    "a registrar's own": world("ns01.domaincontrol.com", "ns02.domaincontrol.com"),
    "one left over": world("ns1.sedoparking.com", "ns1.host.example"),
    "a name that ends alike": world("ns1.notbodis.com"),
    "nothing": world(),
}


@pytest.mark.parametrize("sign", PARKED)
@pytest.mark.parametrize("page", [ADVERTISEMENTS, "<h1>acme.example</h1>", PROSE, ""])
def test_a_sign_and_a_page_with_nothing_to_say_are_a_parked_name(sign: str, page: str) -> None:
    reading = look({HOME: page}, ask=PARKED[sign])
    assert (reading.result, faults(reading)) == ("parked", {"site:parked"})
    assert "service" in reading.sentence


@pytest.mark.parametrize("sign", PARKED)
def test_a_page_with_something_to_say_contradicts_the_sign(sign: str) -> None:
    reading = look({HOME: PROSE + CONTACT + WAY_OUT}, ask=PARKED[sign])
    assert reading.verdict is Verdict.CLEAR
    assert "parking:dns" in reading.codes
    assert look({HOME: PROSE * 12}, ask=PARKED[sign]).result != "parked"


def test_a_sign_alone_is_no_proof_where_no_page_came() -> None:
    closed = Page(HOME, 403, {}, b"")
    assert look({HOME: closed}, ask=PARKED["name servers"]).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("sign", NO_SIGN)
def test_ordinary_name_servers_are_no_sign(sign: str) -> None:
    reading = look({HOME: PROSE}, ask=NO_SIGN[sign])
    assert reading.codes[0] == "site:live"
    assert "parking:dns" not in reading.codes


@pytest.mark.parametrize("outcome", [Outcome.SERVFAIL, Outcome.TIMEOUT, Outcome.REFUSED])
def test_no_answer_is_no_sign(outcome: Outcome) -> None:
    silent = FakeWorld()
    silent.fail(DOMAIN, outcome)
    assert look({HOME: PROSE}, ask=silent).codes[0] == "site:live"


def test_who_is_sent_to_a_market_of_names_finds_no_site() -> None:
    sold = Page("https://www.hugedomains.com/domain_profile.cfm?d=acme", 200, {"content-type": "text/html"}, b"x" * 99)
    reading = look({HOME: sold})
    assert (reading.result, faults(reading)) == ("parked", {"site:parked"})
    assert "www.hugedomains.com, where names are sold" in reading.sentence


def test_a_news_page_that_mentions_a_domain_for_sale_is_not_parked() -> None:
    news = PROSE * 12 + "<p>Yesterday a broker wrote: this domain is for sale, buy this domain.</p>"
    assert look(FakeSites({HOME: news})).codes[0] == "site:live"


def test_the_table_holds_no_ordinary_name_server() -> None:
    table = parking.table()
    assert not {"domaincontrol.com", "cloudflare.com", "registrar-servers.com", "awsdns.com"} & table.names
    assert all(network.prefixlen >= 16 for network in table.networks)
    assert all(name == name.lower() and "." in name for name in table.names | table.markets)
