"""Onboarding as people walk it: Ada invites, Alice and Bob fill in and sign, Rita sends back, two accept, the letter
is received, and the gate opens."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from lab.seed import STRANGERS
from tests.browser.conftest import Demo, shoot
from tests.browser.filling import fill_from_here, fill_page, go_on, replaced
from tests.browser.story import PASSWORD, Story, accept, look_at_all, prove, sign
from tests.questionnaires.exhibit_a import ANSWERS, Raw

pytestmark = pytest.mark.browser
US = STRANGERS[0]
ALICE, BOB = "alice@fieldnote.example.net", "bob@fieldnote.example.net"
CHARLIE = "owner@copperwick.example"
TABLE: dict[str, Raw] = replaced(
    {code: good for code, (good, _) in ANSWERS.items()}, {"93.184.215.14": US.servers[0].address}
) | {
    "A1.03": {"form": "sole_trader", "country": "United Kingdom"},  # a file that shows the registration
    "A1.12": "yes",  # what happened
    "A9.03": ["web", "print", "event"],  # where the paper is kept, and a picture of the stand
}


@pytest.fixture(scope="module")
def story(browser: Browser, demo: Demo) -> Story:
    return Story(browser, demo)


def test_from_the_invitation_to_the_open_gate(story: Story) -> None:
    dana = story.page("dana@harrow.example.com")
    alice = taken_on(story)
    bob = with_a_colleague(story, alice)
    confirmed_by_the_contact(story, alice)
    begun(story, alice)
    typed_and_killed(story, alice)
    saved_in_two_tabs(story, alice)
    filled_in_by_two(story, alice, bob)
    seen_by_nobody_else(story)
    signed(story, alice)
    rita = story.page("rita@harrow.example.com")
    sent_back(story, rita)
    mended(story, alice)
    accepted_by_two(story, rita, dana)
    received(story, alice)


def taken_on(story: Story) -> Page:
    """Ada adds the vendor and invites Alice, who comes in by the letter's link."""
    ada = story.page("ada@harrow.example.com")
    story.go(ada, "/desk/vendors/new/")
    ada.get_by_label("Name").fill(US.name)
    ada.get_by_role("button", name="Add the vendor").click()
    expect(ada.locator("main")).to_contain_text(f"{US.name} is")
    story.go(ada, "/desk/people/invite/")
    prove(ada, story.demo.where["people"]["password"])
    ada.get_by_label("Name").fill("Alice Reed")
    ada.get_by_label("Email").fill(ALICE)
    ada.get_by_label("Role").select_option(label="Owner, for a vendor")
    ada.get_by_label("Vendor").fill(US.name)
    ada.get_by_role("button", name="Send the invitation").click()
    expect(ada.locator("main")).to_contain_text(ALICE)
    ada.context.close()
    alice = story.accept_invitation(ALICE, "Alice Reed")
    expect(alice.locator("#verdict")).to_contain_text("No")
    return alice


def with_a_colleague(story: Story, alice: Page) -> Page:
    story.go(alice, "/portal/colleagues/")
    alice.get_by_label("Name").fill("Bob Hale")
    alice.get_by_label("Email").fill(BOB)
    alice.get_by_role("button", name="Send the invitation").click()
    expect(alice.locator("main")).to_contain_text("is on its way")
    return story.accept_invitation(BOB, "Bob Hale")


def confirmed_by_the_contact(story: Story, alice: Page) -> None:
    story.go(alice, "/portal/contacts/new/")
    alice.get_by_label("Name").fill(US.contact_name)
    alice.get_by_label("Email").fill(US.contact_email)
    alice.get_by_label("Telephone").fill(US.contact_phone)
    alice.get_by_role("button", name="Add and write to them").click()
    expect(alice.locator("main")).to_contain_text("Authority not confirmed")
    contact = story.page()
    contact.goto(story.link_to(US.contact_email, "contact"))
    for tick in contact.get_by_role("checkbox").all():
        tick.check()
    contact.get_by_role("button", name="Yes, I am the emergency contact").click()
    expect(contact.locator("main")).to_contain_text("Thank you")
    contact.context.close()
    alice.reload()
    expect(alice.locator("main")).to_contain_text("without asking anybody,")


def begun(story: Story, alice: Page) -> None:
    """Alice begins the form and asks Bob for one section."""
    story.go(alice, "/portal/forms/")
    alice.get_by_role("button", name="Begin Exhibit A").click()
    alice.wait_for_url(re.compile(r"/portal/forms/S-[\d-]+/$"))
    story.form = alice.url.removeprefix(story.demo.url)
    alice.get_by_text("Ask a colleague").click()
    alice.get_by_label(re.compile("^A7 ")).select_option(label="Bob Hale")
    alice.get_by_role("button", name="Ask for A7").click()
    expect(alice.locator("main")).to_contain_text("A7 is Bob Hale's now")


def typed_and_killed(story: Story, alice: Page) -> None:
    """Half a page typed and no button pressed: it is there in another browser, and nothing else is."""
    first = story.page(ALICE, PASSWORD)
    story.go(first, f"{story.form}company/")
    first.locator("#id_page-A1\\.04").press_sequentially("GB 12")
    expect(first.locator("#saved")).to_contain_text("Saved")
    first.context.close()
    story.go(alice, f"{story.form}company/")
    expect(alice.locator("#id_page-A1\\.04")).to_have_value("GB 12")


