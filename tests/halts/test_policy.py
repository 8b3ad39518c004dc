from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halts.policy import AUDIENCES, Ladder, Person, tell

rungs = st.tuples(st.sampled_from(AUDIENCES), st.integers(1, 10_000), st.sampled_from("smh"))
ladders = st.lists(rungs, min_size=1, max_size=6).map(
    lambda parts: Ladder.parse(",".join(f"{who}:{wait}{unit}" for who, wait, unit in parts))
)
people = st.lists(
    st.builds(Person, key=st.text(min_size=1, max_size=5), audience=st.sampled_from(AUDIENCES)),
    max_size=6,
    unique_by=lambda person: person.key,
)
steps = st.integers(0, 50)


def test_a_ladder_is_read_as_it_is_written() -> None:
    ladder = Ladder.parse("contact:30s, backup:15m,staff:1h")
    assert [(rung.audience, rung.wait) for rung in ladder.rungs] == [
        ("contact", timedelta(seconds=30)),
        ("backup", timedelta(minutes=15)),
        ("staff", timedelta(hours=1)),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "it names nobody"),
        ("  ,  ", "it names nobody"),
        ("boss:15m", "'boss' is nobody we can tell"),
        ("contact", "'' is no waiting time"),
        ("contact:", "'' is no waiting time"),
        ("contact:0m", "'0m' is no waiting time"),
        ("contact:-5m", "'-5m' is no waiting time"),
        ("contact:15", "'15' is no waiting time"),
        ("contact:1.5h", "'1.5h' is no waiting time"),
        ("contact:15m,staff:soon", "'soon' is no waiting time"),
        ("contact:²m", "'²m' is no waiting time"),
        ("contact:99999999999h", "'99999999999h' is no waiting time"),
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"nobody|waiting") as refused:
        Ladder.parse(text)
    assert sentence in str(refused.value)


@given(ladders, steps)
def test_the_last_rung_repeats_for_ever(ladder: Ladder, step: int) -> None:
    assert ladder.rung(step) == ladder.rungs[min(step, len(ladder.rungs) - 1)]
    assert ladder.rung(step).wait > timedelta(0)


@given(ladders, steps, people)
def test_nobody_who_was_told_before_is_left_out_later(ladder: Ladder, step: int, known: list[Person]) -> None:
    climbing = [person for person in tell(ladder, step, known) if person.audience != "staff"]
    assert set(climbing) <= set(tell(ladder, step + 1, known))


@given(ladders, steps, people)
def test_an_order_is_told_to_somebody_whenever_anybody_can_be_told_by_staff(
    ladder: Ladder, step: int, known: list[Person]
) -> None:
    told = tell(ladder, step, known)
    audience = ladder.rung(step).audience
    if any(person.audience in {audience, "staff"} for person in known):
        assert told
    assert set(told) <= set(known)
    assert len(told) == len(set(told))


@given(ladders, steps, people)
def test_people_are_told_in_the_order_in_which_they_are_given(ladder: Ladder, step: int, known: list[Person]) -> None:
    told = list(tell(ladder, step, known))
    assert told == [person for person in known if person in told]


def test_the_ladder_widens_step_by_step() -> None:
    ladder = Ladder.parse("contact:15m,backup:15m,staff:15m")
    known = [Person("alma", "contact"), Person("ben", "backup"), Person("dana", "staff")]
    told = [[person.key for person in tell(ladder, step, known)] for step in range(4)]
    assert told == [["alma"], ["alma", "ben"], ["alma", "ben", "dana"], ["alma", "ben", "dana"]]


def test_when_a_step_has_nobody_staff_are_told_instead() -> None:
    ladder = Ladder.parse("contact:15m,backup:15m,staff:15m")
    staff = Person("dana", "staff")
    assert list(tell(ladder, 0, [staff])) == [staff]
    assert list(tell(ladder, 1, [Person("alma", "contact"), staff])) == [Person("alma", "contact"), staff]
    assert list(tell(ladder, 0, [])) == []
