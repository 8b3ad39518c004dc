"""What of a submission may be changed now: all of a draft, the answers sent back, the questions that an amended policy
reopens, in a form of its own or in one that was sent back to be signed again. One function; drafts.py asks it before it
writes, pages ask it before they offer a field.

Beside those, what must be answered and was not when it was signed may be answered: nobody was asked it then, because
the machine knew, or because an answer elsewhere made it needless. Otherwise such a form could never be signed again.
"""

from collections.abc import Callable

from policies.versions import changed_between
from questionnaires.models import Return, Signature, Submission
from questionnaires.reading import sent_back, signed_values, standing_signature
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
        keys = set(submission.returns.filter(state=Return.State.OPEN).values_list("code", "row"))
        returned = sent_back(submission)
        amended = set(returned.reopens) if returned else set()
        keys |= {(other, "") for code, _ in list(keys) for other in FOLLOWING.get(code, ())}
        was_asked = _was_asked(submission, standing_signature(submission))
        return lambda code, row: (code, row) in keys or code in amended or not was_asked(code, row)
    if submission.amendment is not None:
        codes = cites(submission.definition, amended_clauses(submission))
        was_asked = _was_asked(submission, _signed_before(submission))
        return lambda code, row: code in codes or not was_asked(code, row)
    return lambda code, row: True


def amended_clauses(submission: Submission) -> frozenset[str]:
    """The clauses that changed between what the vendor signed last and the amendment that this form accepts; none for
    a form of another reason."""
    if submission.amendment is None or submission.amendment.number is None:
        return frozenset()
    signed = _signed_before(submission)
    return changed_between((signed.policy.number or 0) if signed else 0, submission.amendment.number)


def _signed_before(submission: Submission) -> Signature | None:
    return submission.previous.signatures.last() if submission.previous else None


def _was_asked(submission: Submission, signature: Signature | None) -> MayChange:
    """Whether an answer was there when it was signed, or need not have been."""
    questions, signed = submission.definition.questions, signed_values(signature)
    return lambda code, row: (
        not questions[code].required or signed.get(f"{code}@{row}" if row else code) not in (None, "", [], {})
    )
