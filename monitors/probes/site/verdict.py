"""What was seen of a website, as a Reading (clause O8). Pure.

What each state ends in. ADVERSE only where it is certain that people find no working site of the vendor's there; where
we could not see, or a person must judge, UNKNOWN.

    state                verdict   result         what it is
    live                 CLEAR     live           with an opt-out and contact details that hold
    live                 ADVERSE   incomplete     without one of them, on pages that were read whole
    live                 UNKNOWN   review         a person must look for one of them
    http_only            as live, but never CLEAR: whether a site without encryption will do, a person says
    redirects_offdomain  UNKNOWN   review         to a domain of the vendor's it is live; else a person judges
    parked               ADVERSE   parked
    default_page         ADVERSE   default_page
    wrong_content        ADVERSE   wrong_content  no web page; UNKNOWN, review where pictures or frames may be all of it
    gone                 ADVERSE   gone           404 or 410 for the start page
    no_name              ADVERSE   no_name        A and AAAA both, asked twice; else UNKNOWN, unreachable
    tls_invalid          ADVERSE   tls_invalid    for a reason that every browser shares (expired, another name,
                                                  self-signed); UNKNOWN, review where it may be ours: an authority that
                                                  we do not know, a handshake that failed
    blocked, js_only     UNKNOWN   review         it keeps machines out, or a script draws it: a person looks
    error_status         UNKNOWN   error_status   it may pass
    unreachable          UNKNOWN   unreachable
    unfetched            UNKNOWN   unfetched      larger, slower or elsewhere than we go

Faults, one ground each: site:STATE, opt_out:not_found, contact:not_found. `codes` say the same of every reading, and
then what is worth knowing beside it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitors.probes.markup import plain
from monitors.probes.reading import Ground, Reading, Severity, Verdict
from monitors.probes.site.comparing import Note
from monitors.probes.site.elements import Element
from monitors.probes.site.state import READABLE, Standing
from monitors.probes.website import Found, State

CLAUSE = "O8"
LONGEST = 1_500  # letters of a sentence
# Reasons that every browser shares, in OpenSSL's words. An authority that we do not know may be known to others.
SHARED = re.compile(r"expired|not yet valid|mismatch|self[- ]signed", re.IGNORECASE)

CERTAIN = {
    State.PARKED: "it is parked",
    State.DEFAULT_PAGE: "it shows the page that a web server comes with",
    State.WRONG_CONTENT: "it is no website",
    State.GONE: "its start page does not exist",
    State.NO_NAME: "it has no address in the DNS",
    State.TLS_INVALID: "it shows a certificate that browsers refuse",
}
FOR_A_PERSON = {
    State.REDIRECTS_OFFDOMAIN: "whether the site that it leads to is the vendor's",
    State.BLOCKED: "whether people get in, and whether it offers an opt-out and contact details",
    State.JS_ONLY: "whether what its script draws is the vendor's, with an opt-out and contact details",
    State.WRONG_CONTENT: "whether its pictures or frames are a website of the vendor's",
    State.TLS_INVALID: "whether browsers accept its certificate",
    State.HTTP_ONLY: "whether a site without encryption will do",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a survey saw. Without a live site there are no elements."""

    domain: str
    standing: Standing
    opt_out: Element | None = None
    contact: Element | None = None
    notes: Sequence[Note] = ()
    evidence: Sequence[Mapping[str, Any]] = ()


def reading(seen: Seen) -> Reading:
    """The table above."""
    verdict, result, sentence, grounds = _site(seen) if seen.standing.state not in READABLE else _live(seen)
    notes = [(f"site:{seen.standing.state}", seen.standing.sentence), *_elements(seen), *seen.notes]
    shown = [element for element in (seen.opt_out, seen.contact) if element and element.snippet]
    return Reading(
        verdict,
        result,
        Severity.WARN if verdict is Verdict.ADVERSE else Severity.NONE,
        plain(sentence)[:LONGEST],
        codes=tuple(code for code, _ in notes),
        meanings=tuple(plain(meaning)[:LONGEST] for _, meaning in notes),
        text=tuple(f"{element.url}: {element.snippet}" if element.url else element.snippet for element in shown),
        evidence=tuple(seen.evidence),
        clause=CLAUSE,
        grounds=grounds,
        lead=f"The website of {seen.domain}" if grounds else "",
    )


