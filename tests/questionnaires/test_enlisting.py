"""What an acceptance puts into the register: the domains and names that were signed, and nothing is retired."""

from typing import Any

import pytest
from django.db.models import Max
from pytest_django import Settings

from journal.models import Entry
from questionnaires import acceptances, decisions, review
from questionnaires.definition import Answers, Row
from questionnaires.enlisting import Named, domains_in, enlist, names_in
from questionnaires.models import Acceptance, Submission
from tests import submissions, world
from tests.acceptances import make_acceptance
from tests.world import NOON, People, make_alias, make_domain
from vendors.aliases import names_of
from vendors.models import Alias, Domain

PAGE = "https://www.alder.example/leave"


def named(values: dict[str, Any] | None = None, *rows: dict[str, Any], **facts: Any) -> dict[str, Named]:
    """Of answers given once and rows of domains; `by_machine` are the rows whose A4.09 a sample answered."""
    known: dict[str, Any] = {f"derived.authentication@d{place}": {} for place in facts.get("by_machine", ())}
    return domains_in(
        Answers(values or {}, {"domains": [Row(f"d{place}", row) for place, row in enumerate(rows)]}, known)
    )


def uses(found: dict[str, Named]) -> dict[str, set[str]]:
    return {name: one.uses for name, one in found.items()}


@pytest.mark.parametrize(
    ("said", "use"),
    [
        ("rdns", "dns"),
        ("helo", "dns"),
        ("from", "header"),
        ("return_path", "return_path"),
        ("links", "link"),
        ("tracking", "link"),
        ("images", "link"),
    ],
)
def test_each_use_of_the_form_is_one_of_the_registers(said: str, use: str) -> None:
    assert uses(named({}, {"A4.01": "alder.example", "A4.02": [said]})) == {"alder.example": {use}}


def test_a_use_that_nobody_named_is_none() -> None:
    assert uses(named({}, {"A4.01": "alder.example"}, {"A4.02": ["from"]})) == {"alder.example": set()}
    assert named() == {}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"A6.01": [{"address": "news@alder.example"}]}, {"alder.example": {"header"}}),
        (
            {"A6.01": [{"address": "news@alder.example", "also": ["return_path", "reply_to"]}]},
            {"alder.example": {"header", "return_path"}},
        ),
        ({"A6.02": [{"address": "r@reply.example"}]}, {"reply.example": {"header"}}),
        ({"A6.03": [{"address": "b+{recipient}@bounce.example"}]}, {"bounce.example": {"return_path"}}),
        ({"A6.04": [{"address": "e@errors.example"}]}, {"errors.example": {"header"}}),
        ({"A11.01": "https://leave.birch.example/now"}, {"birch.example": {"link"}}),
        ({"A14.03": [{"domain": "click.birch.example"}, {}]}, {"birch.example": {"link"}}),
        ({"A6.01": [{"address": "nobody"}, {}], "A11.01": "https://[::1"}, {"nobody": {"header"}}),
    ],
)
def test_what_the_other_answers_name(values: dict[str, Any], found: dict[str, set[str]]) -> None:
    assert uses(named(values)) == found


def test_an_address_is_of_its_own_domain_and_not_of_the_one_above() -> None:
    values = {"A6.01": [{"address": "news@mail.alder.example", "also": ["return_path"]}]}
    row = {"A4.01": "alder.example", "A4.02": ["from", "return_path", "links"]}
    assert uses(named(values, row)) == {
        "alder.example": {"link"},
        "mail.alder.example": {"header", "return_path"},
    }


def test_a_link_is_of_the_closest_declared_domain() -> None:
    rows = [{"A4.01": "alder.example"}, {"A4.01": "shop.alder.example"}]
    found = named({"A11.01": "https://www.shop.alder.example/leave"}, *rows)
    assert uses(found) == {"alder.example": set(), "shop.alder.example": {"link"}}
    assert found["shop.alder.example"].opt_out_url == "https://www.shop.alder.example/leave"


def test_a_domains_own_opt_out_page_comes_before_the_one_of_the_messages() -> None:
    row = {"A4.01": "alder.example", "A4.07": PAGE}
    assert named({"A11.01": "https://alder.example/other"}, row)["alder.example"].opt_out_url == PAGE


def test_a_page_that_the_register_cannot_keep_is_left_out_and_the_domain_is_not() -> None:
    long = f"https://alder.example/{'a' * 1500}"
    assert named({"A11.01": long}, {"A4.01": "alder.example", "A4.07": long}) == {"alder.example": Named(uses={"link"})}


@pytest.mark.parametrize(
    ("written", "selectors"),
    [
        ("k1", ["k1"]),
        (" K1, s2 ,", ["k1", "s2"]),
        ("", []),
        ("none", []),
        ("None", []),
        ("we do not sign", []),
        ("k1, and one more", ["k1"]),
        ("k1._domainkey.alder.example", []),
    ],
)
def test_selectors_are_read_as_the_vendor_wrote_them(written: str, selectors: list[str]) -> None:
    found = named({}, {"A4.01": "alder.example", "A4.09": {"spf": "v=spf1 -all", "dkim": written}})["alder.example"]
    assert found.selectors == selectors
    assert found.uses == ({"dkim"} if selectors else set())


