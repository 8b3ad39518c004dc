"""A stranger's HTML taken apart, within limits: its text, links, buttons and forms. Knows nothing of what they mean."""

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import etree, html

MOST_LINKS = 3_000
MOST_TEXT = 200_000  # letters
LONGEST_URL = 2_000
LONGEST_WORDS = 300  # letters of what stands on a link, a button, a form
MOST_WITHIN = 200  # elements, or pieces of text, that are looked at within one
MOST_DATA = 20  # pieces of data for machines that are kept
LONGEST_DATA = 20_000  # letters of one
MOST_ITEMS = 100  # properties of microdata
UNSEEN = frozenset({"script", "style", "head", "template", "noscript", "select", "textarea", "svg"})
BLOCKS = frozenset(
    [
        "p",
        "div",
        "td",
        "th",
        "tr",
        "br",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "table",
        "blockquote",
        "hr",
        "section",
        "article",
        "form",
        "header",
        "footer",
        "nav",
        "address",
        "dd",
        "dt",
    ]
)
BREAK = "\n"
HEADINGS = frozenset({"h1", "h2"})
MAIL_ADDRESS = re.compile(r"[\w.+-]{1,64}(@|\s?[\[(]at[\])]\s?)[\w-]+(\.[\w-]+)+", re.IGNORECASE)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
LINKED_DATA = "application/ld+json"
SEARCH_FIELDS = frozenset({"q", "s", "query", "search", "suche", "keyword", "keywords"})
NOT_SCRIPTS = frozenset(
    {LINKED_DATA, "application/json", "text/template", "text/html", "importmap", "speculationrules"}
)


@dataclass(frozen=True, slots=True)
class Link:
    """`words` on it, `around` it in its paragraph; `mailbox` is the address of a mailto link, in lower case."""

    url: str
    words: str
    path: str = ""
    mailbox: str = ""
    around: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """`is_search` is one that cannot be anything else: its one field is a search field."""

    action: str
    path: str
    words: str
    takes_address: bool
    is_search: bool = False


@dataclass(slots=True)
class Markup:
    """`lines` is `text` as it stands on the page, one block a line. `data` are pieces of JSON-LD as they came, `items`
    the microdata: (property, value)."""

    text: str = ""
    lines: list[str] = field(default_factory=list)
    title: str = ""
    said: str = ""
    headings: str = ""
    language: str = ""
    links: list[Link] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    items: list[tuple[str, str]] = field(default_factory=list)
    has_script: bool = False
    has_frame: bool = False
    has_picture: bool = False
    has_address: bool = False  # somebody's mail address stands on it
    asks_password: bool = False
    is_whole: bool = True


def read_markup(body: bytes, parameters: str = "") -> Markup | None:
    """The page, None for an empty one. `parameters` are those of its content type."""
    root, is_whole = _parsed(body, parameters)
    if root is None:
        return None
    page = Markup(is_whole=is_whole, language=(root.get("lang") or "").partition("-")[0].strip().lower())
    shown: list[str] = []
    said: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "end":
            shown += [BREAK if tag in BLOCKS else "", _flowing(element.tail)]
            continue
        _note(page, element, tag, said)
        if tag in UNSEEN:
            if tag == "head":
                for one in element.iter("script", "title", "meta"):
                    _note(page, one, one.tag, said)
            walk.skip_subtree()
        else:
            shown += [BREAK if tag in BLOCKS else "", _flowing(element.text)]
    joined = "".join(shown)
    text = plain(joined)
    page.lines = [line for piece in joined[:MOST_TEXT].split(BREAK) if (line := plain(piece))]
    page.text, page.is_whole = text[:MOST_TEXT], page.is_whole and len(text) <= MOST_TEXT
    page.said = plain(" \n ".join([page.text, *said]))[: 2 * MOST_TEXT]
    page.has_address = page.has_address or bool(MAIL_ADDRESS.search(page.text))
    return page


def _flowing(text: str | None) -> str:
    """Line ends of the source are blanks on the page."""
    return (text or "").replace(BREAK, " ")


def plain(text: str) -> str:
    """On one line, without what cannot be shown."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())


def evened(text: str) -> str:
    """Lower case, accents left away, words apart by one blank: what patterns are matched against."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold()
    return " ".join(
        re.findall(r"\w+", "".join(m for m in decomposed if not unicodedata.combining(m)).replace("_", " "))
    )


