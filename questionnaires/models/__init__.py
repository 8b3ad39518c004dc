"""The rows, a file a noun: submission.py, review.py, acceptance.py, draw.py, look.py, reminder.py."""

from questionnaires.models.acceptance import Acceptance, Addition, HeaderApproval, ListSource, Paper
from questionnaires.models.draw import Draw, Verdict
from questionnaires.models.look import Look
from questionnaires.models.reminder import Reminder
from questionnaires.models.review import Comment, Decision, Return, SectionLook, Signature, Waiver
from questionnaires.models.submission import Assignment, Evidence, Save, Sheet, Submission

__all__ = [
    "Acceptance",
    "Addition",
    "Assignment",
    "Comment",
    "Decision",
    "Draw",
    "Evidence",
    "HeaderApproval",
    "ListSource",
    "Look",
    "Paper",
    "Reminder",
    "Return",
    "Save",
    "SectionLook",
    "Sheet",
    "Signature",
    "Submission",
    "Verdict",
    "Waiver",
]
