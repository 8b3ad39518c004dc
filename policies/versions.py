"""Which version of the policy counts at a moment, which will, and what an amendment changed. Changes nothing.

The verbs that make the next version are in drafts.py.
"""

from datetime import datetime

from policies.clauses import Clause
from policies.difference import Difference, compare
from policies.models import PolicyVersion


def in_force(at: datetime) -> PolicyVersion:
    """The version that counts at that moment. There is always one: number 1 came with the product."""
    return PolicyVersion.objects.effective(at).latest("number")


def upcoming(at: datetime) -> list[PolicyVersion]:
    """Published, and not yet in force at that moment; the next one first."""
    return list(PolicyVersion.objects.published().filter(effective_at__gt=at).order_by("number"))


def latest() -> PolicyVersion:
    """The one that was published last, in force or not: what the next draft is made from and compared with."""
    return PolicyVersion.objects.published().latest("number")


def before(version: PolicyVersion) -> PolicyVersion | None:
    """The published version before this one; for a draft the latest, for number 1 none."""
    if version.number is None:
        return latest()
    return PolicyVersion.objects.published().filter(number__lt=version.number).order_by("-number").first()


def amended_after(moment: datetime, at: datetime) -> PolicyVersion | None:
    """The newest material version that was published after `moment` and by `at`, in force or not; never the one that
    came with the product."""
    later = (
        PolicyVersion.objects.published().material().filter(number__gt=1, published_at__gt=moment, published_at__lte=at)
    )
    return later.order_by("number").last()


def draft() -> PolicyVersion | None:
    """The one that is being written, when somebody writes one."""
    return PolicyVersion.objects.filter(state=PolicyVersion.State.DRAFT).first()


def difference(version: PolicyVersion) -> Difference | None:
    """From the version before it; None for number 1."""
    previous = before(version)
    return compare(previous.wording, version.wording) if previous else None


def clause(ident: str, at: datetime) -> Clause:
    """The clause as people read it in the version in force. Raises KeyError for an id that it does not have."""
    return {one.id: one for one in in_force(at).read}[ident]


def changed_between(accepted: int, later: int) -> frozenset[str]:
    """The clauses that material versions after number `accepted` changed, up to number `later`, in force or not."""
    between = PolicyVersion.objects.published().material().filter(number__gt=accepted, number__lte=later)
    return frozenset(ident for changed in between.values_list("changed", flat=True) for ident in changed)


def amended_since(number: int, at: datetime) -> frozenset[str]:
    """The clauses that material versions after `number` changed, of those that have taken effect by that moment. Empty:
    who accepted `number` has accepted all that matters."""
    later = PolicyVersion.objects.effective(at).material().filter(number__gt=number)
    return frozenset(ident for changed in later.values_list("changed", flat=True) for ident in changed)
