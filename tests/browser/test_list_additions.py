"""A list source grows as people walk it: above 500 new addresses the gate shuts for it; Exhibit B is filled in, proved
by a sample, signed and accepted by two; with the letter received the gate opens."""

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from lab.seed import VENDORS
from questionnaires.sampling import COLUMNS
from tests.browser.conftest import Demo, shoot
from tests.browser.filling import fill_from_here, go_on
from tests.browser.story import Story, accept, look_at_all, prove, sign
from tests.exhibit_b_pages import CODE, GOOD
from tests.questionnaires.test_every_question_of_b import TODAY

pytestmark = pytest.mark.browser
US = next(vendor for vendor in VENDORS if vendor.name == "Wrenfold Campaigns")  # its acceptance is in force
ALICE = f"owner@{US.domain}"
ROSES, BIRDS = "ROSES-2026", "BIRDS-2026"


def moved(raw: Any, days: Any) -> Any:
    """The same answer with every day in it so much later: the answers were written for TODAY of their own."""
    if isinstance(raw, Mapping):
        return {key: moved(value, days) for key, value in raw.items()}
    if isinstance(raw, list):
        return [moved(one, days) for one in raw]
    return (date.fromisoformat(raw) + days).isoformat() if re.fullmatch(r"\d{4}-\d\d-\d\d", raw) else raw


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    """What Alice answers."""
    answers: dict[str, Any] = moved(GOOD, datetime.now(UTC).date() - TODAY)
    return answers


@pytest.fixture(scope="module")
def story(browser: Browser, demo: Demo) -> Story:
    return Story(browser, demo)


@pytest.fixture(scope="module")
def alice(story: Story) -> Page:
    return story.page(ALICE, story.demo.where["people"]["password"])


@pytest.fixture(scope="module")
def machine(story: Story) -> "Machine":
    """Ada gives a machine a token, and the vendor's number."""
    ada = story.page("ada@harrow.example.com")
    story.go(ada, "/desk/tokens/new/")
    prove(ada, story.demo.where["people"]["password"])
    ada.get_by_label("Name").fill("mail gateway")
    ada.get_by_label("Role").select_option(label="Auditor")
    ada.get_by_role("button", name="Create the token").click()
    token = ada.locator("pre[aria-label='The token']").inner_text().strip()
    ada.context.close()
    return Machine(story, token)


class Machine:
    """What asks the gate before each mailing."""

    def __init__(self, story: Story, token: str) -> None:
        self.page, self.url = story.page(), story.demo.url
        self.bearer = {"Authorization": f"Bearer {token}"}
        listed = self._get(f"/api/v1/vendors?{urlencode({'name': US.name})}")
        self.vendor = next(one["id"] for one in listed["items"] if one["name"] == US.name)

    def _get(self, path: str) -> Any:
        answer = self.page.request.get(f"{self.url}{path}", headers=self.bearer)
        assert answer.ok, (path, answer.status, answer.text())
        return json.loads(answer.body())

    def ask(self, source: str = "") -> Any:
        """May this source be mailed now; without one, may the vendor mail at all?"""
        asked = f"?{urlencode({'source': source})}" if source else ""
        return self._get(f"/api/v1/clearance/{self.vendor}{asked}")


def declare(story: Story, alice: Page, code: str, count: int) -> None:
    story.go(alice, "/portal/lists/")
    alice.get_by_label("Code of the source").fill(code)
    alice.get_by_role("spinbutton", name="New addresses").fill(str(count))
    alice.get_by_role("button", name="Note them").click()
    expect(alice.locator("main")).to_contain_text(f"{count} new addresses of {code} noted")


def line_of(alice: Page, code: str) -> Locator:
    """The source among the vendor's list sources."""
    return alice.locator("ul.tasks > li").filter(has=alice.get_by_text(code, exact=True))


# ── counting ────────────────────────────────────────────────────────────────
def test_499_and_499_of_one_source_need_exhibit_b_and_499_alone_need_none(
    story: Story, alice: Page, machine: Machine
) -> None:
    declare(story, alice, ROSES, 499)
    expect(line_of(alice, ROSES)).to_contain_text("Within the limit")
    assert machine.ask(ROSES)["open"]
    declare(story, alice, BIRDS, 499)
    assert machine.ask(BIRDS)["open"], "each source is counted by itself"
    declare(story, alice, ROSES, 499)
    expect(line_of(alice, ROSES)).to_contain_text("998 new addresses that no letter covers")
    expect(line_of(alice, ROSES)).to_contain_text("Needs Exhibit B")
    refused_for(machine, ROSES, 998)
    assert machine.ask(BIRDS)["open"], "the other source is not touched"


def refused_for(machine: Machine, code: str, count: int) -> None:
    answer = machine.ask(code)
    assert not answer["open"]
    (reason,) = [one for one in answer["reasons"] if one["state"] == "shut"]
    assert (reason["id"], reason["clause"]) == ("source_uncovered", "R2")
    assert f"{count} new addresses that no accepted Exhibit B covers" in reason["sentence"]


