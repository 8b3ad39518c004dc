"""Which version counts when: in force, to come, the latest, and what was amended since one was accepted."""

from datetime import UTC, datetime, timedelta

import pytest

from policies.clauses import clauses
from policies.models import PolicyVersion
from policies.versions import amended_since, before, clause, difference, draft, in_force, latest, upcoming
from tests.amended import make_version
from tests.world import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EDITORIAL = PolicyVersion.Kind.EDITORIAL


def test_what_came_with_the_product_is_in_force_from_the_beginning() -> None:
    for at in (datetime(1999, 1, 1, tzinfo=UTC), NOON, NOON + 1000 * DAY):
        assert in_force(at).number == 1
        assert upcoming(at) == []
    assert latest().number == 1
    assert before(latest()) is None
    assert difference(latest()) is None
    assert draft() is None


def test_a_version_counts_from_its_moment_on_and_not_before() -> None:
    second = make_version("R5", effective_at=NOON + DAY)
    moment = NOON + DAY
    assert [in_force(at).number for at in (NOON, moment - timedelta(microseconds=1), moment, moment + DAY)] == [
        1,
        1,
        2,
        2,
    ]
    assert upcoming(NOON) == [second]
    assert upcoming(moment) == []
    assert latest() == second


def test_several_to_come_stand_in_their_order() -> None:
    make_version("R5", effective_at=NOON + DAY)
    make_version("R6", effective_at=NOON + 2 * DAY)
    make_version("R7", effective_at=NOON + 2 * DAY)
    assert [one.number for one in upcoming(NOON)] == [2, 3, 4]
    assert in_force(NOON + 2 * DAY).number == 4, "of two that count from the same moment the newer one counts"
    assert [one.number for one in (before(latest()), before(in_force(NOON + DAY))) if one] == [3, 1]


def test_a_clause_is_read_in_the_version_in_force_with_its_numbers() -> None:
    assert clause("C0", NOON).title == "Answers within 24 hours"
    make_version("C0", effective_at=NOON + DAY)
    assert not clause("C0", NOON).text.endswith("Truly.")
    assert clause("C0", NOON + DAY).text.endswith("within 24 hours. Truly.")
    with pytest.raises(KeyError):
        clause("R99", NOON)


def test_only_material_versions_that_count_already_amend_an_acceptance() -> None:
    make_version("R5", effective_at=NOON)  # 2
    make_version("U1", kind=EDITORIAL, effective_at=NOON)  # 3
    make_version("R6", "R7", effective_at=NOON + DAY)  # 4
    assert amended_since(1, NOON) == {"R5"}
    assert amended_since(1, NOON + DAY) == {"R5", "R6", "R7"}
    assert amended_since(2, NOON) == amended_since(3, NOON) == frozenset()
    assert amended_since(3, NOON + DAY) == {"R6", "R7"}
    assert amended_since(4, NOON + 100 * DAY) == frozenset()


def test_the_difference_of_a_version_is_from_the_one_before() -> None:
    second = make_version("R5")
    third = make_version("R6")
    for version, ident in ((second, "R5"), (third, "R6")):
        found = difference(version)
        assert found is not None
        assert found.ids == [ident]
    assert len(third.read) == len(clauses())
