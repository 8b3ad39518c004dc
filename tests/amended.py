"""A policy that was changed and published anew."""

from datetime import datetime

from journal.actor import ENGINE
from policies import drafts
from policies.models import PolicyVersion
from tests.world import NOON


def make_version(
    *changed: str,
    kind: str = PolicyVersion.Kind.MATERIAL,
    note: str = "Read the words in colour.",
    effective_at: datetime | None = None,
    at: datetime = NOON,
) -> PolicyVersion:
    """The next version of the policy, with one sentence more in each of the `changed` clauses."""
    draft = drafts.begin_draft(by=ENGINE, at=at, by_name="Ada")
    for clause in [one for one in draft.written if one.id in (changed or ("R5",))]:
        drafts.change_clause(draft, clause.id, clause.title, f"{clause.text} Truly.", by=ENGINE, at=at)
    drafts.publish(draft, kind=kind, note=note, effective_at=effective_at, by=ENGINE, at=at, by_name="Ada")
    return draft
