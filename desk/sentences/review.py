"""The journal's entries about submissions, returned answers, acceptances and header approvals, as
sentences. `e` is the entry, `n` the number that people say."""

from collections.abc import Mapping

from desk.sentences.sentence import Sentence
from journal.models import Entry

MINOR = (  # steps of a review that would fill a short timeline
    "section looked at",
    "commented",
    "answers confirmed",
    "filled in",
    "row added",
    "row removed",
    "answer marked for return",
    "evidence added",
    "evidence removed",
)


def _because(entry: Entry) -> str:
    return f" {entry.why}" if entry.why else ""


def _where(entry: Entry) -> str:
    return f"{entry.after.get('code') or 'the whole'}"


def _drawn(entry: Entry) -> str:
    return f"{len(entry.after.get('numbers') or ())} of {entry.after.get('total') or 0:,} rows were drawn"


def _commented(entry: Entry, name: str) -> str:
    if entry.after.get("audience") == "internal":
        return f"A note of the desk on {_where(entry)} of {name}."
    return f"A comment on {_where(entry)} of {name}."


REVIEW: Mapping[tuple[str, str], Sentence] = {
    ("questionnaires.submission", "begun"): ("file-text", "", lambda e, n: f"{n} was begun."),
    ("questionnaires.submission", "draft"): ("undo-2", "", lambda e, n: f"The vendor took {n} back."),
    ("questionnaires.submission", "signed"): (
        "file-pen",
        "",
        lambda e, n: f"{n} was signed, round {e.after.get('round')}.",
    ),
    ("questionnaires.submission", "submitted"): ("inbox", "wait", lambda e, n: f"{n} came to the desk."),
    ("questionnaires.submission", "in_review"): ("search", "wait", lambda e, n: f"{n} was taken up."),
    ("questionnaires.submission", "returned"): (
        "undo-2",
        "",
        lambda e, n: f"The vendor took {n} back." if e.before.get("state") == "submitted" else f"{n} was sent back.",
    ),
    ("questionnaires.submission", "accepted"): ("state-open", "open", lambda e, n: f"{n} was accepted."),
    ("questionnaires.submission", "declined"): ("state-shut", "shut", lambda e, n: f"{n} was declined."),
    ("questionnaires.submission", "withdrawn"): ("archive", "", lambda e, n: f"{n} was withdrawn.{_because(e)}"),
    ("questionnaires.submission", "first acceptance"): (
        "check",
        "",
        lambda e, n: f"{n} was accepted by the first of two people.",
    ),
    ("questionnaires.submission", "filled in"): (
        "file-pen",
        "",
        lambda e, n: f"The page “{e.after.get('step')}” of {n} was filled in.",
    ),
    ("questionnaires.submission", "overtaken"): (
        "undo-2",
        "wait",
        lambda e, n: f"An amended policy asks for answers of {n} again: {', '.join(e.after.get('clauses') or ())}.",
    ),
    ("questionnaires.submission", "row added"): (
        "file-text",
        "",
        lambda e, n: f"A row was added to “{e.after.get('step')}” of {n}.",
    ),
    ("questionnaires.submission", "row removed"): (
        "file-text",
        "",
        lambda e, n: f"A row of “{e.after.get('step')}” of {n} was removed.",
    ),
    ("questionnaires.submission", "first acceptance void"): (
        "undo-2",
        "wait",
        lambda e, n: f"The first acceptance of {n} counts no more: a waiver changed.",
    ),
    ("questionnaires.submission", "section looked at"): (
        "eye",
        "",
        lambda e, n: f"Section {e.after.get('section')} of {n} was looked at.",
    ),
    ("questionnaires.submission", "commented"): ("message-square", "", _commented),
    ("questionnaires.submission", "answer marked for return"): (
        "undo-2",
        "",
        lambda e, n: f"{_where(e)} of {n} was marked to go back.",
    ),
    ("questionnaires.submission", "rule waived"): (
        "shield-off",
        "wait",
        lambda e, n: f"A rule was waived for {n} until {e.after.get('until')}.{_because(e)}",
    ),
    ("questionnaires.submission", "waiver revoked"): ("shield", "", lambda e, n: f"A waiver for {n} was revoked."),
    ("questionnaires.submission", "evidence added"): (
        "paperclip",
        "",
        lambda e, n: f"A file was added to {_where(e)} of {n}.",
    ),
    ("questionnaires.submission", "evidence removed"): (
        "paperclip",
        "",
        lambda e, n: f"A file of {_where(e)} of {n} was removed.",
    ),
    ("questionnaires.submission", "sample drawn"): ("dices", "", lambda e, n: f"{_drawn(e)} for {n}."),
    ("questionnaires.submission", "sample widened"): (
        "dices",
        "wait",
        lambda e, n: f"The sample for {n} was widened: {_drawn(e).lower()}.",
    ),
    ("questionnaires.submission", "sample judged"): (
        "scale",
        "",
        lambda e, n: f"The sample for {n} was judged: {len(e.after.get('failed') or ())} without proof.",
    ),
    ("questionnaires.submission", "answers confirmed"): (
        "check",
        "",
        lambda e, n: f"Answers of {n} that were carried over were confirmed.",
    ),
    ("questionnaires.return", "open"): ("undo-2", "", lambda e, n: f"{n} went back to the vendor."),
    ("questionnaires.return", "answered"): ("check", "", lambda e, n: f"{n} was answered."),
    ("questionnaires.return", "dropped"): ("check", "", lambda e, n: f"{n} stays as it is."),
    ("questionnaires.acceptance", "issued"): ("mail", "wait", lambda e, n: f"Written acceptance {n} was issued."),
    ("questionnaires.acceptance", "received"): (
        "state-open",
        "open",
        lambda e, n: f"{n} was received, or is in force again.{_because(e)}",
    ),
    ("questionnaires.acceptance", "received while suspended"): (
        "mail-check",
        "",
        lambda e, n: f"{n} was received while it is suspended.",
    ),
    ("questionnaires.acceptance", "suspended"): (
        "state-shut",
        "shut",
        lambda e, n: f"{n} was suspended.{_because(e)}",
    ),
    ("questionnaires.acceptance", "withdrawn"): (
        "state-shut",
        "shut",
        lambda e, n: f"{n} was withdrawn.{_because(e)}",
    ),
    ("questionnaires.acceptance", "expired"): ("state-shut", "shut", lambda e, n: f"{n} expired."),
    ("questionnaires.acceptance", "superseded"): ("archive", "", lambda e, n: f"{n} was replaced by a later one."),
    ("questionnaires.headerapproval", "approved"): (
        "file-check",
        "",
        lambda e, n: f"{n} approves {e.after.get('domain')} in headers until {e.after.get('until')}.",
    ),
    ("questionnaires.headerapproval", "revoked"): (
        "state-shut",
        "shut",
        lambda e, n: f"The approval {n} was revoked.{_because(e)}",
    ),
}
