"""The queue of submissions: what waits for us first, with its age; filters; and what waits in the rail."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from questionnaires.models import Submission
from tests import acceptances, world
from tests.desk.conftest import Desk
from tests.desk.pages import heading, text
from tests.world import NOON

PAGE = "/desk/submissions/"


@pytest.fixture(autouse=True)
def at_three() -> object:
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        yield


@pytest.fixture
def several(desk: Desk) -> dict[str, Submission]:
    """One in each state, of a vendor each."""
    return {
        state: acceptances.make_submission(
            world.make_vendor(f"Vendor {state}"), state=state, at=NOON - timedelta(hours=place)
        )
        for place, state in enumerate(Submission.State.values)
    }


def numbers(client: Client, **query: str) -> list[str]:
    return [one.number for one in client.get(PAGE, query).context["page"]]


def test_what_waits_for_us_stands_first_the_oldest_on_top(dana: Client, several: dict[str, Submission]) -> None:
    wanted = ["in_review", "submitted", "returned", "draft"]
    assert numbers(dana) == [several[state].number for state in wanted]
    answer = dana.get(PAGE)
    assert heading(answer) == "2 submissions wait for us"
    number = several["in_review"].number
    assert f"{number} In review Vendor in_review Exhibit A, first application Ours 5 h none" in text(answer)


def test_it_says_when_nothing_waits(dana: Client) -> None:
    answer = dana.get(PAGE)
    assert heading(answer) == "No submission waits for us"
    assert "A vendor begins Exhibit A in the portal" in text(answer)


@pytest.mark.parametrize(
    ("show", "count"),
    [("desk", 2), ("vendor", 2), ("open", 4), ("all", 7), ("accepted", 1), ("declined", 1), ("nonsense", 4)],
)
@pytest.mark.usefixtures("several")
def test_it_is_filtered_by_state(dana: Client, show: str, count: int) -> None:
    assert len(numbers(dana, show=show)) == count


def test_it_is_filtered_by_form(dana: Client, desk: Desk) -> None:
    first = acceptances.make_submission(desk.vendor, state="submitted")
    second = acceptances.make_submission(desk.vendor, exhibit="B", state="submitted", at=NOON + timedelta(hours=1))
    assert numbers(dana) == [first.number, second.number]
    assert numbers(dana, exhibit="B") == [second.number]


@pytest.mark.parametrize("q", ["{number}", "vendor sub", "{pk}"])
def test_one_is_found_by_number_or_vendor(dana: Client, several: dict[str, Submission], q: str) -> None:
    one = several["submitted"]
    assert one.number in numbers(dana, q=q.format(number=one.number, pk=one.pk), show="all")


@pytest.mark.parametrize("sort", ["number", "-number", "vendor", "state", "turn", "-since"])
@pytest.mark.usefixtures("several")
def test_it_sorts_by_each_column(dana: Client, sort: str) -> None:
    assert len(numbers(dana, sort=sort)) == 4


def test_what_was_sent_back_is_counted(dana: Client, desk: Desk) -> None:
    one = acceptances.make_submission(desk.vendor, state="returned", round=2)
    for code in ("A1.01", "A1.02"):
        one.returns.create(code=code, round=1, comment="Look.", state="open", at=NOON, by="Rita")
    one.returns.create(code="A1.03", round=1, comment="Look.", state="dropped", at=NOON, by="Rita")
    assert "The vendor's 3 h 2" in text(dana.get(PAGE))


@pytest.mark.usefixtures("several")
def test_the_rail_counts_what_waits_for_us(dana: Client) -> None:
    rail = dana.get("/desk/engine/").content.decode()
    assert 'id="rail-submissions"' in rail
    assert '<span class="n">2<span class="visually-hidden"> waiting</span>' in rail


@pytest.mark.usefixtures("several")
def test_the_overview_says_who_waits_and_since_when(dana: Client) -> None:
    answer = dana.get("/desk/")
    assert heading(answer) == "Two submissions wait for your review."
    assert "Submissions to review 2 In review Vendor in_review: Exhibit A" in text(answer)
    assert "Nobody has taken it up. 4 h since signed" in text(answer)


def test_the_overview_names_letters_that_nobody_received(dana: Client, desk: Desk) -> None:
    acceptances.make_acceptance(desk.vendor, state="issued", at=NOON - timedelta(days=4))
    acceptances.make_acceptance(desk.people.vendor_b, state="issued", at=NOON - timedelta(days=2))
    answer = dana.get("/desk/")
    assert heading(answer) == "One letter of acceptance has not been received."
    assert "Letters of acceptance not received 1 Waiting Alder Mailings" in text(answer)
    assert "Mailed to alice@people.example.com. The gate is shut until they say that they have it" in text(answer)
    assert "Birch Direct" not in text(answer)


def test_many_submissions_cost_no_more_queries(dana: Client, desk: Desk, django_assert_max_num_queries: object) -> None:
    for number in range(60):
        acceptances.make_submission(world.make_vendor(f"Many {number}"), state="submitted")
    with django_assert_max_num_queries(11):  # type: ignore[operator]
        assert dana.get(PAGE).status_code == 200
