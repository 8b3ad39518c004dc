"""A page of a form saves itself while somebody types: nothing that is typed is lost, and what it opens appears, however
late the answers come. The page's clock is ours, so that what comes first is no chance."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Demo, open_context, sign_in

pytestmark = pytest.mark.browser
OPENER, OPENED = "#id_page-A1\\.03-form", "#files-A1\\.13"  # a sole trader shows a file
TYPED = "GB 1234567"
TICK = 400  # ms: past the wait after a choice, before the one after a stroke
REST = 1200  # ms: past both


class Held:
    """Saves that reached the server and whose answers are kept back."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.routes: list[Route] = []
        page.route(re.compile("/company/$"), self._catch)

    def _catch(self, route: Route) -> None:
        if route.request.method == "POST":
            self.routes.append(route)
        else:
            route.continue_()

    def wait(self) -> Route:
        """The save that is under way."""
        for _ in range(500):
            if self.routes:
                return self.routes.pop()
            self.page.wait_for_timeout(20)
        raise AssertionError("the page did not save itself")

    def none(self) -> None:
        """No answer is kept back from now on."""
        self.page.unroute(re.compile("/company/$"))


@pytest.fixture
def page(browser: Browser, demo: Demo) -> Iterator[Page]:
    """Page one of the form of a company, in a browser whose clock stands still."""
    context = open_context(browser)
    context.set_default_timeout(20_000)
    page = context.new_page()
    sign_in(page, demo, "owner@fennickrowe.example")
    page.goto(f"{demo.url}/portal/forms/")
    page.locator("ul.tasks a[href*='/portal/forms/S-']").first.click()
    page.wait_for_url(re.compile(r"/S-[\d-]+/$"))
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    company = f"{page.url}company/"
    page.goto(company)
    page.locator(OPENER).select_option("company")
    page.locator("#id_page-A1\\.04").fill("")
    with page.expect_navigation():
        page.get_by_role("button", name="Save and come back later").click()
    page.goto(company)
    expect(page.locator(OPENED)).to_have_count(0)
    yield page
    context.close()


def test_an_answer_that_opens_questions_is_never_drawn_over_what_is_typed_meanwhile(page: Page) -> None:
    held = Held(page)
    page.locator(OPENER).select_option("sole_trader")
    page.clock.run_for(TICK)
    route = held.wait()
    answer = route.fetch()  # saved; the answer is on its way
    assert "files-A1.13" in answer.text(), "it opens a question"
    number = page.locator("#id_page-A1\\.04")
    number.press_sequentially(TYPED)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        route.fulfill(response=answer)
    page.clock.run_for(TICK)
    expect(number).to_have_value(TYPED)
    expect(page.locator(OPENED)).to_have_count(0)
    held.none()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.clock.run_for(REST)
    page.clock.run_for(REST)
    expect(page.locator(OPENED)).to_be_visible()
    expect(number).to_have_value(TYPED)
    page.reload()
    expect(number).to_have_value(TYPED)


def test_a_save_that_overtakes_another_brings_what_that_one_opened(page: Page) -> None:
    held = Held(page)
    page.locator(OPENER).select_option("sole_trader")
    page.clock.run_for(TICK)
    held.wait().fetch()  # saved; its answer never comes
    held.none()
    number = page.locator("#id_page-A1\\.04")
    number.press_sequentially(TYPED)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.clock.run_for(REST)
    page.clock.run_for(REST)
    expect(page.locator(OPENED)).to_be_visible()
    expect(number).to_have_value(TYPED)
