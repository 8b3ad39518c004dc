"""Proof by sample (B8): rows are drawn by lot, and their proof is read. How it is judged is in verdicts.py.

The vendor has the rows drawn once the numbers of its sources stand, before it signs: so the rows and their proof are
part of what is signed. The seed is random, made at that moment, told to the journal and shown. A draw fits as long as
the sources have the counts that it was made for; whoever changes them must draw anew, which takes the earlier proof out
and is told to the reviewer, for it is a way to look for luckier rows. Back at the earlier counts the earlier rows come
again. How rows follow from a seed, and what a file of proof must hold, is in sampling.py.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from journal.actor import Actor
from journal.record import note, turn
from questionnaires import sampling
from questionnaires.definition import Answers, Page
from questionnaires.models import Draw, Evidence, Submission, Verdict
from questionnaires.reckoning import SAMPLE
from questionnaires.source_codes import key_of

PROOF = "B8.01"
PROVED = "proof.rows"  # of the facts of a file of proof: the rows that it proves


class DrawRefused(Exception):
    """Nothing was drawn, or taken as proof; the sentences say why."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Place:
    """Where a drawn row is: counted through all sources, and within its own."""

    number: int
    code: str
    within: int
    is_proved: bool
    has_failed: bool


def sources_of(answers: Answers) -> list[dict[str, Any]] | None:
    """The sources with their counts, as a draw keeps them; None while a count is missing."""
    rows = answers.rows.get("sources", ())
    found = [
        {"row": row.uid, "code": str(row.values.get("B2.01") or ""), "count": row.values.get("B2.02")} for row in rows
    ]
    return found if found and all(one["count"] for one in found) else None


def newest(submission: Submission) -> Draw | None:
    return submission.draws.last()


def fits(draw: Draw, answers: Answers) -> bool:
    """Whether it was made for the counts that stand now, and is wide enough for what is known of the list now."""
    return _counts(draw.sources) == _counts(sources_of(answers) or ()) and draw.size >= _size(answers)


def is_about(page: Page) -> bool:
    """Whether the page of a form is the one that asks for the proof."""
    return any(question.code == PROOF for question in page.questions)


def lacking(submission: Submission, answers: Answers) -> str:
    """What is to be done before rows can be proved, in a sentence; empty for nothing, or where nothing is drawn."""
    if PROOF not in submission.definition.questions:
        return ""
    draw = newest(submission)
    if draw is None:
        return "Have the rows drawn whose proof is asked for."
    if not fits(draw, answers):
        return "The sources are no longer those that rows were drawn of. Have rows drawn anew."
    return ""


def facts_of(submission: Submission, answers: Answers) -> dict[str, Any]:
    """The facts of a fitting draw, as b-1.toml names them."""
    draw = newest(submission)
    if draw is None or not fits(draw, answers):
        return {}
    facts: dict[str, Any] = {
        "draw.numbers": draw.numbers,
        "draw.missing": len(set(draw.numbers) - proved(submission)),
        "draw.times": _times(submission, draw),
    }
    if verdict := verdict_on(draw):
        facts |= {"draw.failures": len(verdict.failed), "draw.verdict": in_words(draw, verdict)}
    elif submission.state == Submission.State.IN_REVIEW:
        facts["draw.unjudged"] = True
    return facts


def verdict_on(draw: Draw) -> Verdict | None:
    """What was found of it in the round that stands."""
    return draw.verdicts.filter(round=draw.submission.round).last()


def in_words(draw: Draw, verdict: Verdict) -> str:
    count, failed = len(draw.numbers), len(verdict.failed)
    if not failed:
        said = f"All {count} rows drawn have proof, or a good reason why not."
    else:
        rows = ", ".join(str(number) for number in verdict.failed[:10])
        said = f"{failed} of {count} rows drawn lack{'s' if failed == 1 else ''} proof without a good reason: {rows}."
    return f"{said} {verdict.words}".strip()


def _times(submission: Submission, draw: Draw) -> int:
    """How often rows were drawn anew of these sources: in this form, and in others that the vendor did not go on
    with."""
    keys = {key_of(source["code"]) for source in draw.sources}
    given_up = Draw.objects.filter(
        submission__vendor=submission.vendor_id, submission__state=Submission.State.WITHDRAWN
    )
    seeds = {other.seed for other in given_up if keys & {key_of(source["code"]) for source in other.sources}}
    return len(seeds | set(submission.draws.values_list("seed", flat=True)))


