"""What a vendor is told of a server, domain or header address, and which facts the form may use."""

import asyncio
from collections.abc import Coroutine
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress import rdap
from egress.answer import Outcome
from lab.registry import Registrant, Shield, as_rdap
from monitors.probes.entry import Blocklist, Code
from monitors.probes.reading import Severity
from questionnaires.seen import WORST_FIRST, Check, Seen, domain, header, holder, server
from questionnaires.seen.holder import Registered
from questionnaires.seen.whole import add_up
from tests.monitors.fakes import ZONE, FakeWorld, house

SENDER, HOST = "203.0.113.5", "mx1.acme.example"
LISTS = (
    house(),
    house(id="quarry", name="Quarry", zone="quarry.example", delisting="Ask them.", lookup="https://quarry.example/"),
)


@pytest.fixture
def world() -> FakeWorld:
    """A sender, its domain and its mail in good order, and two lists that are kept well."""
    world = FakeWorld()
    world.keep_well(ZONE, "quarry.example")
    world.name(SENDER, HOST)
    for name in ("acme.example", "www.acme.example"):
        world.say(name, "203.0.113.9")
    world.say("acme.example", f"10 {HOST}", rdtype="MX")
    world.say("acme.example", "v=spf1 mx -all", rdtype="TXT")
    world.say("_dmarc.acme.example", "v=DMARC1; p=reject", rdtype="TXT")
    return world


def told(work: Coroutine[Any, Any, Seen]) -> Seen:
    async def main() -> Seen:
        return await work

    seen = asyncio.run(main())
    order = [WORST_FIRST.index(check.verdict) for check in seen.checks]
    assert order == sorted(order)
    assert all(check.sentence.endswith((".", "…")) for check in seen.checks)
    assert None not in seen.facts.values()
    return seen


def of_server(world: FakeWorld, subject: str = SENDER, helo: str = HOST, lists: tuple[Blocklist, ...] = LISTS) -> Seen:
    return told(server.look(world, lists, subject, helo, nonce=7, path=0))


def check(seen: Seen, ident: str) -> Check:
    (found,) = (one for one in seen.checks if one.id == ident)
    return found


# ── servers ─────────────────────────────────────────────────────────────────
def test_a_server_in_good_order_is_clear_in_few_lines(world: FakeWorld) -> None:
    seen = of_server(world)
    assert [one.sentence for one in seen.checks] == [
        "Not on the 2 lists that we asked.",
        f"{SENDER} has the name {HOST}, which leads back to it.",
        f"{HOST}, the name in HELO, leads to {SENDER}.",
    ]
    assert not seen.is_partial
    assert seen.facts == {
        "look.fcrdns": True,
        "look.ptr": HOST,
        "look.hosts": f"{HOST} ({SENDER})",
        "look.listed": [],
        "look.lists_asked": 2,
        "look.lists_silent": [],
        "look.helo_resolves": True,
    }


def test_a_listing_comes_first_with_how_it_ends(world: FakeWorld) -> None:
    world.list(SENDER, zone="quarry.example")
    seen = of_server(world)
    first = seen.checks[0]
    assert (first.id, first.verdict, first.as_json()["word"], first.clause) == (
        "list:quarry",
        "adverse",
        "Fails",
        "R5",
    )
    assert first.sentence == "Listed on Quarry: spam source (127.0.0.2)."
    assert first.cure == "End the cause first. How an entry ends: Ask them. Look it up at https://quarry.example/"
    assert check(seen, "lists").sentence == "Not on the 1 other list that we asked."
    assert seen.facts["look.listed"] == ["Quarry"]


def test_a_listing_that_is_no_ground_for_anything_asks_for_a_look_only(world: FakeWorld) -> None:
    known = house(codes={"127.0.0.2": Code("seen in a forum", Severity.INFO)})
    world.list(SENDER)
    seen = of_server(world, lists=(known,))
    assert check(seen, "list:house").verdict == "attention"
    assert seen.facts["look.listed"] == []


def test_a_network_of_homes_is_a_fact_of_its_own(world: FakeWorld) -> None:
    pbl = house(codes={"127.0.0.2": Code("PBL: end-user range that should not send mail", Severity.HALT)})
    world.list(SENDER)
    assert of_server(world, lists=(pbl,)).facts["look.dynamic"] is True
    assert "look.dynamic" not in of_server(world).facts


