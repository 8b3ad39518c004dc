"""Whose pages are walked, and what each does first, through the pages, so that all of theirs are there."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.browser.filling import go_on
from tests.browser.story import Story, prove
from tests.browser.walker import Walker
from tests.questionnaires.files import pdf

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
WITHHELD, SHIELDED = "quillhaven.example", "saltmarrow.example"  # registrations that do not show their vendor


@dataclass(frozen=True, slots=True)
class Way:
    """Somebody, or a visitor whose `email` is empty, and how to walk."""

    email: str
    walk: Callable[[Story, Walker], None]


def form_path(story: Story, page: Page) -> str:
    """The vendor's form that is under way, or else the last one."""
    story.go(page, "/portal/forms/")
    href = page.locator("main ul.tasks a[href*='/portal/forms/S-']").first.get_attribute("href") or ""
    return re.sub(r"check/$", "", href)


# ── visitors ────────────────────────────────────────────────────────────────
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


def added_contact(story: Story, page: Page, email: str) -> None:
    """Who has confirmed nothing yet."""
    story.go(page, "/portal/contacts/new/")
    page.get_by_label("Name").fill("Theo Marsh")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Telephone").fill("+44 20 7946 0777")
    page.get_by_role("button", name="Add and write to them").click()
    expect(page.locator("main")).to_contain_text("Authority not confirmed")


# ── the desk ────────────────────────────────────────────────────────────────
def administrator(story: Story, walker: Walker) -> None:
    """With a submission in review that a rule stops, a domain approved for headers, and a policy about to be
    published."""
    page = walker.page
    submission = in_review(story, page, "Marlstone Weekly")
    sections = page.locator("ol.index a").evaluate_all("links => links.map(link => link.href)")
    within = {part: links_to(page, sections, part) for part in ("/waive/", "/desk/evidence/")}
    story.go(page, "/desk/acceptances/?q=Ostrel")
    suspended = page.locator("main a[href*='/desk/acceptances/A-']").first.get_attribute("href") or ""
    story.go(page, "/desk/acceptances/?q=Brambleford")
    in_force = page.locator("main a[href*='/desk/acceptances/A-']").first.get_attribute("href") or ""
    named = known_otherwise(story, page, "Brambleford Mailings")
    changed_policy(story, page, "R5")
    looked_up(story, page)
    delisting = asked_for_delisting(story, page)
    asked = asked_who_holds(story, page, WITHHELD)
    supplied(page, f"{asked}supply/", "Add it")
    let_stand(story, page, WITHHELD)
    walker.walk(
        "/desk/",
        *delisting,
        "/desk/lookups/spamhaus-rokso/?show=all",
        asked,
        registration_of(story, page, WITHHELD),
        f"{registration_of(story, page, SHIELDED)}ask/",
        "/account/reauthenticate/",
        f"{submission}accept/",
        *(found for links in within.values() for found in links[:1]),
        *named,
        suspended,
        f"{suspended}resume/",
        f"{in_force}suspend/",
        "/account/2fa/webauthn/",
    )
    shown_before_publishing(story, page)
    walker.look()


def asked_who_holds(story: Story, page: Page, domain: str) -> str:
    """The request for evidence about the domain, which withholds it; asked by hand as soon as the engine has read the
    registration, unless it was."""
    registration = registration_of(story, page, domain)
    asked = page.locator("main a[href*='/desk/evidence-requests/E-']")
    if not asked.count():
        page.goto(f"{registration}ask/")
        page.get_by_role("button", name="Ask").click()
        page.wait_for_url(re.compile(r"/evidence-requests/E-\d+/$"))
        return page.url
    return f"{story.demo.url}{asked.first.get_attribute('href')}"


def registration_of(story: Story, page: Page, domain: str) -> str:
    """The page of the domain's registration, once the engine has read it."""
    link = page.locator("main").get_by_role("link", name=domain, exact=True)
    for _ in range(120):
        story.go(page, f"/desk/registrations/?show=not_shown&q={domain}")
        if link.count():
            link.first.click()
            page.wait_for_url(re.compile("/registration/$"))
            return page.url
        page.wait_for_timeout(500)
    raise AssertionError(f"the registration of {domain} was not read")