# ── the whole line ──────────────────────────────────────────────────────────
def test_501_new_addresses_shut_the_source_until_exhibit_b_is_received(
    story: Story, alice: Page, machine: Machine, table: dict[str, Any]
) -> None:
    declare(story, alice, CODE, 501)
    expect(line_of(alice, CODE)).to_contain_text("Needs Exhibit B")
    refused_for(machine, CODE, 501)
    shoot(alice, "portal-source-refused")
    begun(story, alice)
    filled_in(story, alice, table)
    sign(alice, story.demo.where["people"]["password"], US.contact_name)  # whom the accepted Exhibit A names
    expect(alice.locator("main")).to_contain_text("You may not mail the added addresses yet")
    refused_for(machine, CODE, 501)
    accepted_by_two(story)
    story.go(alice, "/portal/lists/")
    expect(line_of(alice, CODE)).to_contain_text("Waits for your receipt")
    assert not machine.ask(CODE)["open"], "accepted, and not yet received"
    letter = story.receive_letter(ALICE)
    alice.reload()
    expect(line_of(alice, CODE)).to_contain_text(f"501 addresses covered by {letter}")
    expect(line_of(alice, CODE)).not_to_contain_text("Needs Exhibit B")
    shoot(alice, "portal-source-cleared")
    answer = machine.ask(CODE)
    assert answer["open"]
    assert f"Source {CODE} has 0 new addresses" in next(
        one["sentence"] for one in answer["met"] if one["id"] == "source_covered"
    )
    assert machine.ask()["open"], "the acceptance of Exhibit A stands beside it"


def begun(story: Story, alice: Page) -> None:
    """By the button beside the source, which is filled in."""
    line_of(alice, CODE).get_by_role("button", name="Begin Exhibit B").click()
    alice.wait_for_url(re.compile(r"/portal/forms/S-[\d-]+/$"))
    story.form = alice.url.removeprefix(story.demo.url)
    story.go(alice, f"{story.form}sources/")
    code, count = (alice.locator(f"#step [name$='-{name}']") for name in ("B2.01", "B2.02"))
    expect(code).to_have_value(CODE)
    expect(count).to_have_value("501")


def filled_in(story: Story, alice: Page, table: dict[str, Any]) -> None:
    """Page after page; on the way rows are drawn by lot, and proved by the table that is offered for them."""
    story.go(alice, f"{story.form}link/")
    fill_from_here(alice, table, US.domain, until="/sample/")
    alice.get_by_role("button", name="Draw the rows").click()
    expect(alice.locator("#draw")).to_contain_text("30 of 501 rows are drawn")
    with alice.expect_download() as saved:
        alice.get_by_role("link", name="Save the table to fill in").click()
    proof = proved(saved.value.path().read_text(), str(table["B2.03"]["last"]))
    alice.get_by_role("button", name="Add a file").click()
    alice.get_by_label("Choose files").set_input_files(proof)
    alice.get_by_role("button", name="Add", exact=True).click()
    expect(alice.locator("main")).to_contain_text("is added")
    alice.get_by_role("link", name="Back to the form").first.click()
    shoot(alice, "portal-sample")
    go_on(alice)
    fill_from_here(alice, table, US.domain)


def proved(offered: str, day: str) -> FilePayload:
    """The table of the rows drawn, with a consent in each line."""
    heading, *rows = csv.reader(io.StringIO(offered))
    assert heading == list(COLUMNS)
    text = io.StringIO()
    lines = [[row[0], "a***@example.net", row[2], f"{day} 09:00Z", "192.0.2.7", "v2"] for row in rows]
    csv.writer(text).writerows([heading, *lines])
    return FilePayload(name="proof.csv", mimeType="text/csv", buffer=text.getvalue().encode())


def accepted_by_two(story: Story) -> None:
    """Rita looks at all of it and judges the sample; she accepts as the first, Dana as the second."""
    rita = story.page("rita@harrow.example.com")
    story.go(rita, story.desk_path)
    rita.get_by_role("button", name="Take up the review").click()
    look_at_all(rita)
    story.go(rita, f"{story.desk_path}?section=B8")
    rita.get_by_label("What you found").fill("All rows are there.")
    rita.get_by_role("button", name="Judge the sample").click()
    expect(rita.locator("#sample")).to_contain_text("Judged by Rita Vass")
    shoot(rita, "desk-sample")
    story.go(rita, f"{story.desk_path}accept/")
    accept(story, rita, "Accept as the first")
    expect(rita.locator("main")).to_contain_text("You cannot be both")
    rita.context.close()
    dana = story.page("dana@harrow.example.com")
    story.go(dana, f"{story.desk_path}accept/")
    accept(story, dana, "Accept, and send the letter")
    expect(dana.locator("main")).to_contain_text("the letter is on its way")
    dana.context.close()