def saved_in_two_tabs(story: Story, alice: Page) -> None:
    """The second of two tabs overwrites nothing: both versions are shown, and Alice chooses."""
    other = alice.context.new_page()
    for tab in (alice, other):
        story.go(tab, f"{story.form}emergency-halt/")
    answer = "#id_page-A3\\.07"
    alice.locator(answer).fill("We stop the queues by hand, on each server.")
    alice.get_by_role("button", name="Save and come back later").click()
    expect(alice.locator("main")).to_contain_text("Saved. Come back")
    other.locator(answer).fill("One command stops every queue at once.")
    other.get_by_role("button", name="Save and come back later").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("This page was saved twice")
    expect(other.locator("main")).to_contain_text("We stop the queues by hand, on each server.")
    expect(other.locator("main")).to_contain_text("One command stops every queue at once.")
    shoot(other, "portal-conflict")
    other.get_by_label(re.compile("One command stops")).check()
    other.get_by_role("button", name="Keep what I chose").click()
    expect(other.locator(answer)).to_have_value("One command stops every queue at once.")
    other.close()


def filled_in_by_two(story: Story, alice: Page, bob: Page) -> None:
    """Bob his section, Alice all the rest."""
    story.go(bob, story.form)
    expect(bob.locator("main")).to_contain_text("Bob Hale fills this in")
    bob.get_by_role("link", name=re.compile("^A7 ")).click()
    fill_page(bob, TABLE, US.domain)
    story.go(alice, f"{story.form}company/")
    filled = fill_from_here(alice, TABLE, US.domain)
    assert {"servers", "lists", "law"} <= set(filled), filled


def seen_by_nobody_else(story: Story) -> None:
    charlie = story.page(CHARLIE)
    for path in ("", "company/", "check/", "sign/", "copy.pdf"):
        answer = charlie.request.get(f"{story.demo.url}{story.form}{path}")
        assert answer.status == 404, path
    charlie.context.close()


def signed(story: Story, alice: Page) -> None:
    story.go(alice, f"{story.form}check/")
    shoot(alice, "portal-check")
    sign(alice, PASSWORD)
    expect(alice.locator("main")).to_contain_text("You may not start mailing yet")


def sent_back(story: Story, rita: Page) -> None:
    """Rita finds it in the queue, takes it up, and sends one answer back."""
    story.go(rita, "/desk/submissions/")
    rita.get_by_role("row", name=re.compile(US.name)).get_by_role("link").click()
    rita.get_by_role("button", name="Take up the review").click()
    look_at_all(rita)
    story.go(rita, f"{story.desk_path}?section=A13")
    answer = rita.locator("#q-A13\\.06")
    answer.get_by_text("Return this answer").click()
    answer.get_by_label("What should change?").fill("Do weekends count in these hours?")
    answer.get_by_role("button", name="Keep comment").click()
    expect(rita.locator("main")).to_contain_text("A13.06 is marked to go back")
    shoot(rita, "desk-submission")
    rita.get_by_label("Note to the vendor").fill("One answer, then we can go on.")
    rita.get_by_role("button", name="Send back, 1 answer").click()
    expect(rita.locator("main")).to_contain_text(f"went back to {US.name}")


def mended(story: Story, alice: Page) -> None:
    """Only the answer that was sent back can be changed; then Alice signs again."""
    story.go(alice, story.form)
    expect(alice.locator("main")).to_contain_text("One answer, then we can go on.")
    alice.get_by_role("link", name=re.compile("^A13 ")).click()
    expect(alice.locator("main")).to_contain_text("Do weekends count in these hours?")
    controls = alice.locator("#step form").locator("input:not([type=hidden]), textarea, select")
    free = {(one.get_attribute("name") or "").partition("-")[2] for one in controls.all() if one.is_enabled()}
    assert free == {"A13.06"}
    alice.locator("#id_page-A13\\.06").fill("24")
    go_on(alice)
    signed(story, alice)


def accepted_by_two(story: Story, rita: Page, dana: Page) -> None:
    story.go(rita, story.desk_path)
    rita.get_by_role("button", name="Take up the review").click()
    rita.get_by_role("button", name=re.compile("unchanged as looked at")).click()
    look_at_all(rita)
    waive_what_stops(story, dana)
    story.go(rita, f"{story.desk_path}accept/")
    rita.locator("#id_conditions-0-text").fill("Hold a drill of a halt with us.")
    rita.locator("#id_conditions-0-due").fill((datetime.now(UTC).date() + timedelta(days=60)).isoformat())
    accept(story, rita, "Accept as the first")
    expect(rita.locator("main")).to_contain_text("You cannot be both")
    story.go(dana, f"{story.desk_path}accept/")
    expect(dana.locator("main")).to_contain_text("Hold a drill of a halt with us.")
    accept(story, dana, "Accept, and send the letter")
    expect(dana.locator("main")).to_contain_text("the letter is on its way")
    shoot(dana, "desk-acceptance")


def waive_what_stops(story: Story, dana: Page) -> None:
    """What a pretended internet cannot show."""
    until = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()
    for _ in range(10):
        story.go(dana, story.desk_path)
        stops = dana.locator("#decide details a")
        if not stops.count():
            return
        stops.first.click()
        dana.get_by_role("link", name="Waive this rule").first.click()
        dana.get_by_label("Reason").fill("A pretended internet cannot show it.")
        dana.get_by_label("Until").fill(until)
        dana.get_by_role("button", name="Waive the rule").click()
        expect(dana.locator("main")).to_contain_text("The rule is waived")
    raise AssertionError("waiving has no end")


def received(story: Story, alice: Page) -> None:
    """Before the letter is received the gate is shut, after it open."""
    story.go(alice, "/portal/")
    expect(alice.locator("#verdict")).to_contain_text("No")
    story.receive_letter("letters@fieldnote.example.net")  # designated in A2.06
    alice.reload()
    expect(alice.locator("#verdict")).to_contain_text("Yes")
    shoot(alice, "portal-open")
