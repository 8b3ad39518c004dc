"""What a visitor does, who holds the links of letters."""

import re

from tests.browser.story import Story
from tests.browser.vendor_ways import added_contact
from tests.browser.walker import Walker


def visitors(story: Story, walker: Walker) -> None:
    """With the links of letters: to an order, an invitation, a receipt, a contact, a password."""
    password = story.demo.where["people"]["password"]
    alice = story.page("owner@quillhaven.example", password)
    added_contact(story, alice, "theo@quillhaven.example")
    alice.context.close()
    rita = story.page("rita@harrow.example.com")
    story.go(rita, "/desk/acceptances/")
    rita.locator("main a[href*='/desk/acceptances/A-']").first.click()
    code = re.search(r"\b[A-Z0-9]{4}(-[A-Z0-9]{4}){3}\b", rita.locator("main").inner_text())
    assert code, "the acceptance shows no code"
    rita.context.close()
    page = walker.page
    story.go(page, "/account/password/reset/")
    page.get_by_label("Email").fill("owner@quillhaven.example")
    page.locator("main form").get_by_role("button").first.click()
    reset = story.mail(lambda one: any("/password/reset/key/" in link for link in one["links"]))
    walker.walk(
        "/",
        story.link_to("edda@hazelmoor.example", "invite"),
        story.link_to("owner@pellworth.example", "receipt"),
        story.link_to("stop@saltmarrow.example", "halt"),
        story.link_to("theo@quillhaven.example", "contact"),
        next(link for link in reset["links"] if "/reset/key/" in link),
        f"/verify/{code[0]}",
        "/account/password/reset/done/",
        "/account/password/reset/key/done/",
        "/account/inactive/",
        "/account/signup/",
    )
