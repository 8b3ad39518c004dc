"""The reviewer's part of proof by sample (B8): judge the proof of the rows drawn, and widen a doubtful sample.

One row without proof and without a good reason widens the sample to 60 rows; two stop acceptance, as the rules of the
exhibit say. A verdict is of one round: after the vendor signed again the proof is judged again.
"""

from collections.abc import Collection
from datetime import datetime

from accounts.models import User
from journal.actor import Actor
from journal.record import note, turn
from questionnaires import draws, review
from questionnaires.models import Draw, Submission, Verdict
from questionnaires.reckoning import WIDER_SAMPLE
from questionnaires.review import ReviewRefused


def judge(
    submission: Submission, failed: Collection[int], words: str, *, user: User, by: Actor, at: datetime
) -> Verdict:
    """Say which rows lack proof without a good reason; none when all is well. Raises ReviewRefused."""
    with turn():
        draw = _in_review(submission)
        if strange := sorted(set(failed) - set(draw.numbers)):
            raise ReviewRefused(f"Row {strange[0]} was not drawn.")
        words = review.clean_text(words, "Say what is wrong with the rows that lack proof." if failed else "")
        verdict = Verdict.objects.create(
            draw=draw, round=draw.submission.round, failed=sorted(set(failed)), words=words,
            user=user, by=by.name, at=at,
        )  # fmt: skip
        note(draw.submission, "sample judged", by=by, at=at, round=verdict.round, failed=verdict.failed)
    return verdict


def why_not_wider(draw: Draw) -> str:
    """Why the sample cannot grow; empty when it can."""
    if draw.size >= WIDER_SAMPLE:
        return f"The sample has {len(draw.numbers)} rows already, the most that are asked for."
    if len(draw.numbers) >= draw.total:
        return "Every row of the list was drawn already."
    return ""


def widen(submission: Submission, *, by: Actor, at: datetime) -> Draw:
    """Ask for proof of 60 rows, those of the first sample among them: the proof is marked to go back for it.

    Raises ReviewRefused.
    """
    with turn():
        draw = _in_review(submission)
        if why := why_not_wider(draw):
            raise ReviewRefused(why)
        wider = draws.draw_wider(draw, WIDER_SAMPLE, by=by, at=at)
        more = len(wider.numbers) - len(draw.numbers)
        review.mark_return(
            draw.submission, draws.PROOF, "",
            f"We ask for proof of {more} more rows. Section B8 shows which; what you sent counts.", by=by, at=at,
        )  # fmt: skip
    return wider


def _in_review(submission: Submission) -> Draw:
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    if locked.state != Submission.State.IN_REVIEW:
        raise ReviewRefused(f"{locked.number} is not in review now. Look at it again.")
    draw = draws.newest(locked)
    if draw is None:
        raise ReviewRefused("No rows were drawn of this form.")
    return draw
