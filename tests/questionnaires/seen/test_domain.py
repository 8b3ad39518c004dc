"""What a look at a domain says, and who holds it."""

import pytest

from egress import rdap
from egress.answer import Outcome
from lab.registry import Registrant, Shield
from monitors.probes.registered import Registered
from questionnaires.seen import domain, holder
from tests.monitors.fakes import FakeWorld, house
from tests.questionnaires.seen.looking import FULL, HOST, check, of_domain, registered, told


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
