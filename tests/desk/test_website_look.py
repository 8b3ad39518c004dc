"""A person's word on a website that no machine can read."""

import pytest
from django.test import Client

from monitors.models import Attestation, Finding, Watch
from tests import monitored, world
from tests.desk.conftest import Desk


@pytest.fixture
def website(desk: Desk) -> Watch:
    domain = world.make_domain(desk.vendor)
    watch = monitored.make_watch(domain, "website")
    Watch.objects.filter(pk=watch.pk).update(verdict="unknown", result="review", sentence="A person has to look.")
    return watch


def state(client: Client, watch: Watch, outcome: str) -> int:
    page = client.get(f"/desk/lookups/website/?pick={watch.pk}")
    assert page.status_code == 200
    [(line, _)] = page.context["lines"]
    key = page.context["form"]["key"].value()
    said = {"pick": line.pick, "outcome": outcome, "words": "Seen in a browser.", "days": 7, "key": key}
    return client.post("/desk/lookups/website/", said).status_code


def test_the_list_of_websites_leads_to_the_form(desk: Desk, dana: Client, website: Watch) -> None:
    assert f"/desk/lookups/website/?pick={website.pk}" in dana.get("/desk/websites/").content.decode()


def test_a_site_that_is_fine_is_clear_until_the_word_ends(desk: Desk, dana: Client, website: Watch) -> None:
    assert state(dana, website, "fine") == 302
    website.refresh_from_db()
    word = Attestation.objects.get()
    assert (website.verdict, website.result, website.next_action_at) == ("clear", "fine", word.expires_at)
    assert not Finding.objects.exists()


def test_a_site_without_a_way_to_opt_out_is_a_finding_at_once(desk: Desk, dana: Client, website: Watch) -> None:
    assert state(dana, website, "no_opt_out") == 302
    finding = Finding.objects.get()
    assert (finding.kind, finding.severity, finding.clause) == ("website", "warn", "O8")
    assert "no way to opt out was found on it" in finding.sentence
    assert "This is what they are told to do" in dana.get(f"/desk/findings/{finding.number}/").content.decode()


def test_a_website_that_a_machine_reads_is_not_asked_about(desk: Desk, dana: Client, website: Watch) -> None:
    Watch.objects.filter(pk=website.pk).update(verdict="clear", result="live")
    assert not dana.get("/desk/lookups/website/?show=all").context["lines"]
