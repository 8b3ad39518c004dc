"""A page of the vendor's on the web: does it answer, whose is it, and can people opt out on it? (O8, O4)

What a machine cannot see is no fact. A page is held against a vendor only where no reader would find it: there is no
such name, the page is gone, or the name is parked.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from monitors.probes.company_name import is_shown
from monitors.probes.names import host_of, registrable
from monitors.probes.website import Found, State, Website
from questionnaires.seen import ADVERSE, ATTENTION, CLEAR, UNKNOWN, Check, Seen, unseen

Visit = Callable[[str], Awaitable[Website]]

CURES = {
    State.PARKED: "Put your own page there, then let us look again.",
    State.GONE: "Correct the address, or bring the page back.",
    State.NO_NAME: "Correct the address, or publish the name in the DNS.",
    State.TLS_INVALID: "Let the server show a certificate for this name that browsers trust.",
    State.DEFAULT_PAGE: "Put your own page there.",
}
BY_A_PERSON = "You need do nothing. A person will look."
PASSING = frozenset({State.UNREACHABLE, State.ERROR_STATUS, State.UNFETCHED})
OWN_FAULT = frozenset({State.TLS_INVALID, State.DEFAULT_PAGE})  # seen, and no proof that nothing is there


async def look(visit: Visit, url: str, *, company: str, is_opt_out: bool) -> Seen:
    """`is_opt_out` is a page that the vendor names as the place to opt out; another is a website, which leads there and
    names the company."""
    site = await visit(url)
    clause = "O4" if is_opt_out else "O8"
    checks = [_answers(site, clause)]
    elsewhere = _leads_elsewhere(site)
    if elsewhere:
        checks.append(elsewhere)
    if site.state is State.LIVE:
        checks.append(_opt_out(site, is_opt_out))
        if site.asks_password and is_opt_out:
            cure = "People must be able to opt out without signing in. Leave this if they can."
            checks.append(Check("password", ATTENTION, "The page asks for a password.", "U3", cure))
        if not is_opt_out:
            checks.append(_name(site, company))
    facts = _facts_of_opt_out(site) if is_opt_out else _facts_of_site(site, company, bool(elsewhere))
    return Seen.of(checks, facts)


def _answers(site: Website, clause: str) -> Check:
    if site.state is State.LIVE:
        return Check("page", CLEAR, site.sentence, clause)
    if site.state.is_absent:
        return Check("page", ADVERSE, site.sentence, clause, CURES[site.state])
    if site.state in OWN_FAULT:
        return Check("page", ATTENTION, site.sentence, clause, CURES[site.state])
    if site.state in PASSING:
        return unseen("page", site.sentence, clause)
    return Check("page", UNKNOWN, site.sentence, clause, BY_A_PERSON)


def _leads_elsewhere(site: Website) -> Check | None:
    """A redirect to a domain of somebody else's, as far as names tell."""
    asked, landed = host_of(site.url), host_of(site.landed)
    if not landed or (registrable(asked) or asked) == (registrable(landed) or landed):
        return None
    sentence = f"It leads on to {landed}, which is another domain."
    return Check("elsewhere", ATTENTION, sentence, "O8", "If it is yours, name it among your domains.")


def _opt_out(site: Website, is_opt_out: bool) -> Check:
    way = site.opt_out
    clause = "O4" if is_opt_out else "O8"
    if way.found is Found.FOUND:
        by = f" It takes mail to {way.mailbox}." if way.mailbox else ""
        words = (
            f"The page offers a way to opt out: “{way.words}”." if way.words else "The page offers a way to opt out."
        )
        return Check("opt-out", CLEAR, f"{words}{by}", clause)
    if way.found is Found.NOT_FOUND and is_opt_out:
        sentence = "The page has neither a form nor a link nor a mail address to opt out by."
        return Check("opt-out", ADVERSE, sentence, clause, "Put a form or an address on it, then let us look again.")
    if way.found is Found.NOT_FOUND:
        return Check("opt-out", ATTENTION, "The page has no way to opt out.", clause, "Link your opt-out page on it.")
    sentence = "We saw no way to opt out on the page. There may be one that a machine does not recognise."
    return Check("opt-out", UNKNOWN, sentence, clause, BY_A_PERSON)


def _name(site: Website, company: str) -> Check:
    if is_shown(company, site.said):
        return Check("name", CLEAR, f"The page names {company}.", "R7")
    if _names_company(site, company) is None:
        return Check("name", UNKNOWN, f"We could not tell whether the page names {company}.", "R7", BY_A_PERSON)
    return Check(
        "name", ATTENTION, f"The page does not name {company}.", "R7", "Put the company's name on it, in text."
    )


# ── facts ───────────────────────────────────────────────────────────────────
def _facts_of_site(site: Website, company: str, is_elsewhere: bool) -> dict[str, Any]:
    answers = True if site.state is State.LIVE and not is_elsewhere else False if site.state.is_absent else None
    return {"look.site": answers, "look.company_name": _names_company(site, company)}


def _facts_of_opt_out(site: Website) -> dict[str, Any]:
    if site.state.is_absent:
        return {"look.opt_out": False}
    known = {Found.FOUND: True, Found.NOT_FOUND: False, Found.REVIEW: None}
    return {"look.opt_out": known[site.opt_out.found] if site.state is State.LIVE else None}


def _names_company(site: Website, company: str) -> bool | None:
    if site.state.is_absent:
        return False
    if site.state is not State.LIVE:
        return None
    if is_shown(company, site.said):
        return True
    return False if site.is_whole and not site.is_drawn else None
