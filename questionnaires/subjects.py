"""What a form names that the machine can look at: servers, domains, header addresses, pages of the web. Pure."""

from collections.abc import Mapping
from typing import Any

from monitors.probes.names import host_of, registrable
from questionnaires.definition import Page

Subject = tuple[str, str, str]  # kind, what, the HELO name of a server

ADDRESS, HELO, DOMAIN = "A5.01", "A5.04", "A4.01"
SITE, SITE_OF_ROW = "A1.09", "A4.06"
OPT_OUT, OPT_OUT_OF_ROW = "A11.01", "A4.07"
HEADERS = ("A6.01", "A6.02", "A6.03", "A6.04")
KINDS = {SITE: "website", SITE_OF_ROW: "website", OPT_OUT: "opt_out", OPT_OUT_OF_ROW: "opt_out"}
SAME_AS = {SITE_OF_ROW: SITE, OPT_OUT_OF_ROW: OPT_OUT}  # in a row of the domain that the whole form's page is in


def may_name(page: Page) -> bool:
    """Whether the page asks, outside of rows, for something to look at."""
    return any(question.code in (SITE, OPT_OUT, *HEADERS) for question in page.of_page())


def subjects_of(page: Page, row: str, values: Mapping[str, Any], whole: Mapping[str, Any]) -> list[Subject]:
    """Everything that a sheet names. `row` is empty for the page's own sheet, `whole` are answers outside of rows."""
    if not row:
        return header_subjects(values) + list(pages_of(values).values())
    own = subject_of(page, values)
    return ([own] if own else []) + list(pages_of_row(values, whole).values())


def pages_of(values: Mapping[str, Any]) -> dict[str, Subject]:
    """The pages of the web that answers outside of rows name, by code."""
    return {code: _page(code, values[code]) for code in (SITE, OPT_OUT) if values.get(code)}


def pages_of_row(values: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Subject]:
    """Those that a domain's row names, by code; the company's own page, where it is in that domain."""
    domain = registrable(str(values.get(DOMAIN) or ""))
    found: dict[str, Subject] = {}
    for code, same in SAME_AS.items():
        shared = whole.get(same)
        if values.get(code):
            found[code] = _page(code, values[code])
        elif domain and shared and registrable(host_of(str(shared))) == domain:
            found[code] = _page(code, shared)
    return found


def _page(code: str, url: Any) -> Subject:
    return KINDS[code], str(url), ""


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
    for code in HEADERS:
        lines = values.get(code) or []
        for line in lines if isinstance(lines, list) else []:
            if isinstance(line, Mapping) and line.get("address"):
                found[str(line["address"]).lower()] = None
    return [("header", address, "") for address in found]
