"""Several administrators at once on PostgreSQL: one draft, one version, and no words lost."""

from functools import partial

import pytest

from journal.actor import ENGINE
from journal.verification import verify
from policies import drafts
from policies.drafts import VersionRefused
from policies.models import PolicyVersion
from policies.versions import draft, latest
from tests.production.test_races import all_at_once
from tests.world import NOON

pytestmark = [pytest.mark.production, pytest.mark.usefixtures("committed")]


def test_drafts_begun_changed_and_published_at_once_make_one_version() -> None:
    begun = all_at_once(*[partial(drafts.begin_draft, by=ENGINE, at=NOON)] * 6)
    assert sum(isinstance(one, VersionRefused) for one in begun) == 5

    def change(ident: str) -> None:
        version = draft()
        assert version is not None
        drafts.change_clause(version, ident, "Other words", f"Other words of {ident}.", by=ENGINE, at=NOON)

    idents = [f"M{number}" for number in range(1, 9)]
    assert all_at_once(*[partial(change, ident) for ident in idents]) == [None] * 8
    copies = [PolicyVersion.objects.get(state="draft") for _ in range(6)]
    published = all_at_once(
        *[
            partial(drafts.publish, copy, kind="material", note="Other words.", effective_at=None, by=ENGINE, at=NOON)
            for copy in copies
        ]
    )
    assert published.count(None) == 1
    assert sum(isinstance(one, VersionRefused) for one in published) == 5
    assert (latest().number, latest().changed) == (2, idents)
    assert not verify().faults