@pytest.mark.parametrize("listed", [True, False])
def test_a_list_that_fails_its_proof_is_unknown_whatever_it_says(world: FakeWorld, listed: bool) -> None:
    if listed:
        world.list(SENDER, zone="blind.example")
    blind = house(id="blind", name="Blind", zone="blind.example")
    seen = of_server(world, lists=(house(), blind))
    silent = check(seen, "lists-silent")
    assert (silent.verdict, silent.sentence) == ("unknown", "1 of 2 lists gave us no answer: Blind.")
    assert silent.cure == "We look again by ourselves. You need do nothing."
    assert check(seen, "lists").sentence == "Not on the 1 list that answered."
    assert seen.is_partial
    assert "look.listed" not in seen.facts  # of one list we do not know


def test_what_no_list_holds_is_said_and_not_tried_again(world: FakeWorld) -> None:
    world.name("2001:db8::5", HOST)
    seen = of_server(world, "2001:db8::5")
    assert "None of the lists that we ask holds IPv6 addresses" in check(seen, "lists").sentence
    assert not seen.is_partial


@pytest.mark.parametrize(
    ("names", "forward", "says", "cure"),
    [
        ((), False, "has no reverse name (PTR).", "Ask the provider"),
        ((HOST,), False, "and no such name exists.", "Publish an address"),
    ],
)
def test_a_reverse_name_that_fails_is_told_with_its_cure(
    names: tuple[str, ...], forward: bool, says: str, cure: str
) -> None:
    world = FakeWorld()
    world.keep_well(ZONE, "quarry.example")
    if names:
        world.name(SENDER, *names, forward=forward)
    seen = of_server(world, helo="")
    reverse = check(seen, "reverse")
    assert (reverse.verdict, reverse.clause) == ("adverse", "R7")
    assert reverse.sentence.endswith(says)
    assert reverse.cure.startswith(cure)
    assert seen.facts["look.fcrdns"] is False


def test_a_reverse_zone_that_is_silent_is_unknown_and_no_fact(world: FakeWorld) -> None:
    world.fail("5.113.0.203.in-addr.arpa", Outcome.TIMEOUT)
    seen = of_server(world)
    assert check(seen, "reverse").verdict == "unknown"
    assert {"look.fcrdns", "look.ptr", "look.hosts"} & seen.facts.keys() == set()
    assert seen.is_partial


@pytest.mark.parametrize(
    ("helo", "verdict", "resolves"),
    [
        (HOST, "clear", True),
        ("www.acme.example", "attention", True),
        ("nowhere.example", "adverse", False),
        ("localhost", "adverse", False),
        ("203.0.113.5", "adverse", False),
    ],
)
def test_the_greeting_is_looked_at(world: FakeWorld, helo: str, verdict: str, resolves: bool) -> None:
    seen = of_server(world, helo=helo)
    assert check(seen, "helo").verdict == verdict
    assert seen.facts["look.helo_resolves"] is resolves


def test_a_greeting_that_could_not_be_looked_up_is_unknown(world: FakeWorld) -> None:
    world.fail("slow.example", Outcome.SERVFAIL)
    seen = of_server(world, helo="slow.example")
    assert check(seen, "helo").verdict == "unknown"
    assert "look.helo_resolves" not in seen.facts


def test_advice_on_the_reverse_name_asks_for_a_look(world: FakeWorld) -> None:
    name = "pool-203-0-113-5.dyn.isp.example"
    other = FakeWorld()
    other.keep_well(ZONE, "quarry.example")
    other.name(SENDER, name)
    other.say(HOST, SENDER)
    seen = of_server(other)
    assert check(seen, "warn-generic").verdict == "attention"
    assert check(seen, "warn-generic").clause == "R9"
    assert check(seen, "warn-helo-mismatch").verdict == "attention"


def test_of_a_range_a_sample_is_looked_at_and_it_says_so(world: FakeWorld) -> None:
    seen = of_server(world, "203.0.113.0/24")
    part = check(seen, "range")
    assert part.sentence.startswith("We looked at 8 of the 256 addresses of 203.0.113.0/24: 203.0.113.1, ")
    assert part.sentence.endswith("203.0.113.254. Of the others we know nothing yet.")
    assert "look.ptr" not in seen.facts
    assert len(seen.facts["look.sampled"]) == 8
    assert "8 of the 8 that we looked at fail." in check(seen, "reverse").sentence


def test_a_range_with_a_listed_address_names_it(world: FakeWorld) -> None:
    world.list("203.0.113.1")
    world.list("203.0.113.2")
    seen = of_server(world, "203.0.113.0/30", lists=(house(),))
    assert "203.0.113.1: Listed on House" in check(seen, "list:house").sentence
    assert "So is 1 more of the addresses that we looked at." in check(seen, "list:house").sentence


networks = st.one_of(
    st.builds(lambda n, p: ip_network((n, p), strict=False), st.integers(0, 2**32 - 1), st.integers(16, 32)),
    st.builds(lambda n, p: ip_network((n, p), strict=False), st.integers(0, 2**128 - 1), st.integers(32, 128)),
)