def let_stand(story: Story, page: Page, domain: str) -> None:
    """An exception for it is proposed."""
    page.goto(f"{registration_of(story, page, domain)}waive/")
    page.get_by_label("Postal address").check()
    page.get_by_label("Reason").fill("A known house.")
    page.get_by_role("button", name="Propose the exception").click()
    expect(page.locator("main")).to_contain_text("One exception proposed")


def supplied(page: Page, request: str, button: str) -> None:
    """A document for it."""
    page.goto(request)
    page.get_by_label("Choose files" if "/portal/" in request else "Files").set_input_files(
        {"name": "register.txt", "mimeType": "text/plain", "buffer": f"The register, seen by {button}.".encode()}
    )
    page.get_by_label("Holder's name").check()
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("main")).to_contain_text("register.txt")


def in_review(story: Story, page: Page, vendor: str) -> str:
    """The submission of the vendor; its contact, with another address now, has to confirm it again, which stops it."""
    to_vendor(story, page, vendor)
    page.locator("main a[href$='/header-approvals/new/']").first.click()
    page.get_by_label("Domain").fill("mail.harrow.example.com")
    page.get_by_label("What it is for").fill("Replies come to us.")
    page.get_by_role("button", name="Approve it in writing").click()
    to_vendor(story, page, vendor)
    page.locator("main a[href*='/desk/contacts/'][href$='/edit/']").first.click()
    page.get_by_label("Email").fill("new@marlstone.example")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("We have written to them")
    story.go(page, "/desk/submissions/")
    page.get_by_role("row", name=re.compile(vendor)).get_by_role("link").first.click()
    page.get_by_role("button", name="Take up the review").click()
    expect(page.locator("#decide")).to_contain_text("1 rule stops it")
    return page.url.partition("?")[0]


def known_otherwise(story: Story, page: Page, vendor: str) -> list[str]:
    """The vendor gets a domain that is refused at first, and another name; the pages that change them."""
    to_vendor(story, page, vendor)
    page.get_by_role("link", name="Add a domain").click()
    page.get_by_label("Domain", exact=True).fill("https://shop.brambleford.example/")
    page.get_by_label("DKIM signatures").check()
    page.get_by_label("DKIM selectors").fill("k1, k2")
    page.get_by_role("button", name="Add the domain").click()
    expect(page.locator(".errsum")).to_contain_text("Write only the domain in it")
    page.get_by_label("Domain", exact=True).fill("shop.brambleford.example")
    page.get_by_role("button", name="Add the domain").click()
    row = page.locator("#domains").get_by_role("row", name=re.compile("shop.brambleford.example"))
    expect(row).to_contain_text("k1, k2")
    page.get_by_role("link", name="Approve a name").click()
    page.get_by_label("Name", exact=True).fill("Brambleford Post Ltd")
    page.get_by_label("What shows that it is theirs?").fill("Entry 0772 of the company register, seen today.")
    page.get_by_role("button", name="Approve the name").click()
    expect(page.locator("#aliases")).to_contain_text("Brambleford Post Ltd")
    places = "#domains a[href*='/desk/domains/'], #aliases a"
    found: list[str] = page.locator(places).evaluate_all("links => links.map(link => link.href)")
    return [page.url, *found]


def to_vendor(story: Story, page: Page, vendor: str) -> None:
    story.go(page, "/desk/vendors/")
    page.get_by_role("link", name=vendor).first.click()