def _parsed(body: bytes, parameters: str) -> tuple[html.HtmlElement | None, bool]:
    """(the page, whether all of it was read): libxml2 leaves out what is nested too deep."""
    try:
        body.decode("utf-8")
        charset = "utf-8"
    except UnicodeDecodeError:
        named = CHARSET.search(parameters) or CHARSET.search(body[:2048].decode("latin-1"))
        charset = named[1] if named else "windows-1252"
    try:
        parser = html.HTMLParser(encoding=charset, remove_comments=True, remove_pis=True)
    except LookupError:
        parser = html.HTMLParser(encoding="windows-1252", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(body, parser=parser)
    except (etree.LxmlError, ValueError):
        return None, False
    return root, not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def _note(page: Markup, element: html.HtmlElement, tag: str, said: list[str]) -> None:
    """What one element adds to the page, besides its text."""
    if element.get("itemprop") and len(page.items) < MOST_ITEMS:
        page.items.append((plain(element.get("itemprop"))[:50], _value(element)))
    match tag:
        case "a" | "area":
            if len(page.links) >= MOST_LINKS:
                page.is_whole = False
            elif element.get("href"):
                page.links.append(_link(element))
                page.has_address = page.has_address or bool(page.links[-1].mailbox)
        case "form" if len(page.forms) < MOST_WITHIN:
            page.forms.append(_form(element))
        case "button" if len(page.buttons) < MOST_WITHIN:
            page.buttons.append(_words(element))
        case "input":
            kind = (element.get("type") or "").lower()
            if kind in {"submit", "button", "image"}:
                page.buttons.append(plain(element.get("value") or element.get("alt") or ""))
            page.asks_password = page.asks_password or kind == "password"
        case "iframe" | "frame" | "object" | "embed":
            page.has_frame = True
        case "script":
            kind = (element.get("type") or "").strip().lower()
            if kind not in NOT_SCRIPTS:
                page.has_script = True
            else:
                said.append((element.text or "")[:LONGEST_DATA])
            if kind == LINKED_DATA and len(page.data) < MOST_DATA:
                page.data.append((element.text or "")[: LONGEST_DATA + 1])
        case "title":
            page.title = page.title or plain(element.text_content())[:300]
            said.append(page.title)
        case "meta":
            said.append((element.get("content") or "")[:500])
        case "img" | "picture" | "svg" | "canvas" | "video":
            page.has_picture = True
            said.append((element.get("alt") or "")[:300])
        case _ if tag in HEADINGS:
            page.headings = f"{page.headings} {_words(element)}"[:1000]


def _link(element: html.HtmlElement) -> Link:
    url = plain(element.get("href") or "")[:LONGEST_URL]
    words = _words(element)
    if url.lower().startswith("mailto:"):
        address, _, asked = url[len("mailto:") :].partition("?")
        return Link(url, words, unquote(asked), plain(unquote(address)).lower(), _around(element))
    return Link(url, words, _path(url))


def _path(url: str) -> str:
    """The words in the path of a URL; its host and query say nothing."""
    try:
        return unquote(urlsplit(url).path)
    except ValueError:
        return ""


def _words(element: html.HtmlElement) -> str:
    """What stands on an element, or is said of it: its first letters, however much a stranger put into it."""
    labels = [element.get("aria-label") or "", element.get("title") or "", element.get("value") or ""]
    pictures = [one.get("alt") or "" for one in islice(element.iter(), MOST_WITHIN) if one.tag == "img"]
    return plain(" ".join([_text(element), *labels, *pictures]))[:LONGEST_WORDS]


def _text(element: html.HtmlElement) -> str:
    found, length = [], 0
    for piece in islice(element.itertext(), MOST_WITHIN):
        found.append(piece[: LONGEST_WORDS + 1])
        length += len(found[-1])
        if length > LONGEST_WORDS:
            break
    return plain(" ".join(found))


def _around(element: html.HtmlElement) -> str:
    """The paragraph that a link stands in, if it is a short one."""
    above = element.getparent()
    while above is not None and above.tag not in BLOCKS:
        above = above.getparent()
    text = _text(above) if above is not None else ""
    return text if len(text) <= LONGEST_WORDS else ""


def _form(element: html.HtmlElement) -> Form:
    within = [one for one in islice(element.iter(), MOST_WITHIN) if one.tag == "input"]
    values = " ".join(one.get("value") or "" for one in within if one.get("type") == "submit")
    action = plain(element.get("action") or "")[:LONGEST_URL]
    takes_address = any((one.get("type") or "text").lower() in {"text", "email"} for one in within)
    fields = [one for one in within if (one.get("type") or "text").lower() not in {"submit", "hidden", "image"}]
    is_search = len(fields) == 1 and (
        (fields[0].get("type") or "").lower() == "search" or (fields[0].get("name") or "").lower() in SEARCH_FIELDS
    )
    is_search = is_search and next(element.iter("textarea", "select"), None) is None
    return Form(action, _path(action), plain(f"{_words(element)} {values}")[:LONGEST_WORDS], takes_address, is_search)


def _value(element: html.HtmlElement) -> str:
    """What microdata says with an element (the HTML standard's "value of a property"), its first letters."""
    return plain(element.get("content") or element.get("href") or _text(element))[:LONGEST_WORDS]
