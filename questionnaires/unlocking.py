"""What of a submission may be changed now: all of a draft, the answers sent back, the questions that an amended policy
reopens. One function; drafts.py asks it before it writes, pages ask it before they offer a field."""

from collections.abc import Callable

from questionnaires.models import Return, Submission
from questionnaires.reopening import cites

MayChange = Callable[[str, str], bool]
_PROOF = ("B8.01", "B8.02")
FOLLOWING = {  # what also unlocks: the proof is of rows that these answers decide, and explains itself
    "B2.02": _PROOF,
    "B2.06": _PROOF,
    "B2.07": _PROOF,
    "B8.01": _PROOF,
    "B8.02": _PROOF,
}


def is_partial(submission: Submission) -> bool:
    """Only some answers may be changed, the others stay as they were signed."""
    return submission.state == Submission.State.RETURNED or submission.amendment_id is not None


def unlocked(submission: Submission) -> MayChange:
    """A function that says whether the answer to a code, in a row or none, may be changed."""
    if not submission.is_editable:
        return lambda code, row: False
    if submission.state == Submission.State.RETURNED:
        keys = set(
            submission.returns.filter(state=Return.State.OPEN, round=submission.round - 1).values_list("code", "row")
        )
        keys |= {(other, "") for code, _ in list(keys) for other in FOLLOWING.get(code, ())}
        return lambda code, row: (code, row) in keys
    if submission.amendment is not None:
        codes = cites(submission.definition, submission.amendment.changed)
        return lambda code, row: code in codes
    return lambda code, row: True