def looked_up(story: Story, page: Page) -> None:
    """Somebody says what they saw, with a file that shows it."""
    story.go(page, "/desk/lookups/spamhaus-rokso/")
    page.locator("main input[name=pick]").first.check()
    page.get_by_label("Neither the name nor an alias was found").check()
    page.get_by_label("Picture or PDF").set_input_files(
        {"name": "page.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    page.get_by_role("button", name="Keep what I saw").click()
    expect(page.locator("main")).to_contain_text("One look-up at ROKSO (Spamhaus) kept")


def asked_for_delisting(story: Story, page: Page) -> list[str]:
    """Of a finding on a list; the forms for the next request and for the answer."""
    story.go(page, "/desk/findings/?q=listed")
    page.locator("main tbody th a").first.click()
    page.get_by_role("link", name="Note a request").click()
    form = page.url
    page.get_by_label("How, and where").fill("The form on its lookup page.")
    page.get_by_role("button", name="Note it").click()
    return [form, page.get_by_role("link", name="Note the answer").first.get_attribute("href") or ""]


def links_to(page: Page, addresses: list[str], part: str) -> list[str]:
    """The links on these pages with the part in their address; of the first page that has any."""
    for address in addresses:
        page.goto(address)
        found: list[str] = page.locator(f"main a[href*='{part}']").evaluate_all("links => links.map(link => link.href)")
        if found:
            return found
    return []


def changed_policy(story: Story, page: Page, clause: str) -> None:
    """The draft of a version with other words for one clause; the one that is there, or a new one."""
    story.go(page, "/desk/policy/")
    begin = page.get_by_role("button", name="Write the next version")
    if begin.count():
        begin.click()
    story.go(page, f"/desk/policy/draft/clauses/{clause}/")
    text = page.get_by_label("Text")
    text.fill(f"{text.input_value()} Truly.")
    page.get_by_role("button", name="Save the clause").click()
    expect(page.locator("main")).to_contain_text(f"{clause} is saved in the draft")


def shown_before_publishing(story: Story, page: Page) -> None:
    """Whom it shuts out and what it asks anew."""
    story.go(page, "/desk/policy/draft/publish/")
    page.get_by_label(re.compile("^Material")).check()
    page.get_by_label("What changes, for vendors").fill("Look after your servers.")
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("button", name=re.compile("^Publish version"))).to_be_visible()


# ── signing in ──────────────────────────────────────────────────────────────
def two_steps(story: Story, walker: Walker) -> None:
    """Somebody sets up a second step, signs in with it, and is asked for it again."""
    page, password = walker.page, story.demo.where["people"]["password"]
    story.go(page, "/account/2fa/totp/activate/")
    prove(page, password)
    walker.look()
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.locator("main").inner_text())
    assert secret, "no secret is shown"
    page.locator("main input[name=code]").fill(format_hotp_value(hotp_value(secret[0], int(time.time()) // 30)))
    page.locator("main form").get_by_role("button").first.click()
    story.go(page, "/account/2fa/recovery-codes/")
    codes = re.findall(r"\b[a-f0-9]{8}\b", page.locator("main").inner_text())
    assert codes, "no recovery codes are shown"
    walker.walk("/account/2fa/", "/account/password/change/", "/account/logout/", within="/account/")
    walker.walk("/account/2fa/recovery-codes/generate/", "/account/2fa/totp/deactivate/", within="/account/")
    page.context.clear_cookies()
    story.go(page, "/account/login/")
    page.get_by_label("Email").fill("orla@harrow.example.com")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").first.click()
    page.wait_for_url(re.compile("/2fa/authenticate/"))
    walker.look()
    page.locator("main input[name=code]").fill(codes[0])
    page.locator("main form").get_by_role("button").first.click()
    page.wait_for_url(lambda url: "/authenticate/" not in url)
    story.go(page, "/account/2fa/reauthenticate/")
    walker.look()


# ── the portal ──────────────────────────────────────────────────────────────
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


WAYS = {
    "a visitor": Way("", visitors),
    "an administrator": Way("ada@harrow.example.com", administrator),
    "an auditor with a second step": Way("orla@harrow.example.com", two_steps),
    "a vendor's owner": Way("owner@brambleford.example", owner),
    "one who is asked who holds a domain": Way("owner@quillhaven.example", who_is_asked),
    "one accepted": Way("owner@pellworth.example", who_has_a_letter),
    "one suspended": Way("owner@ostrel.example", who_is_suspended),
    "one who fills in": Way("owner@fennickrowe.example", who_fills_in),
    "one who mends": Way("owner@inverlea.example", who_mends),
    "one who has signed": Way("owner@marlstone.example", who_has_signed),
    "one who adds addresses": Way("owner@wrenfold.example", who_adds_addresses),
    "one who is locked out": Way("owner@brambleford.example", who_is_locked_out),  # last: it locks all others too
}
