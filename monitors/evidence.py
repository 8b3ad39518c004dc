"""Asking a vendor for what a domain's registration does not show, and taking in what it sends: the verbs.

What staff make of it is in monitors.grants; when a request is opened, reminded of and ended, in
monitors.evidence_sweep. Nothing here is a finding, or leads to one.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from journal.actor import Actor
from journal.record import MoveRefused, move, note, turn
from monitors import evidence_letters, registrations
from monitors.models import ELEMENTS, Document, EvidenceRequest
from monitors.shown import Shown
from notices import files
from vendors.models import Domain, Vendor

MOST_FILES = 10  # at a time
MOST_DOCUMENTS = 50  # of one request
LONGEST_TEXT = 4000  # characters
NOT_READ = "The registration of {} could not be read yet, so there is nothing to ask for."
OVER = "{} is over: nothing more is needed for it."


class EvidenceRefused(Exception):
    """It cannot be done so; the sentence says why and what to do. Nothing was kept."""


def due_on(at: datetime) -> date:
    """The day until which a vendor that is asked now has time."""
    return at.date() + timedelta(days=settings.EVIDENCE_DAYS)


def ask(
    vendor: Vendor, domains: Iterable[Domain], *, words: str = "", by: Actor, at: datetime
) -> list[EvidenceRequest]:
    """Ask for what the newest registrations of these domains do not show, in one letter to the vendor's owners. Those
    that are asked for already, show it all, or could never be read, are left out."""
    wanted = list(domains)
    with turn():
        asked = set(EvidenceRequest.objects.live().filter(domain__in=wanted).values_list("domain", flat=True))
        newest = registrations.newest(one.pk for one in wanted)
        requests = []
        for domain in wanted:
            missing = newest[domain.pk].missing if domain.pk in newest else []
            if domain.pk in asked or not missing:
                continue
            request = EvidenceRequest.objects.create(
                domain=domain, asked=_asked(missing), words=words, asked_at=at, due_on=due_on(at)
            )
            note(
                request, "asked", by=by, at=at, why=words, domain=domain, elements=request.elements,
                due_on=request.due_on, record=newest[domain.pk].record,
            )  # fmt: skip
            requests.append(request)
        if requests:
            evidence_letters.asked(vendor, requests, at)
    return requests


def ask_by_hand(domain: Domain, words: str, *, by: Actor, at: datetime) -> EvidenceRequest:
    """The same of one domain, with a sentence of staff's; EvidenceRefused when there is nothing to ask for."""
    if len(words) > LONGEST_TEXT:
        raise EvidenceRefused(f"Keep it under {LONGEST_TEXT:,} characters.")
    found = ask(domain.vendor, [domain], words=words.strip(), by=by, at=at)
    if not found:
        live = EvidenceRequest.objects.live().filter(domain=domain).first()
        if live:
            raise EvidenceRefused(f"{live} asks for it already.")
        if registrations.newest_of(domain) is None:
            raise EvidenceRefused(NOT_READ.format(domain))
        raise EvidenceRefused(f"The registration of {domain} shows all that is asked for.")
    return found[0]


def ask_again(request: EvidenceRequest, words: str, *, by: Actor, at: datetime) -> None:
    """What was sent does not do, or nothing was: the vendor is asked once more, for what is missing by now, with new
    time and the reason."""
    words = words.strip()
    if not words:
        raise EvidenceRefused("Write what is still missing. The vendor reads it in the letter.")
    if len(words) > LONGEST_TEXT:
        raise EvidenceRefused(f"Keep it under {LONGEST_TEXT:,} characters.")
    if not request.is_live:
        raise EvidenceRefused(OVER.format(request))
    found = registrations.newest_of(request.domain)
    asked = _asked(found.missing) if found else request.asked
    if not asked:
        raise EvidenceRefused(f"Nothing is missing any more. {request} ends by itself with the next look.")
    if request.state == EvidenceRequest.State.OPEN:
        raise EvidenceRefused(f"{request} is with the vendor already, until {request.due_on}.")
    changes = {"words": words, "asked": asked, "asked_at": at, "due_on": due_on(at), "reminded_at": None}
    try:
        with turn():
            move(request, EvidenceRequest.State.OPEN, by=by, at=at, why=words, changes=changes)
            evidence_letters.asked(request.domain.vendor, [request], at)
    except MoveRefused as refused:
        raise EvidenceRefused(OVER.format(request)) from refused


