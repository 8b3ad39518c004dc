"""The demo as a person walks it: a listing becomes an order, a mail, an answer, and the desk shows each step."""

import json
import time
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Demo, open_context, shoot, sign_in

pytestmark = pytest.mark.browser
VICTIM = "192.0.2.13"


def the_order_mail(demo: Demo, patience: float = 60) -> dict[str, Any]:
    """The mail with the order about the server that the demo lists, read in the lab's mailbox."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        with urllib.request.urlopen(f"{demo.control}/mail", timeout=5) as answer:
            listed = json.load(answer)
        for mail in listed["mails"]:
            with urllib.request.urlopen(f"{demo.control}/mail/{mail['number']}", timeout=5) as answer:
                whole: dict[str, Any] = json.load(answer)
            if VICTIM in whole["text"] and "Halt order" in whole["subject"]:
                return whole
        time.sleep(0.3)
    raise AssertionError("no order reached the mailbox within 60 s of the start")


def test_a_listing_becomes_an_order_that_a_person_answers_with_one_button(browser: Browser, demo: Demo) -> None:
    mail = the_order_mail(demo)
    link = next(link for link in mail["links"] if "/halt/" in link)

    desk = open_context(browser).new_page()
    sign_in(desk, demo, "dana@harrow.example.com")
    desk.goto(f"{demo.url}/desk/")
    expect(desk.locator("body")).to_contain_text("Brambleford Mailings")
    shoot(desk, "desk-overview")

    phone = open_context(browser, width=360, scripts=False).new_page()
    phone.goto(link)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Stop")
    shoot(phone, "halt-order-phone")
    phone.get_by_role("button", name="I am stopping the mailings").click()
    expect(phone.locator("main")).to_contain_text("Tick")  # refused without the tick, and the name is still there
    phone.get_by_label("Your name").fill("Dana Whitlock")
    phone.get_by_role("checkbox").check()
    phone.get_by_role("button", name="I am stopping the mailings").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Thank you")
    shoot(phone, "halt-order-answered-phone")

    number = mail["subject"].split("Halt order ")[1].split(":")[0]
    desk.goto(f"{demo.url}/desk/orders/{number}/")
    expect(desk.locator("main")).to_contain_text("Dana Whitlock")
    expect(desk.locator("main time").first).to_be_visible()
    shoot(desk, "desk-order")
    for step in ("Issued", "Delivered", "Answered", "Lifted"):
        expect(desk.locator("main")).to_contain_text(step)


def test_the_page_of_an_order_never_scrolls_sideways_on_a_small_phone(browser: Browser, demo: Demo) -> None:
    link = next(link for link in the_order_mail(demo)["links"] if "/halt/" in link)
    page = open_context(browser, width=360).new_page()
    page.goto(link)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