Outcome = tuple[Verdict, str, str, tuple[Ground, ...]]


def _site(seen: Seen) -> Outcome:
    state, said = seen.standing.state, seen.standing.sentence
    if state in CERTAIN and _is_certain(seen.standing):
        ground = Ground(f"site:{state}", Severity.WARN, CERTAIN[state])
        return Verdict.ADVERSE, str(state), f"The website of {seen.domain}: {CERTAIN[state]}. {said}", (ground,)
    if state in FOR_A_PERSON:
        what = f"A person has to look at {seen.standing.page.url} and say {FOR_A_PERSON[state]}. {said}"
        return Verdict.UNKNOWN, "review", what, ()
    return Verdict.UNKNOWN, str(state), f"The website of {seen.domain} could not be seen. {said}", ()


def _is_certain(standing: Standing) -> bool:
    match standing.state:
        case State.TLS_INVALID:
            return bool(SHARED.search(standing.sentence))
        case State.WRONG_CONTENT:
            return standing.page.is_whole and not standing.page.is_drawn
        case _:
            return True


def _live(seen: Seen) -> Outcome:
    grounds = []
    if seen.opt_out and seen.opt_out.found is Found.NOT_FOUND:
        grounds.append(Ground("opt_out:not_found", Severity.WARN, "it offers no way to opt out"))
    if seen.contact and seen.contact.found is Found.NOT_FOUND:
        phrase = f"it does not show {_listed(seen.contact.lacks)}"
        grounds.append(Ground("contact:not_found", Severity.WARN, phrase))
    if grounds:
        phrases = "; ".join(ground.phrase for ground in grounds)
        return Verdict.ADVERSE, "incomplete", f"The website of {seen.domain}: {phrases}.", tuple(grounds)
    for_a_person = [
        f"{name}, as {_listed(element.doubts)}"
        for name, element in (("a way to opt out", seen.opt_out), ("contact details", seen.contact))
        if element and element.found is Found.REVIEW
    ]
    if for_a_person:
        what = f"A person has to look at {seen.standing.page.url} for {'; and for '.join(for_a_person)}."
        return Verdict.UNKNOWN, "review", what, ()
    if seen.standing.state is State.HTTP_ONLY:
        what = f"A person has to say {FOR_A_PERSON[State.HTTP_ONLY]}: {seen.standing.page.url}."
        return Verdict.UNKNOWN, "review", what, ()
    return (
        Verdict.CLEAR,
        "live",
        f"The website of {seen.domain} is live, with a way to opt out and contact details.",
        (),
    )


def _elements(seen: Seen) -> list[Note]:
    found = []
    for name, what, element in (
        ("opt_out", "a way to opt out", seen.opt_out),
        ("contact", "contact details", seen.contact),
    ):
        if element is None:
            continue
        match element.found:
            case Found.FOUND:
                meaning = f"It offers {what}: {element.snippet or element.url}"
            case Found.NOT_FOUND:
                meaning = f"It does not offer {what}: no page that we read has it, and each was read whole."
            case _:
                meaning = f"We did not see {what} for certain. A person has to look: {_listed(element.doubts)}."
        if element.lacks:
            meaning = f"{meaning} What is missing or in doubt: {_listed(element.lacks)}."
        found.append((f"{name}:{element.found}", meaning))
    return found


def _listed(phrases: Sequence[str]) -> str:
    *others, last = phrases or ("nothing",)
    return f"{', '.join(others)} and {last}" if others else last
