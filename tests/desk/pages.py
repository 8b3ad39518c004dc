"""Reading a page as a person does: its text without the markup, and its heading."""

import html
import re
from typing import Any


def text(answer: Any) -> str:
    """The words of a page, in one line."""
    main = answer.content.decode().partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return _words(re.sub(r"<svg.*?</svg>", "", main, flags=re.DOTALL))


def heading(answer: Any) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.DOTALL)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", "", found[1]).split())) if found else ""


def alarm(answer: Any) -> str:
    found = re.search(r'<section class="alarm".*?</section>', answer.content.decode(), re.DOTALL)
    return _words(found[0]) if found else ""


def _words(markup: str) -> str:
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())
    return re.sub(r" (?=[.,:;])", "", words)