def test_who_signed_the_sample_message_is_no_selector() -> None:
    row = {"A4.01": "alder.example", "A4.09": {"spf": "", "dkim": "alder.example", "dmarc": ""}}
    assert named({}, row, by_machine=(0,)) == {"alder.example": Named()}


def test_the_names_are_the_registered_one_and_those_of_mailings() -> None:
    answers = Answers({"A1.01": "Alder Mailings Ltd", "A1.02": [{"name": "Garden Weekly"}, {}]}, {}, {})
    assert list(names_in(answers)) == [
        ("Alder Mailings Ltd", "The registered legal name (A1.01)"),
        ("Garden Weekly", "A trading name (A1.02)"),
    ]
    assert list(names_in(Answers({}, {}, {}))) == []


# ── accepted ────────────────────────────────────────────────────────────────


@pytest.fixture
def people(db: None) -> People:
    return world.make_people()


def accept(people: People, **said: Any) -> Acceptance:
    submission: Submission = submissions.make_signed(people.vendor_a, people.alice, said=said)
    review.take_up(submission, by=people.rita.actor(), at=NOON)
    submissions.look_at_all(submission, people.rita)
    decisions.recommend(submission, [], user=people.rita, by=people.rita.actor(), at=NOON)
    return acceptances.accept(submission, [], user=people.dana, by=people.dana.actor(), at=NOON)


def again(letter: Acceptance, people: People) -> int:
    """Accept the same once more; how many entries that made."""
    before = Entry.objects.aggregate(last=Max("position"))["last"]
    enlist(letter, by=people.dana.actor(), at=NOON)
    return Entry.objects.filter(position__gt=before).count()


def test_an_accepted_domain_is_registered_with_its_uses_and_its_way_out(people: People) -> None:
    accept(people)
    domain = people.vendor_a.domains.get()
    assert (domain.name, domain.is_declared, domain.state) == ("fieldnote.example.net", True, "active")
    assert domain.uses == ["header", "return_path", "link", "dns"]
    assert domain.opt_out_url == "https://fieldnote.example.net/leave"
    entry = Entry.objects.get(object_type="vendors.domain")
    assert (entry.verb, entry.actor) == ("added", f"user:{people.dana.pk} (it)")


def test_the_legal_name_becomes_one_that_the_vendor_is_known_by_with_the_letter_as_evidence(people: People) -> None:
    letter = accept(people, **{"A1.01": "Fieldnote Digital Ltd"})
    assert names_of(people.vendor_a) == ("Alder Mailings", "Fieldnote Digital Ltd")
    alias = Alias.objects.get()
    assert alias.evidence == (
        f"The registered legal name (A1.01) in the signed Exhibit A, accepted by letter {letter.number}."
    )
    assert alias.approved_by_name == "Rita and Dana"


def test_accepting_the_same_again_is_no_event(people: People) -> None:
    assert again(accept(people), people) == 0


def test_a_second_acceptance_adds_and_retires_nothing(people: People) -> None:
    letter = accept(people)
    domain = people.vendor_a.domains.get()
    Domain.objects.filter(pk=domain.pk).update(uses=["dkim"], selectors=["old"], opt_out_url=PAGE)
    other = make_domain(people.vendor_a, "other.example", uses=["link"])
    enlist(letter, by=people.dana.actor(), at=NOON)
    domain.refresh_from_db()
    assert domain.uses == ["header", "return_path", "dkim", "link", "dns"]
    assert domain.selectors == ["old"]
    assert domain.opt_out_url == "https://fieldnote.example.net/leave", "the page that was accepted last"
    other.refresh_from_db()
    assert (other.uses, other.state) == (["link"], "active")


def test_a_domain_that_was_met_is_declared_and_a_retired_one_is_reinstated(people: People) -> None:
    met = make_domain(people.vendor_a, "fieldnote.example.net", uses=["dns"], is_declared=False, state="retired")
    accept(people)
    met.refresh_from_db()
    assert (met.is_declared, met.state) == (True, "active")
    assert met.uses == ["header", "return_path", "link", "dns"]
    told = Entry.objects.filter(object_type="vendors.domain").values_list("verb", "why")
    assert list(told) == [("active", "Accepted again."), ("declared", "")]


def test_what_the_register_refuses_is_passed_over_and_the_letter_is_given(people: People, settings: Settings) -> None:
    letter = accept(people)
    Domain.objects.all().delete()
    settings.ADVERTISER_DOMAINS = ("fieldnote.example.net",)
    enlist(letter, by=people.dana.actor(), at=NOON)
    assert not Domain.objects.exists()


def test_a_name_that_somebody_approved_keeps_its_evidence(people: People) -> None:
    own = make_alias(people.vendor_a, "FIELDNOTE Digital Ltd", evidence="Companies House.")
    accept(people, **{"A1.01": "Fieldnote Digital Ltd"})
    assert list(Alias.objects.all()) == [own]
    own.refresh_from_db()
    assert own.evidence == "Companies House."


def test_an_exhibit_b_names_no_domain(people: People) -> None:
    letter = make_acceptance(people.vendor_a, exhibit="B", servers=[])
    assert again(letter, people) == 0
    assert not Domain.objects.exists()
