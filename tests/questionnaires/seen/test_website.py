"""What a vendor is told of a page of theirs, and which facts the form may use: certain things only."""

import asyncio
from typing import Any

import pytest

from monitors.probes.website import Found, OptOut, State, Website
from questionnaires.seen import Seen, website

URL = "https://www.acme.example/leave"
TEXT = "Acme Mail Ltd writes to gardeners about what grows, twice a month, and to nobody else."


def live(**how: Any) -> Website:
    given: dict[str, Any] = {
        "landed": URL, "text": TEXT, "said": TEXT, "is_whole": True, "opt_out": OptOut(Found.FOUND, "Unsubscribe"),
    }  # fmt: skip
    return Website(URL, State.LIVE, "It answers with a page.", **(given | how))


def told(site: Website, *, is_opt_out: bool) -> Seen:
    async def visit(url: str) -> Website:
        assert url == URL
        return site

    seen = asyncio.run(website.look(visit, URL, company="Acme Mail Ltd", is_opt_out=is_opt_out))
    assert all(check.sentence.endswith(".") for check in seen.checks)
    assert None not in seen.facts.values()
    return seen


def verdicts(seen: Seen) -> dict[str, str]:
    return {check.id: check.verdict for check in seen.checks}


def test_a_website_in_good_order_is_clear() -> None:
    seen = told(live(), is_opt_out=False)
    assert verdicts(seen) == {"page": "clear", "opt-out": "clear", "name": "clear"}
    assert seen.facts == {"look.site": True, "look.company_name": True}
    assert not seen.is_partial


def test_an_opt_out_page_in_good_order_is_clear() -> None:
    seen = told(live(opt_out=OptOut(Found.FOUND, "Write to us", "", "leave@acme.example")), is_opt_out=True)
    assert verdicts(seen) == {"page": "clear", "opt-out": "clear"}
    assert seen.facts == {"look.opt_out": True}
    assert "It takes mail to leave@acme.example." in seen.checks[1].sentence


@pytest.mark.parametrize("state", [State.GONE, State.NO_NAME, State.PARKED])
def test_what_is_certainly_not_there_fails(state: State) -> None:
    site = Website(URL, state, "There is nothing.")
    of_site, of_opt_out = told(site, is_opt_out=False), told(site, is_opt_out=True)
    assert verdicts(of_site) == verdicts(of_opt_out) == {"page": "adverse"}
    assert of_site.facts == {"look.site": False, "look.company_name": False}
    assert of_opt_out.facts == {"look.opt_out": False}
    assert of_site.checks[0].cure


@pytest.mark.parametrize("state", [one for one in State if not one.is_absent and one is not State.LIVE])
@pytest.mark.parametrize("is_opt_out", [True, False])
def test_what_could_not_be_seen_is_no_fact_and_neither_clear_nor_adverse(state: State, is_opt_out: bool) -> None:
    seen = told(Website(URL, state, "We saw nothing."), is_opt_out=is_opt_out)
    assert seen.facts == {}
    assert set(verdicts(seen).values()) <= {"unknown", "attention"}
    assert all(check.cure for check in seen.checks)


@pytest.mark.parametrize("state", [State.UNREACHABLE, State.ERROR_STATUS, State.UNFETCHED])
def test_what_may_be_different_the_next_time_is_looked_at_again(state: State) -> None:
    assert told(Website(URL, state, "Not now."), is_opt_out=True).is_partial


def test_a_page_that_keeps_machines_out_is_left_to_a_person() -> None:
    seen = told(Website(URL, State.BLOCKED, "It keeps us out."), is_opt_out=True)
    assert not seen.is_partial
    assert seen.checks[0].cure == "You need do nothing. A person will look."


def test_an_opt_out_page_without_a_way_out_fails_and_a_website_is_told() -> None:
    site = live(opt_out=OptOut(Found.NOT_FOUND))
    assert told(site, is_opt_out=True).facts == {"look.opt_out": False}
    assert verdicts(told(site, is_opt_out=True))["opt-out"] == "adverse"
    assert verdicts(told(site, is_opt_out=False))["opt-out"] == "attention"


def test_a_way_out_that_a_machine_may_have_missed_is_unknown() -> None:
    seen = told(live(opt_out=OptOut(Found.REVIEW)), is_opt_out=True)
    assert seen.facts == {}
    assert verdicts(seen)["opt-out"] == "unknown"


def test_a_page_that_does_not_name_the_company_is_told() -> None:
    seen = told(live(said="Another GmbH"), is_opt_out=False)
    assert seen.facts["look.company_name"] is False
    assert verdicts(seen)["name"] == "attention"


@pytest.mark.parametrize("how", [{"is_whole": False}, {"is_drawn": True}])
def test_a_name_that_may_stand_where_we_did_not_read_is_unknown(how: dict[str, Any]) -> None:
    seen = told(live(said="Another GmbH", **how), is_opt_out=False)
    assert "look.company_name" not in seen.facts
    assert verdicts(seen)["name"] == "unknown"


def test_a_password_is_told_and_is_no_proof_that_nobody_can_leave() -> None:
    seen = told(live(asks_password=True), is_opt_out=True)
    assert verdicts(seen)["password"] == "attention"
    assert seen.facts == {"look.opt_out": True}


def test_a_site_that_leads_to_another_domain_is_told_and_not_counted() -> None:
    seen = told(live(landed="https://other.example.net/"), is_opt_out=False)
    assert verdicts(seen)["elsewhere"] == "attention"
    assert "look.site" not in seen.facts
    assert "elsewhere" not in verdicts(told(live(landed="https://shop.acme.example/"), is_opt_out=False))