def proved(submission: Submission) -> set[int]:
    """The rows with a whole line in one of the files of proof."""
    files = submission.evidence.filter(code=PROOF, removed_at=None).values_list("facts", flat=True)
    return {row for facts in files for row in facts.get(PROVED, ())}


def places(draw: Draw) -> list[Place]:
    """The rows drawn in the order of the list."""
    done, verdict = proved(draw.submission), verdict_on(draw)
    failed = set(verdict.failed) if verdict else set()
    return [Place(n, *_within(draw, n), n in done, n in failed) for n in sorted(draw.numbers)]


def _within(draw: Draw, number: int) -> tuple[str, int]:
    for source in draw.sources:
        if number <= source["count"]:
            return source["code"], number
        number -= source["count"]
    raise LookupError(number)


def _counts(sources: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    return [(source["row"], source["count"]) for source in sources]


def _size(answers: Answers) -> int:
    return int(answers.known("derived.sample_size") or SAMPLE)


# ── the vendor's part ───────────────────────────────────────────────────────
def draw_rows(submission: Submission, answers: Answers, *, by: Actor, at: datetime) -> Draw:
    """Draw the rows, or draw anew when the counts have changed since. A fitting draw stands: it is given back.

    Raises DrawRefused.
    """
    with turn():
        locked = Submission.objects.select_for_update().get(pk=submission.pk)
        if not locked.is_editable:
            raise DrawRefused(f"{locked.number} is not open for changes.")
        sources = sources_of(answers)
        if sources is None:
            raise DrawRefused("Say in section B2 how many new addresses each source has. Rows are drawn of those.")
        before = newest(locked)
        if before and fits(before, answers):
            return before
        Submission.objects.filter(pk=locked.pk).update(touched_at=at)
        if before and _counts(before.sources) == _counts(sources):
            return draw_wider(before, _size(answers), by=by, at=at)
        taken_out = _take_proof_out(locked, at)
        seed = next((one.seed for one in locked.draws.all() if _counts(one.sources) == _counts(sources)), "")
        return _draw(locked, seed or secrets.token_hex(16), sources, _size(answers), "sample drawn", by, at, taken_out)


def draw_wider(draw: Draw, size: int, *, by: Actor, at: datetime) -> Draw:
    """More rows of the same list, those of the first draw among them; its proof stands."""
    return _draw(draw.submission, draw.seed, draw.sources, size, "sample widened", by, at)


def _take_proof_out(submission: Submission, at: datetime) -> int:
    """Proof of other rows proves nothing any more. The files stay on record."""
    standing = Evidence.objects.filter(submission=submission, code=PROOF, removed_at=None)
    return standing.update(removed_at=at)


def _draw(
    submission: Submission,
    seed: str,
    sources: list[dict[str, Any]],
    size: int,
    verb: str,
    by: Actor,
    at: datetime,
    taken_out: int = 0,
) -> Draw:
    total = sum(source["count"] for source in sources)
    draw = Draw.objects.create(
        submission=submission,
        seed=seed,
        total=total,
        size=size,
        numbers=sampling.draw(seed, total, size),
        sources=sources,
        at=at,
        by=by.name,
    )
    note(
        submission, verb, by=by, at=at, seed=seed, total=total, size=size, numbers=draw.numbers, sources=sources,
        files_taken_out=taken_out,
    )  # fmt: skip
    return draw


def read_proof(submission: Submission, name: str, table: bytes | None) -> dict[str, Any]:
    """The facts of a file of proof: a CSV, or without `table` a scan. Raises DrawRefused, a sentence for each line that
    cannot be taken."""
    draw = newest(submission)
    if draw is None:
        raise DrawRefused("Have the rows drawn first: proof is asked for those alone.")
    if table is None:
        return {}
    proof = sampling.read_proof(table, draw.numbers)
    if proof.faults:
        raise DrawRefused(*(f"{name}, {fault[0].lower()}{fault[1:]}" for fault in proof.faults))
    rows = sorted(set(draw.numbers) - set(proof.missing))
    if not rows:
        raise DrawRefused(f"{name} proves none of the rows drawn. Give each a line that begins with its number.")
    return {PROVED: rows}
