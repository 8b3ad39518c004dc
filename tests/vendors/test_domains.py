"""The verbs for domains: each changes one thing, says so in the journal, and refuses with a sentence."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from journal.actor import Actor
from journal.models import Entry
from tests import world
from tests.world import NOON, make_domain, make_vendor
from vendors import domains
from vendors.models import Domain, Vendor

DANA = Actor("user", "4 (it)", "192.0.2.9")
PAGE = "https://www.alder.example/leave"


@pytest.fixture
def alder(db: None) -> Vendor:
    return make_vendor("Alder Mailings")


def faults(act: Callable[[], object]) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        act()
    return refused.value.message_dict


def add(vendor: Vendor, name: str = "alder.example", **given: Any) -> Domain:
    return domains.add_domain(vendor, name=name, by=DANA, at=NOON, **given)


def told() -> list[tuple[str, Any]]:
    return [(entry.verb, entry.after) for entry in Entry.objects.filter(object_type="vendors.domain")]


def test_a_domain_is_added_with_its_uses_in_order_its_selectors_and_an_entry(alder: Vendor) -> None:
    domain = add(
        alder, " Alder.Example. ", uses=["link", "header", "link"], selectors=["K2", " k1. ", ""], opt_out_url=PAGE
    )
    domain.refresh_from_db()
    assert (domain.name, domain.uses, domain.selectors) == ("alder.example", ["header", "link"], ["k1", "k2"])
    assert (domain.opt_out_url, domain.is_declared, domain.state, domain.created_at) == (PAGE, True, "active", NOON)
    entry = world.entries().get()
    assert (entry.verb, entry.actor, entry.ip) == ("added", "user:4 (it)", "192.0.2.9")
    assert entry.after == {
        "vendor": str(alder.pk),
        "name": "alder.example",
        "opt_out_url": PAGE,
        "uses": ["header", "link"],
        "selectors": ["k1", "k2"],
    }


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("mail。alder。example", "mail.alder.example"),
        ("News.Alder.Example.", "news.alder.example"),
    ],
)
def test_a_name_is_stored_as_the_dns_has_it(alder: Vendor, typed: str, stored: str) -> None:
    assert add(alder, typed).name == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "https://alder.example/leave",
            "“https://alder.example/leave” is a web address. Write only the domain in it, like example.com.",
        ),
        ("alder.example/", "“alder.example/” is a web address. Write only the domain in it, like example.com."),
        ("news@alder.example", "“news@alder.example” is a mail address. Write only the part after the @."),
        ("alder", "“alder” is only part of a host name. Write all of it, like mail.example.com."),
        ("k1._domainkey.alder.example", "holds an underscore, which no host name may have."),
        ("192.0.2.1", "an IP address belongs in the address field."),
        ("", "Write a host name, for example mail.example.com."),
    ],
)
def test_what_is_no_domain_is_refused_with_a_sentence(alder: Vendor, typed: str, sentence: str) -> None:
    [said] = faults(lambda: add(alder, typed))["name"]
    assert said.endswith(sentence)
    assert not Domain.objects.exists()
    assert not told()


def test_every_field_at_fault_is_named_and_nothing_is_stored(alder: Vendor) -> None:
    both = faults(lambda: add(alder, "al der.example", opt_out_url="leave us"))
    assert set(both) == {"name", "opt_out_url"}
    assert faults(lambda: add(alder, uses=["header", "billing"])) == {
        "uses": ["“billing” is no use of a domain: header, return_path, dkim, link, dns."]
    }
    assert faults(lambda: add(alder, selectors=["k1", "k 2", "k1._domainkey"])) == {
        "selectors": [
            "“k 2” is no DKIM selector. It is what stands after s= in a DKIM-Signature: letters, digits, hyphens.",
            "“k1._domainkey” is the name of a DKIM key. Write only what stands before ._domainkey.",
        ]
    }
    assert not Domain.objects.exists()


def test_a_domain_has_no_more_selectors_than_we_would_ask_for(alder: Vendor) -> None:
    add(alder, selectors=[f"s{number}" for number in range(20)])
    [said] = faults(lambda: add(alder, "b.example", selectors=[f"s{number}" for number in range(21)]))["selectors"]
    assert said == "These are 21 selectors. A domain may have 20: leave out those not in use."


def test_a_domain_is_a_vendors_once_and_may_be_anothers_too(alder: Vendor) -> None:
    add(alder)
    assert faults(lambda: add(alder, "ALDER.example")) == {
        "name": ["alder.example is a domain of Alder Mailings already."]
    }
    add(make_vendor("Birch"))
    assert Domain.objects.count() == 2


def test_one_that_was_met_becomes_declared_and_keeps_its_use(alder: Vendor) -> None:
    met = domains.meet(alder, "alder.example", at=NOON)
    declared = add(alder, uses=["header"], selectors=["k1"], opt_out_url=PAGE)
    assert declared == met
    declared.refresh_from_db()
    assert (declared.is_declared, declared.uses, declared.selectors) == (True, ["header", "dns"], ["k1"])
    assert [verb for verb, _ in told()] == ["met", "declared"]
    assert told()[1][1]["now"] == {
        "is_declared": True,
        "opt_out_url": PAGE,
        "selectors": ["k1"],
        "uses": ["header", "dns"],
    }


def test_a_retired_one_is_reinstated_not_added_again(alder: Vendor) -> None:
    domain = make_domain(alder, "alder.example", state=Domain.State.RETIRED)
    assert faults(lambda: add(alder)) == {
        "name": ["alder.example is a retired domain of Alder Mailings. Reinstate it instead."]
    }
    domains.reinstate_domain(domain, by=DANA, at=NOON, why="In use again.")
    assert domain.state == Domain.State.ACTIVE


@pytest.mark.parametrize("name", ["harrow.example", "mail.harrow.example"])
def test_the_advertisers_own_domains_are_nobodys_to_declare(alder: Vendor, settings: Settings, name: str) -> None:
    settings.ADVERTISER_DOMAINS, settings.ADVERTISER_NAME = ("Harrow.example",), "Harrow & Lyle"
    [said] = faults(lambda: add(alder, name))["name"]
    assert said.startswith(f"{name} is a domain of Harrow & Lyle.")
    add(alder, "notharrow.example")


def test_nothing_is_added_to_a_retired_vendor(alder: Vendor) -> None:
    Vendor.objects.update(state=Vendor.State.RETIRED)
    alder.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        add(alder)
    assert refused.value.messages == ["Alder Mailings is retired. Reinstate the vendor first."]


def test_a_change_stores_what_is_given_and_tells_what_was(alder: Vendor) -> None:
    domain = make_domain(alder, "alder.example", uses=["header"], selectors=["k1"], opt_out_url=PAGE)
    domains.change_domain(domain, uses=["dns", "dkim"], by=DANA, at=NOON)
    domain.refresh_from_db()
    assert (domain.uses, domain.selectors, domain.opt_out_url) == (["dkim", "dns"], ["k1"], PAGE)
    domains.change_domain(domain, selectors=[], opt_out_url="", by=DANA, at=NOON)
    domain.refresh_from_db()
    assert (domain.selectors, domain.opt_out_url) == ([], "")
    assert told() == [
        ("changed", {"fields": ["uses"], "was": {"uses": ["header"]}, "now": {"uses": ["dkim", "dns"]}}),
        (
            "changed",
            {
                "fields": ["opt_out_url", "selectors"],
                "was": {"opt_out_url": PAGE, "selectors": ["k1"]},
                "now": {"opt_out_url": "", "selectors": []},
            },
        ),
    ]


def test_a_change_to_what_it_is_already_is_no_event(alder: Vendor) -> None:
    domain = make_domain(alder, uses=["header", "link"], selectors=["k1"])
    domains.change_domain(domain, uses=["link", "header"], selectors=["K1"], opt_out_url=" ", by=DANA, at=NOON)
    assert not told()


def test_a_change_that_is_refused_changes_nothing(alder: Vendor) -> None:
    domain = make_domain(alder, uses=["header"])
    said = faults(lambda: domains.change_domain(domain, uses=["link"], opt_out_url="ftp://a.b/", by=DANA, at=NOON))
    assert said == {
        "opt_out_url": ["“ftp://a.b/” is no web address. Write one like https://www.example.com/unsubscribe."]
    }
    domain.refresh_from_db()
    assert domain.uses == ["header"]


def test_it_is_retired_and_reinstated_with_the_reason_in_the_journal(alder: Vendor) -> None:
    domain = make_domain(alder)
    domains.retire_domain(domain, by=DANA, at=NOON, why="The brand was sold.")
    domains.retire_domain(domain, by=DANA, at=NOON, why="Again.")  # it is there already
    assert not Domain.objects.active().exists()
    domains.reinstate_domain(domain, by=DANA, at=NOON, why="Bought back.")
    assert [(entry.verb, entry.why) for entry in world.entries()] == [
        ("retired", "The brand was sold."),
        ("active", "Bought back."),
    ]


def test_a_domain_that_somebody_else_moved_meanwhile_is_looked_at_again(alder: Vendor) -> None:
    mine, theirs = make_domain(alder, "alder.example"), Domain.objects.get()
    domains.retire_domain(theirs, by=DANA, at=NOON)
    with pytest.raises(ValidationError, match=r"alder\.example was changed by somebody else just now\. Look again\."):
        domains.retire_domain(mine, by=DANA, at=NOON)


# ── met in the DNS ──────────────────────────────────────────────────────────
def test_one_that_is_met_is_not_declared_and_the_engine_says_so(alder: Vendor) -> None:
    domain = domains.meet(alder, "alder.example", at=NOON)
    assert domain is not None
    assert (domain.is_declared, domain.uses, domain.state) == (False, ["dns"], "active")
    entry = world.entries().get()
    assert (entry.verb, entry.actor.split(":")[0]) == ("met", "engine")
    assert entry.after == {"vendor": str(alder.pk), "name": "alder.example"}


@pytest.mark.parametrize("state", Domain.State.values)
def test_meeting_a_known_one_again_changes_nothing(alder: Vendor, state: str) -> None:
    known = make_domain(alder, "alder.example", uses=["header"], state=state)
    assert domains.meet(alder, "ALDER.example.", at=NOON) == known
    known.refresh_from_db()
    assert (known.uses, known.is_declared, known.state) == (["header"], True, state)
    assert not told()


@pytest.mark.parametrize(
    "name", ["", "a_b.example", "al\\032der.example", "-.example", "x" * 254, "com", "\x00.example"]
)
def test_what_strangers_write_into_the_dns_and_no_host_can_be_called_is_left_alone(alder: Vendor, name: str) -> None:
    assert domains.meet(alder, name, at=NOON) is None
    assert not Domain.objects.exists()


def test_one_that_another_worker_meets_between_our_look_and_our_turn_is_met_once(alder: Vendor) -> None:
    others: list[Domain | None] = []

    def other_worker(execute: Any, sql: str, *rest: Any) -> Any:
        if "journal_head" in sql and not others:  # we looked, and take our turn
            others.append(None)
            others[0] = domains.meet(alder, "alder.example", at=NOON)
        return execute(sql, *rest)

    with connection.execute_wrapper(other_worker):
        assert domains.meet(alder, "alder.example", at=NOON) == others[0] == Domain.objects.get()
    assert [verb for verb, _ in told()] == ["met"]


@given(uses=st.lists(st.sampled_from(Domain.Use.values)), selectors=st.lists(st.text(max_size=12)))
def test_what_the_verb_stores_it_takes_again_unchanged(uses: list[str], selectors: list[str]) -> None:
    ordered = domains._uses(uses)
    assert ordered == domains._uses(reversed(ordered)) == [use for use in Domain.Use.values if use in uses]
    try:
        kept = domains._selectors(selectors)
    except ValidationError:
        return
    assert domains._selectors(kept) == kept