@given(networks)
def test_a_sample_lies_in_the_range_and_is_at_most_eight(network: Any) -> None:
    found = server.sample(network)
    assert 1 <= len(found) <= 8
    assert found == sorted(set(found))
    assert all(address in network for address in found)
    if network.num_addresses <= 2:
        assert len(found) == network.num_addresses


def test_the_first_and_last_host_are_in_the_sample() -> None:
    found = server.sample(ip_network("192.0.2.0/24"))
    assert (found[0], found[-1]) == (ip_address("192.0.2.1"), ip_address("192.0.2.254"))


# ── domains ─────────────────────────────────────────────────────────────────
def registered(registrant: Registrant | None, name: str = "acme.example") -> Registered:
    """What the registry says."""
    url = f"https://rdap.example/domain/{name}"
    if registrant is None:
        return Registered(name, rdap.Answer(rdap.Outcome.NOT_FOUND, "rdap.example knows no such domain.", url))
    answer = as_rdap(name, registrant, "https://rdap.example/")
    return Registered(name, rdap.Answer(rdap.Outcome.FOUND, "", url, answer))


FULL = Registrant("Acme Mailings Ltd", email="post@acme.example", phone="+442079460142")


def of_domain(world: FakeWorld, held: Registered | None = None, name: str = "acme.example", **how: Any) -> Seen:
    async def ask_registry(_: str) -> Registered:
        return held or registered(FULL)

    given: dict[str, Any] = {"company": "Acme Mailings", "ours": ["harrow.example.com"], "nonce": 7, "path": 0} | how
    return told(domain.look(world, LISTS, ask_registry, name, **given))


def test_a_domain_in_good_order_is_clear(world: FakeWorld) -> None:
    seen = of_domain(world)
    assert {one.verdict for one in seen.checks} == {"clear"}
    assert seen.facts["look.registrant"] == "clear"
    assert seen.facts["look.registrant_name"] == "Acme Mailings Ltd"
    assert seen.facts["look.spf"] == "v=spf1 mx -all"
    assert seen.facts["look.dmarc"] == "v=DMARC1; p=reject"
    assert seen.facts["look.mx"] == [HOST]


def test_what_is_not_published_is_an_empty_fact_and_a_line_with_the_way_out(world: FakeWorld) -> None:
    world.say("bare.example", "203.0.113.9")
    seen = of_domain(world, name="bare.example")
    assert (seen.facts["look.spf"], seen.facts["look.dmarc"]) == ("", "")
    for ident in ("spf", "dmarc"):
        assert check(seen, ident).verdict == "attention"
        assert check(seen, ident).cure


def test_what_could_not_be_seen_of_a_domain_is_no_fact(world: FakeWorld) -> None:
    for name in ("dark.example", "www.dark.example", "_dmarc.dark.example"):
        world.fail(name, Outcome.SERVFAIL)
    held = Registered(
        "dark.example", rdap.Answer(rdap.Outcome.UNREACHABLE, "The registry could not be asked: slow.", "https://r/")
    )
    seen = of_domain(world, held, name="dark.example")
    assert {one.verdict for one in seen.checks} == {"unknown"}
    assert seen.is_partial
    assert seen.facts == {}


def test_a_domain_that_does_not_exist_is_told_once(world: FakeWorld) -> None:
    seen = of_domain(world, registered(None, "gone.example"), name="gone.example")
    assert [one.id for one in seen.checks] == ["address", "registrant"]
    assert {one.verdict for one in seen.checks} == {"adverse"}


def test_a_domain_on_a_list_of_domains_is_told(world: FakeWorld) -> None:
    named = house(id="names", name="Names", zone="names.example", targets=("domain",), positive=("test",))
    world.say("test.names.example", "127.0.0.2")
    world.say("acme.example.names.example", "127.0.0.2")

    async def ask_registry(_: str) -> Registered:
        return registered(FULL)

    seen = told(domain.look(world, (named,), ask_registry, "acme.example", company="Acme", ours=(), nonce=7, path=0))
    assert check(seen, "list:names").verdict == "adverse"
    assert seen.facts["look.listed"] == ["Names"]


def test_a_domain_of_ours_is_told_apart(world: FakeWorld) -> None:
    assert check(of_domain(world, name="news.harrow.example.com"), "ours").clause == "R11"


