"""What the stories of this folder have in common: people with a browser of their own, the lab's mailbox, and the deeds
that each form needs: proving who one is, signing, looking all of it through, receiving the letter."""

import json
import re
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo, open_context, sign_in

PASSWORD = "seven grey pebbles shine"
SIGNATORY = "Mara Lindqvist"


class Story:
    """One vendor's way, a person a browser of their own."""

    def __init__(self, browser: Browser, demo: Demo) -> None:
        self.browser, self.demo = browser, demo
        self.form = ""  # the path of the form that it is about

    @property
    def desk_path(self) -> str:
        """Where the desk has that form."""
        return self.form.replace("/portal/forms/", "/desk/submissions/")

    def page(self, email: str = "", password: str = "") -> Page:
        context = open_context(self.browser)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        if email:
            sign_in(page, self.demo, email, password)
        return page

    def go(self, page: Page, path: str) -> None:
        page.goto(f"{self.demo.url}{path}")

    def mail(self, is_meant: Callable[[dict[str, Any]], bool], patience: float = 30) -> dict[str, Any]:
        """The newest mail of the lab's mailbox that is meant, whole."""
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            with urllib.request.urlopen(f"{self.demo.control}/mail", timeout=5) as answer:
                found = [one for one in json.load(answer)["mails"] if is_meant(one)]
            if found:
                with urllib.request.urlopen(f"{self.demo.control}/mail/{found[-1]['number']}", timeout=5) as answer:
                    whole: dict[str, Any] = json.load(answer)
                return whole
            time.sleep(0.2)
        raise AssertionError("the mail did not come")

    def link_to(self, email: str, kind: str) -> str:
        mail = self.mail(lambda one: email in one["recipients"] and any(f"/{kind}/" in link for link in one["links"]))
        return next(str(link) for link in mail["links"] if f"/{kind}/" in link)

    def accept_invitation(self, email: str, name: str) -> Page:
        page = self.page()
        page.goto(self.link_to(email, "invite"))
        page.get_by_label("Your name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Accept and sign in").click()
        page.wait_for_url(lambda url: "/invite/" not in url)
        return page

    def receive_letter(self, email: str) -> str:
        """The newest letter comes by mail with its file, and is received by its link, on a phone without scripts. Its
        number."""
        mail = self.mail(lambda one: email in one["recipients"] and any("/receipt/" in link for link in one["links"]))
        assert "application/pdf" in mail["raw"]
        file = re.search(r'filename="?([AB]-\d{4}-\d{4})\.pdf', mail["raw"])
        assert file, "the letter has no file"
        phone = open_context(self.browser, width=360, scripts=False).new_page()
        phone.goto(next(link for link in mail["links"] if "/receipt/" in link))
        phone.get_by_role("button", name="We have received this letter").click()
        expect(phone.locator("main")).to_contain_text("It is in force until")
        phone.context.close()
        return file[1]


def prove(page: Page, password: str) -> None:
    """Where the page asks once more who it is."""
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="It is me").click()
        page.wait_for_url(lambda url: "reauthenticate" not in url)


def sign(page: Page, password: str, signatory: str = SIGNATORY) -> None:
    """From "check answers" on, with the password, which is the proof where no second step is set up."""
    page.get_by_role("link", name="Go on to sign").click()
    page.wait_for_url(re.compile(r"/sign/|/reauthenticate/"))
    prove(page, password)
    for tick in page.locator("main form").get_by_role("checkbox").all():
        tick.check()
    page.get_by_label("Type your full name").fill(signatory)
    page.get_by_label("Your title").fill("Director")
    page.get_by_role("button", name=re.compile("^Sign and send")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signed and sent")


def look_at_all(rita: Page) -> None:
    """Every section that is not looked at yet, with a word where a rule warns."""
    hrefs = rita.locator("ol.index a:not(.seen)").evaluate_all("links => links.map(link => link.href)")
    for href in hrefs:
        rita.goto(href)
        button = rita.get_by_role("button", name=re.compile("(is looked at|Looked at again)$"))
        if not button.count():
            continue
        if rita.locator("#text-look").count():
            rita.locator("#text-look").fill("Read, and explained to our satisfaction.")
        button.click()
        expect(rita.locator("main")).to_contain_text("Looked at by Rita Vass")


def accept(story: Story, page: Page, button: str) -> None:
    """Who gave the password more than five minutes ago gives it again, and it is done then."""
    page.get_by_role("button", name=button).click()
    page.wait_for_url(lambda url: not url.endswith("/accept/"))
    prove(page, story.demo.where["people"]["password"])
