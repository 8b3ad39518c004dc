"""What the people at the desk do first, through its pages and those of signing in."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.browser.story import Story, prove
from tests.browser.walker import Walker
from tests.questionnaires.files import pdf

WITHHELD, SHIELDED = "quillhaven.example", "saltmarrow.example"  # registrations that do not show their vendor


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