# ── who holds it ────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("held", "fact", "verdict", "says"),
    [
        (registered(FULL), "clear", "clear", "names Acme Mailings Ltd as its holder"),
        (registered(Registrant("Acme Mailings")), "clear", "attention", "It does not show mail and telephone."),
        (
            registered(Registrant("Birch Direct")),
            "other",
            "attention",
            "names Birch Direct as its holder, not Acme Mailings",
        ),
        (registered(Registrant("Acme", shield=Shield.REDACTED)), "shielded", "attention", "withholds who holds it"),
        (
            registered(Registrant("Acme", shield=Shield.PROXY)),
            "shielded",
            "attention",
            "a privacy service, Lab Privacy",
        ),
        (registered(Registrant("Acme", shield=Shield.THIN)), "nobody", "attention", "shows no holder"),
    ],
)
def test_the_holder_is_told_as_the_registration_shows_it(held: Registered, fact: str, verdict: str, says: str) -> None:
    line, facts = holder.judge(held, "acme.example", "Acme Mailings", exists=True)
    assert (facts["look.registrant"], line.verdict) == (fact, verdict)
    assert says in line.sentence


def test_of_a_thin_registry_the_registrar_is_believed() -> None:
    thin = registered(Registrant("Acme", shield=Shield.THIN)).registry
    full = registered(FULL).registry
    line, facts = holder.judge(Registered("acme.example", thin, full), "acme.example", "Acme Mailings", exists=True)
    assert (line.verdict, facts["look.registrant"]) == ("clear", "clear")


def test_of_a_thin_registry_without_its_registrar_nothing_is_known() -> None:
    thin = registered(Registrant("Acme", shield=Shield.THIN)).registry
    silent = rdap.Answer(rdap.Outcome.LIMITED, "It answers no more questions.", "https://r/")
    line, facts = holder.judge(Registered("acme.example", thin, silent), "acme.example", "Acme Mailings", exists=True)
    assert (line.verdict, line.is_passing) == ("unknown", True)
    assert "look.registrant" not in facts


@pytest.mark.parametrize(("exists", "fact"), [(False, "nobody"), (True, None), (None, None)])
def test_not_registered_is_said_only_when_the_dns_says_so_too(exists: bool | None, fact: str | None) -> None:
    line, facts = holder.judge(registered(None), "acme.example", "Acme", exists)
    assert facts.get("look.registrant") == fact
    assert line.verdict == ("adverse" if fact else "unknown")


@pytest.mark.parametrize("outcome", set(rdap.Outcome) - {rdap.Outcome.FOUND, rdap.Outcome.NOT_FOUND})
def test_no_answer_is_unknown_with_the_sentence_that_says_so(outcome: rdap.Outcome) -> None:
    held = Registered("acme.example", rdap.Answer(outcome, "Nobody answered.", "https://r/"))
    line, facts = holder.judge(held, "acme.example", "Acme", exists=True)
    assert (line.verdict, facts) == ("unknown", {})
    assert line.sentence.startswith("Nobody answered.")
    assert line.is_passing == (outcome is not rdap.Outcome.NO_SERVER)


# ── header addresses ────────────────────────────────────────────────────────
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


# ── all of it ───────────────────────────────────────────────────────────────
IN_ORDER = {"look.listed": [], "look.lists_asked": 5, "look.lists_silent": []}


@pytest.mark.parametrize(
    ("servers", "headers", "hosted"),
    [
        ({"192.0.2.1": IN_ORDER}, {"a@x": {"look.mx_addresses": ["192.0.2.1", "192.0.2.9"]}}, True),
        ({"192.0.2.0/28": IN_ORDER}, {"a@x": {"look.mx_addresses": ["192.0.2.9"]}}, True),
        ({"192.0.2.1": IN_ORDER}, {"a@x": {"look.mx_addresses": ["192.0.2.9"]}}, False),
        ({"192.0.2.1": IN_ORDER}, {"a@x": {"look.mx_addresses": ["192.0.2.1"]}, "b@y": None}, None),
        ({"192.0.2.1": IN_ORDER}, {}, None),
        ({}, {"a@x": {"look.mx_addresses": ["192.0.2.1"]}}, None),
    ],
)
def test_whether_mail_comes_in_where_it_goes_out(servers: Any, headers: Any, hosted: bool | None) -> None:
    assert add_up(servers, headers).get("look.headers_hosted") is hosted


@pytest.mark.parametrize(
    ("servers", "says"),
    [
        ({"192.0.2.1": IN_ORDER}, "Not listed on any of the 5 lists that we asked."),
        ({"192.0.2.1": IN_ORDER | {"look.listed": ["Quarry"]}}, "Listed: 192.0.2.1 on Quarry."),
        (
            {"192.0.2.1": IN_ORDER | {"look.lists_silent": ["Quarry"]}},
            "Not listed where a list answered. No answer from Quarry.",
        ),
        ({"192.0.2.1": IN_ORDER, "192.0.2.2": None}, None),
        ({}, None),
    ],
)
def test_the_standing_of_all_servers_in_words(servers: Any, says: str | None) -> None:
    assert add_up(servers, {}).get("look.reputation") == says
