"""What the people of vendors do first, through the portal; for some, the desk does something before."""

import re

from playwright.sync_api import Page, expect

from tests.browser.filling import go_on
from tests.browser.staff_ways import WITHHELD, asked_who_holds, changed_policy, shown_before_publishing, supplied
from tests.browser.story import Story, prove
from tests.browser.walker import Walker

BY_BUTTON = (
    "files/A6.10/",
    "comments/A1.04/",
    "company/",
    "domains/",
    "servers/",
    "headers/",
    "give-up/",
    "notices-address/",
)
CODE = "GARDEN-WEB-2026"


def form_path(story: Story, page: Page) -> str:
    """The vendor's form that is under way, or else the last one."""
    story.go(page, "/portal/forms/")
    href = page.locator("main ul.tasks a[href*='/portal/forms/S-']").first.get_attribute("href") or ""
    return re.sub(r"check/$", "", href)


def added_contact(story: Story, page: Page, email: str) -> None:
    """Who has confirmed nothing yet."""
    story.go(page, "/portal/contacts/new/")
    page.get_by_label("Name").fill("Theo Marsh")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Telephone").fill("+44 20 7946 0777")
    page.get_by_role("button", name="Add and write to them").click()
    expect(page.locator("main")).to_contain_text("Authority not confirmed")


def owner(story: Story, walker: Walker) -> None:
    """With a contact who is asked to confirm the address."""
    added_contact(story, walker.page, "theo@brambleford.example")
    code = walker.page.locator("main a[href$='/code/']").last.get_attribute("href") or ""
    walker.walk("/portal/", code)


def who_is_asked(story: Story, walker: Walker) -> None:
    """Who holds a domain, and sends what proves it."""
    ada = story.page("ada@harrow.example.com")
    asked = asked_who_holds(story, ada, WITHHELD).replace("/desk/evidence-requests/", "/portal/evidence/")
    ada.context.close()
    supplied(walker.page, asked, "Send")
    walker.walk("/portal/evidence/", asked, within="/portal/evidence/")


def who_has_a_letter(story: Story, walker: Walker) -> None:
    """That is not received."""
    walker.walk("/portal/", within="/portal/")


def who_is_suspended(story: Story, walker: Walker) -> None:
    """With the letter that says so beside the one that accepted."""
    walker.walk("/portal/forms/", within="/portal/")
    assert "portal:paper" in walker.names


def who_fills_in(story: Story, walker: Walker) -> None:
    """Two tabs over one page, a row about to be removed, and a page that does not let go."""
    page, form = walker.page, form_path(story, walker.page)
    other = page.context.new_page()
    for tab in (page, other):
        story.go(tab, f"{form}company/")
    for tab, number in ((page, "GB 1"), (other, "GB 2")):
        tab.locator("#id_page-A1\\.04").fill(number)
        tab.get_by_role("button", name="Save and come back later").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("This page was saved twice")
    conflict = other.url
    other.close()
    story.go(page, f"{form}servers/")
    page.get_by_role("button", name=re.compile("^Remove")).first.click()
    removal = page.url
    walker.walk(form, conflict, removal, *(f"{form}{path}" for path in BY_BUTTON), within="/portal/forms/")
    story.go(page, f"{form}law/")
    go_on(page)
    expect(page.locator(".errsum")).to_be_visible()
    walker.look()


def who_mends(story: Story, walker: Walker) -> None:
    """First what was sent back, then, with it mended, the page on which it is signed."""
    page, form = walker.page, form_path(story, walker.page)
    walker.walk(form, *(f"{form}{path}" for path in BY_BUTTON), within=("/portal/forms/", "/portal/files/"))
    for step, code in (("servers", "A5.07"), ("complaints", "A13.06")):
        story.go(page, f"{form}{step}/")
        control = page.locator(f"#step [name$='-{code}']").first
        control.fill("36" if code == "A13.06" else "Postfix 3.9.1")
        go_on(page)
    story.go(page, f"{form}sign/")
    prove(page, story.demo.where["people"]["password"])
    expect(page.get_by_label("Type your full name")).to_be_visible()
    walker.look()


def who_has_signed(story: Story, walker: Walker) -> None:
    form = form_path(story, walker.page)
    walker.walk(form, f"{form}signed/", f"{form}check/", within="/portal/")


def who_adds_addresses(story: Story, walker: Walker) -> None:
    """Exhibit B, with rows drawn by lot."""
    page = walker.page
    story.go(page, "/portal/lists/")
    page.get_by_label("Code of the source").fill(CODE)
    page.get_by_role("spinbutton", name="New addresses").fill("501")
    page.get_by_role("button", name="Note them").click()
    page.get_by_role("button", name="Begin Exhibit B").first.click()
    page.wait_for_url(re.compile(r"/S-[\d-]+/$"))
    form = page.url
    page.goto(f"{form}sample/")
    page.get_by_role("button", name="Draw the rows").click()
    expect(page.locator("#draw")).to_contain_text("rows are drawn")
    steps = ("link", "sources", "sample", "files/B8.01")
    walker.walk("/portal/lists/", form, *(f"{form}{step}/" for step in steps), within="/portal/forms/")


def who_is_locked_out(story: Story, walker: Walker) -> None:
    """By an amended policy that counts at once."""
    ada = story.page("ada@harrow.example.com")
    changed_policy(story, ada, "O1")
    shown_before_publishing(story, ada)
    ada.get_by_role("button", name=re.compile("^Publish version")).click()
    prove(ada, story.demo.where["people"]["password"])
    expect(ada.locator("main")).to_contain_text("is published. It is in force")
    ada.context.close()
    story.go(walker.page, "/portal/")
    expect(walker.page.get_by_role("heading", level=2).first).to_have_text("No. Accept the changed policy first.")
    walker.walk("/portal/", begun_by_itself(story, walker.page), within="/portal/contacts/")


def begun_by_itself(story: Story, page: Page) -> str:
    """The form that accepts the amended policy."""
    link = page.locator("main a[href*='/portal/forms/S-']")
    for _ in range(40):
        story.go(page, "/portal/")
        if link.count():
            return link.first.get_attribute("href") or ""
        page.wait_for_timeout(500)
    raise AssertionError("no form was begun for the amended policy")
