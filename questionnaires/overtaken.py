"""Forms that the vendor has while an amended policy takes effect: what that asks anew is asked in them too.

Whoever signs agrees to the policy in force, so nobody signs before having looked at what the new words touch. One that
was sent back opens what cites a changed clause, counted from what the reviewer saw and what it was asked since; the
draft of an amendment accepts the newer version as well. A first form is open as a whole, and is signed as it is read.
"""

from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from journal.actor import ENGINE
from journal.record import note, turn
from policies.models import PolicyVersion
from policies.versions import amended_since, in_force
from questionnaires import drafts, renewals
from questionnaires.models import Decision, Submission
from questionnaires.reading import sent_back
from questionnaires.reopening import cites

State = Submission.State


def waiting(at: datetime) -> QuerySet[Submission]:
    """Forms that have yet to be asked."""
    newest = Subquery(_material(at).order_by("-number").values("number")[:1])
    returns = Decision.objects.filter(submission=OuterRef("pk"), kind=Decision.Kind.RETURN).order_by("-at", "-pk")
    forms = Submission.objects.annotate(asked_under=Subquery(returns.values("asked_under")[:1]))
    is_returned = Q(state=State.RETURNED, asked_under__lt=newest)
    is_amendment = Q(state=State.DRAFT, amendment__number__lt=newest)
    return forms.filter(is_returned | is_amendment).order_by("pk")


def catch_up(submission: Submission, at: datetime) -> frozenset[str]:
    """Ask what was amended since it was asked last. The clauses for which it asks something anew."""
    with turn():
        locked = Submission.objects.select_for_update().get(pk=submission.pk)
        returned = sent_back(locked) if locked.state == State.RETURNED else None
        if returned:
            changed = _asked(locked, returned, at)
        elif locked.state == State.DRAFT and locked.amendment is not None:
            changed = _widened(locked, locked.amendment, at)
        else:
            changed = frozenset()
    return changed if cites(submission.definition, changed) else frozenset()


def _material(at: datetime) -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.effective(at).material().order_by("number")


def _widened(submission: Submission, agreed: PolicyVersion, at: datetime) -> frozenset[str]:
    changed, newest = amended_since(agreed.number or 0, at), _material(at).last()
    if changed and newest:
        renewals.widen(submission, newest, by=ENGINE, at=at)
    return changed


def _asked(submission: Submission, returned: Decision, at: datetime) -> frozenset[str]:
    """Counted from the version that was signed, where that is a later one than it was asked under: it was signed before
    its day."""
    signature, current = submission.signature_of(returned.round), in_force(at).number or 0
    signed = (signature.policy.number or 0) if signature else 0
    changed = amended_since(max(returned.asked_under, signed), at)
    if current > returned.asked_under:
        codes = cites(submission.definition, changed)
        reopens = sorted({*returned.reopens, *codes})
        Decision.objects.filter(pk=returned.pk).update(asked_under=current, reopens=reopens)
        drafts.ask_again(submission, codes)
    if changed:
        note(submission, "overtaken", by=ENGINE, at=at, policy=current, clauses=sorted(changed))
    return changed
