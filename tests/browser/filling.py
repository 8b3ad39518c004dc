"""Typing an exhibit into a real browser: the answers of tests/questionnaires, put into whatever controls a page shows,
by their names; files through the file chooser."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.portal.filling_in import PDF, SAMPLE
from tests.questionnaires.binding import posted
from tests.questionnaires.exhibit_a import Raw

MESSAGES = {"A5.12", "A6.10"}  # questions that want a message with its headers
MOST_PAGES = 120
FILL = """(form, wanted) => {
  const missed = [];
  for (const [name, texts] of Object.entries(wanted)) {
    const controls = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter(one => !one.disabled);
    for (const one of controls) {
      if (!['checkbox', 'radio'].includes(one.type)) missed.push([name, texts[0]]);
      else if (texts.includes(one.value) !== one.checked) one.click();
    }
  }
  return missed;
}"""


def file_for(code: str, domain: str) -> FilePayload:
    if code in MESSAGES:
        content = SAMPLE.replace(b"fieldnote.example.net", domain.encode())
        return FilePayload(name="sample.eml", mimeType="message/rfc822", buffer=content)
    return FilePayload(name=f"{code}.pdf", mimeType="application/pdf", buffer=PDF)


def replaced(raw: Any, words: Mapping[str, str]) -> Any:
    """The same answer with other names in it."""
    if isinstance(raw, str):
        for old, new in words.items():
            raw = raw.replace(old, new)
        return raw
    if isinstance(raw, Mapping):
        return {key: replaced(value, words) for key, value in raw.items()}
    return [replaced(one, words) for one in raw]


def parts_of(page: Page) -> Iterator[tuple[str, list[str]]]:
    """Prefix and codes of each sheet on the page."""
    for hidden in page.locator('#step input[type=hidden][name$="-codes"]').all():
        prefix = (hidden.get_attribute("name") or "").removesuffix("-codes")
        yield prefix, (hidden.get_attribute("value") or "").split()


def type_into(control: Locator, text: str) -> None:
    if control.evaluate("one => one.tagName") == "SELECT":
        control.select_option(text)
    else:
        control.fill(text)


def type_answers(page: Page, table: Mapping[str, Raw]) -> None:
    """Answer every question shown that the table answers."""
    wanted = {
        name: texts
        for prefix, codes in parts_of(page)
        for code in codes
        if code in table
        for name, texts in posted(f"{prefix}-{code}", table[code]).items()
    }
    for name, text in page.locator("#step form").evaluate(FILL, wanted):
        control = page.locator(f'#step [name="{name}"]').first
        if control.count() and control.is_enabled():
            type_into(control, text)


def add_files(page: Page, domain: str) -> None:
    """A file for each question that lacks one it must have."""
    while page.locator("fieldset.field-err[id^='files-']").count():
        lacking = page.locator("fieldset.field-err[id^='files-']").first
        code = (lacking.get_attribute("id") or "").removeprefix("files-").partition("@")[0]
        lacking.get_by_role("button", name=re.compile("Add a file")).click()
        expect(page.get_by_label("Choose files")).to_be_visible()
        page.get_by_label("Choose files").set_input_files(file_for(code, domain))
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("main")).to_contain_text("is added")
        page.get_by_role("link", name="Back to the form").first.click()
        go_on(page)


def go_on(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").last.click()


def fill_page(page: Page, table: Mapping[str, Raw], domain: str) -> None:
    """All of one page: the first row where there is none, what is asked, what that asks, files; then on."""
    step = page.url
    if page.locator("#add").count() and not page.locator("section.rep").count():
        page.locator("#add").click()
        page.locator("section.rep").first.wait_for()
    for _ in range(5):
        here = urlsplit(page.url).path
        type_answers(page, table)
        go_on(page)
        if urlsplit(page.url).path == here:
            add_files(page, domain)
        if urlsplit(page.url).path != here:
            return
    problems = page.locator(".errsum").all_inner_texts()
    raise AssertionError(f"{step} does not let go: {problems}")


def fill_from_here(page: Page, table: Mapping[str, Raw], domain: str, until: str = "/check/") -> list[str]:
    """Page after page to the one whose address ends in `until`; the pages that were filled."""
    filled: list[str] = []
    for _ in range(MOST_PAGES):
        address = urlsplit(page.url).path
        if address.endswith(until):
            return filled
        filled.append(address.rstrip("/").rpartition("/")[2])
        fill_page(page, table, domain)
    raise AssertionError("the form has no end")
