"""What a row of a form is about, for the machine to look at: a server, a domain, a header address. Pure."""

from collections.abc import Mapping
from typing import Any

from questionnaires.definition import Page

Subject = tuple[str, str, str]  # kind, what, the HELO name of a server

ADDRESS, HELO, DOMAIN = "A5.01", "A5.04", "A4.01"


def subject_of(page: Page, values: Mapping[str, Any]) -> Subject | None:
    """The subject of a row; None while the row does not say enough."""
    looks = page.rows.looks if page.rows else ""
    if looks == "server" and values.get(ADDRESS):
        return "server", str(values[ADDRESS]), str(values.get(HELO, ""))
    if looks == "domain" and values.get(DOMAIN):
        return "domain", str(values[DOMAIN]), ""
    return None


def header_subjects(values: Mapping[str, Any]) -> list[Subject]:
    """The header addresses of the page that lists them (A6.01 to A6.04)."""
    found: dict[str, None] = {}
    for code in ("A6.01", "A6.02", "A6.03", "A6.04"):
        lines = values.get(code) or []
        for line in lines if isinstance(lines, list) else []:
            if isinstance(line, Mapping) and line.get("address"):
                found[str(line["address"]).lower()] = None
    return [("header", address, "") for address in found]
