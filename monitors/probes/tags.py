"""Lists of tags, "v=DKIM1; k=rsa; p=…", as the records of DKIM and DMARC are written (RFC 6376 section 3.2). Pure."""

import re

NAME = re.compile(r"[a-z][a-z0-9_]*", re.IGNORECASE)


def read(text: str) -> tuple[dict[str, str], str]:
    """(the tags in their order, what is wrong with the list as words or ""). Of a tag that stands twice the first
    counts; blanks around names and values are dropped."""
    tags: dict[str, str] = {}
    fault = ""
    for part in text.split(";"):
        if not part.strip():
            continue
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not NAME.fullmatch(name):
            fault = fault or f"{part.strip()[:40]!r} is no tag"
        elif name in tags:
            fault = fault or f"{name}= stands in it twice"
        else:
            tags[name] = value
    return tags, fault
