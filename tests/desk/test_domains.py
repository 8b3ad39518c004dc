"""Domains at the desk: declared or met, what for; what is typed wrongly comes back with a sentence."""

import pytest
from django.test import Client
from django.urls import reverse

from journal.actor import Actor
from journal.models import Entry
from tests import world
from tests.desk.conftest import Desk
from tests.desk.pages import heading, text
from tests.world import NOON, make_domain
from vendors import domains
from vendors.models import Domain

PAGE = "https://www.alder.example/leave"


def shown(desk: Desk, dana: Client) -> str:
    return text(dana.get(reverse("desk:vendor", args=[desk.vendor.uid])))


def test_a_vendor_without_domains_says_what_to_add(desk: Desk, dana: Client) -> None:
    assert "No domain is on file. Add each one that stands in headers, links and pictures of Alder Mailings." in shown(
        desk, dana
    )


def test_a_domain_is_added_with_all_that_is_known_of_it(desk: Desk, dana: Client) -> None:
    fields = {"name": "Alder.example", "uses": ["link", "header"], "selectors": "K1, k2;k1", "opt_out_url": PAGE}
    answer = dana.post(reverse("desk:domain_new", args=[desk.vendor.uid]), fields, follow=True)
    assert "alder.example is a declared domain of Alder Mailings now, and watched from the next sweep on." in text(
        answer
    )
    domain = Domain.objects.get()
    assert (domain.uses, domain.selectors, domain.opt_out_url) == (["header", "link"], ["k1", "k2"], PAGE)
    page = text(answer)
    assert f"alder.example opt-out page {PAGE} DKIM selectors k1, k2 Addresses in headers Links and pictures" in page
    assert "Domain alder.example was added. By Dana." in page
    assert Entry.objects.get(object_type="vendors.domain").actor.startswith("user:")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Write the domain, for example example.com."),
        ("name", "https://alder.example/", "Write only the domain in it, like example.com."),
        ("name", "known.example", "known.example is a domain of Alder Mailings already."),
        ("selectors", "k1._domainkey.alder.example", "is the name of a DKIM key. Write only what stands before"),
        ("opt_out_url", "alder.example/leave", "“alder.example/leave” is no web address."),
    ],
)
def test_what_is_typed_wrongly_stands_in_its_field_beside_a_sentence(
    desk: Desk, dana: Client, field: str, typed: str, said: str
) -> None:
    make_domain(desk.vendor, "known.example")
    fields = {"name": "alder.example", "uses": ["dkim"], "selectors": "k1", "opt_out_url": PAGE} | {field: typed}
    answer = dana.post(reverse("desk:domain_new", args=[desk.vendor.uid]), fields)
    page = answer.content.decode()
    assert said in text(answer)
    assert f'href="#id_{field}"' in page, "the summary leads to the field"
    assert all(
        f'value="{value}"' in page for value in (fields["name"], fields["selectors"], fields["opt_out_url"]) if value
    )
    assert 'value="dkim" class="form-check-input" id="id_uses_2" checked' in page
    assert Domain.objects.count() == 1


def test_one_that_was_met_is_shown_as_such_and_declared_with_one_click_and_a_form(desk: Desk, dana: Client) -> None:
    domain = domains.meet(desk.vendor, "alder.example", at=NOON)
    assert domain is not None
    page = shown(desk, dana)
    assert "alder.example Names of servers Met in DNS Declare it: alder.example" in page
    assert "Domain alder.example was met in the DNS of their servers." in page
    url = f"{reverse('desk:domain_new', args=[desk.vendor.uid])}?name=alder.example"
    asked = dana.get(url)
    assert heading(asked) == "Declare alder.example"
    assert 'value="alder.example"' in asked.content.decode()
    answer = dana.post(url, {"name": "alder.example", "uses": ["dns", "header"]}, follow=True)
    assert "Addresses in headers Names of servers Declared" in text(answer)
    domain.refresh_from_db()
    assert domain.is_declared


@pytest.mark.parametrize("name", ["birch.example", "alder.example", "", "\0"])
def test_only_what_was_met_of_this_vendor_is_put_into_the_form(desk: Desk, dana: Client, name: str) -> None:
    make_domain(desk.vendor, "alder.example")
    make_domain(desk.people.vendor_b, "birch.example", is_declared=False)
    answer = dana.get(reverse("desk:domain_new", args=[desk.vendor.uid]), {"name": name})
    assert heading(answer) == "Add a domain of Alder Mailings"
    assert 'value="birch.example"' not in answer.content.decode()


def test_a_domain_is_changed_and_its_name_never(desk: Desk, dana: Client) -> None:
    domain = make_domain(desk.vendor, "alder.example", uses=["header"], selectors=["k1", "k2"], opt_out_url=PAGE)
    url = reverse("desk:domain_edit", args=[domain.uid])
    page = dana.get(url)
    assert "The name itself never changes" in text(page)
    assert 'value="k1, k2"' in page.content.decode()
    assert 'name="name"' not in page.content.decode()
    fields = {"name": "birch.example", "uses": ["header", "dkim"], "selectors": "k2", "opt_out_url": ""}
    answer = dana.post(url, fields, follow=True)
    assert "alder.example is saved." in text(answer)
    assert "Domain alder.example was changed: its uses, its DKIM selectors, its opt-out page." in text(answer)
    domain.refresh_from_db()
    assert (domain.name, domain.uses, domain.selectors, domain.opt_out_url) == (
        "alder.example",
        ["header", "dkim"],
        ["k2"],
        "",
    )


def test_a_domain_is_retired_and_reinstated_with_a_reason(desk: Desk, dana: Client) -> None:
    domain = make_domain(desk.vendor, "alder.example")
    url = reverse("desk:domain_retire", args=[domain.uid])
    assert "Write a reason. It is kept in the journal." in text(dana.post(url, {"reason": ""}))
    gone = text(dana.post(url, {"reason": "The brand was sold."}, follow=True))
    assert "alder.example is retired." in gone
    assert "alder.example retired Addresses in headers" in gone
    assert "Domain alder.example was retired. The brand was sold." in gone
    back = text(dana.post(url, {"reason": "Bought back."}, follow=True))
    assert "alder.example is back, and watched again." in back


def test_a_change_while_somebody_else_retires_it_is_looked_at_again(desk: Desk, dana: Client) -> None:
    domain = make_domain(desk.vendor, "alder.example")
    url = reverse("desk:domain_retire", args=[domain.uid])
    dana.post(url, {"reason": "First."})
    domains.reinstate_domain(Domain.objects.get(), by=Actor("command", "test"), at=NOON)
    assert heading(dana.get(url)) == "Retire alder.example"


def test_a_retired_vendor_is_offered_no_new_domain(desk: Desk, dana: Client) -> None:
    make_domain(desk.vendor, "alder.example", is_declared=False)
    type(desk.vendor).objects.filter(pk=desk.vendor.pk).update(state="retired")
    assert "Add a domain" not in shown(desk, dana)
    assert "Declare it" not in shown(desk, dana)
    answer = dana.post(reverse("desk:domain_new", args=[desk.vendor.uid]), {"name": "new.example"})
    assert "Alder Mailings is retired. Reinstate the vendor first." in text(answer)


def test_a_vendor_is_found_by_its_domains_and_other_names(desk: Desk, dana: Client) -> None:
    make_domain(desk.vendor, "willow.example")
    world.make_alias(desk.vendor, "Rowan Group plc")
    for q in ("willow", "rowan group"):
        answer = dana.get(reverse("desk:vendors"), {"q": q})
        assert "Alder Mailings" in text(answer)
        assert "Birch Direct" not in text(answer)