def answer(
    request: EvidenceRequest,
    files_shown: Sequence[Shown],
    text: str,
    elements: Iterable[str],
    *,
    by: Actor,
    at: datetime,
    is_from_desk: bool = False,
) -> list[Document]:
    """Take in what was sent for these elements: files, each with the same words, or the words alone. Staff are told,
    unless it was one of them."""
    text = text.strip()
    known = {shown.sha256: shown for shown in files_shown}  # the same file twice is one
    shows = [one for one in ELEMENTS if one in set(elements)]
    if not known and not text:
        raise EvidenceRefused("Choose a file, or write what you did.")
    if not shows:
        raise EvidenceRefused("Tick what it shows.")
    if len(text) > LONGEST_TEXT:
        raise EvidenceRefused(f"Keep the note under {LONGEST_TEXT:,} characters.")
    if len(known) > MOST_FILES:
        raise EvidenceRefused(f"{MOST_FILES} files are the most at a time.")
    with files.keeping() as keep, turn():
        locked = EvidenceRequest.objects.select_for_update().select_related("domain__vendor").get(pk=request.pk)
        if not locked.is_live:
            raise EvidenceRefused(OVER.format(locked))
        there = dict(locked.documents.exclude(sha256="").values_list("sha256", "file_name"))
        if twice := [one for one in known if one in there]:
            raise EvidenceRefused(f"{known[twice[0]].name} is here already.")
        if locked.documents.count() + max(1, len(known)) > MOST_DOCUMENTS:
            raise EvidenceRefused(f"A request holds at most {MOST_DOCUMENTS} documents. Tell us what else there is.")
        common: dict[str, Any] = {
            "request": locked, "elements": shows, "note": text, "is_from_desk": is_from_desk, "by_name": by.name,
            "at": at,
        }  # fmt: skip
        rows = [
            Document(
                **common, file_name=one.name, media_type=one.media_type, size=one.size, sha256=sha256,
                place=keep("registrations", one.content),
            )
            for sha256, one in known.items()
        ] or [Document(**common)]  # fmt: skip
        Document.objects.bulk_create(rows)
        for row in rows:
            note(locked, "document added", by=by, at=at, elements=shows, sha256=row.sha256, size=row.size)
        if locked.state != EvidenceRequest.State.ANSWERED:
            move(locked, EvidenceRequest.State.ANSWERED, by=by, at=at, changes={"answered_at": at})
            if not is_from_desk:
                evidence_letters.answered(locked, rows, at)
    return rows


# ── what the engine does ────────────────────────────────────────────────────
def settle(request: EvidenceRequest, *, by: Actor, at: datetime) -> None:
    """The registration is met: it shows who the vendor is, or what it does not show is let stand."""
    standing = request.domain.grants.filter(state="standing").values_list("element", flat=True)
    is_let_stand = set(request.elements) <= set(standing)
    ending = (
        "What the registration does not show is let stand."
        if is_let_stand
        else "The registration shows who you are, or evidence was accepted for what it does not show."
        if standing
        else "The registration now shows who you are."
    )
    with turn():
        _end(request, EvidenceRequest.State.SETTLED, ending, by, at)
        if not is_let_stand:  # then the letter about that has said it
            evidence_letters.settled(request, at)


def drop(request: EvidenceRequest, *, by: Actor, at: datetime) -> None:
    """The domain is not watched any more."""
    _end(request, EvidenceRequest.State.DROPPED, f"{request.domain} is not watched any more.", by, at)


def lapse_into_overdue(request: EvidenceRequest, *, by: Actor, at: datetime) -> None:
    """Nobody answered in time: staff are told, and decide."""
    with turn():
        why = f"Nothing came until {request.due_on}."
        move(request, EvidenceRequest.State.OVERDUE, by=by, at=at, why=why, only_if={"due_on": request.due_on})
        evidence_letters.overdue(request, at)


def remind(vendor: Vendor, requests: Iterable[EvidenceRequest], *, at: datetime) -> None:
    """The day comes near: one letter about all of a vendor's requests, each reminded of once."""
    with turn():
        unreminded = EvidenceRequest.objects.filter(state=EvidenceRequest.State.OPEN, reminded_at=None)
        still = list(unreminded.filter(pk__in=[one.pk for one in requests]).select_related("domain"))
        if still:
            EvidenceRequest.objects.filter(pk__in=[one.pk for one in still]).update(reminded_at=at)
            evidence_letters.due(vendor, still, at)


def _end(request: EvidenceRequest, to: str, ending: str, by: Actor, at: datetime) -> None:
    move(request, to, by=by, at=at, why=ending, changes={"ended_at": at, "ending": ending})


def _asked(missing: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    kept = ("element", "state", "sentence", "cure")
    return [{name: one.get(name, "") for name in kept} for one in missing]
