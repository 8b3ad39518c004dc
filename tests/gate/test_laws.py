"""What holds for every standing: what is taken away never opens the gate, and asking about more never does."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gate.clearance import State, Subject, decide
from gate.standing import (
    Amendment,
    Blind,
    Condition,
    Fault,
    Order,
    Person,
    Server,
    Source,
    Standing,
)
from tests.gate.standings import (
    ACCEPTED,
    CLEARED,
    DAY,
    FAULT,
    HOUR,
    MTA1,
    MTA1_ONLY,
    MTA2,
    NOON,
    TODAY,
    TWO_HALTED,
    approval,
)

MOMENTS = st.integers(-400, 400).map(lambda hours: NOON + hours * HOUR)
ADDRESSES = st.sampled_from([MTA1, MTA2, "198.51.100.3", "192.0.2.99"])
WORST: dict[str, Any] = {  # changes that take something away or put something in the way
    "order for all": lambda s: replace(s, orders=(*s.orders, Order("H-2026-0999", NOON))),
    "order for a server": lambda s: replace(s, orders=(*s.orders, Order("H-2026-0998", NOON, MTA1))),
    "finding": lambda s: replace(s, faults=(*s.faults, FAULT)),
    "no contact": lambda s: replace(s, people=()),
    "nobody proven": lambda s: replace(s, people=tuple(replace(one, proven_at=None) for one in s.people)),
    "retired": lambda s: replace(s, is_active=False),
    "no acceptance": lambda s: replace(s, accepted=None),
    "suspended": lambda s: replace(s, accepted=s.accepted and replace(s.accepted, state="suspended")),
    "narrower": lambda s: replace(s, accepted=s.accepted and replace(s.accepted, networks=MTA1_ONLY)),
    "amended": lambda s: replace(s, amendments=(*s.amendments, Amendment(99, NOON - 999 * DAY))),
    "server retired": lambda s: replace(s, servers=tuple(replace(one, is_active=False) for one in s.servers)),
    "more addresses": lambda s: replace(s, sources={**s.sources, "web-2": Source("Web-2", ((10**6, NOON),))}),
    "no approval": lambda s: replace(s, approvals=()),
    "blind": lambda s: replace(s, blind=(*s.blind, Blind("Quarry", frozenset({MTA1}), NOON))),
}


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    """All sorts of vendors, most of them with something in the way."""
    days = st.dates(date(2026, 11, 1), date(2026, 12, 9))
    conditions = st.lists(st.builds(Condition, st.just("Do."), days, st.booleans()), max_size=2)
    accepted = replace(
        ACCEPTED,
        state=draw(st.sampled_from(["received", "received", "issued", "suspended", "expired", "withdrawn"])),
        valid_until=draw(MOMENTS) + 10 * DAY,
        networks=tuple(draw(st.lists(st.sampled_from(ACCEPTED.networks), unique=True))),
        conditions=tuple(draw(conditions)),
    )
    addition = st.tuples(st.integers(1, 400), MOMENTS)
    person = st.builds(Person, st.just("Theo"), MOMENTS, proven_at=st.none() | MOMENTS)
    order = st.builds(Order, st.just("H-1"), MOMENTS, st.just("") | ADDRESSES)
    fault = st.builds(
        Fault, st.just("F-1"), ADDRESSES, MOMENTS, st.just("Listed."), is_halting=st.booleans(), is_judged=st.booleans()
    )
    return replace(
        CLEARED,
        accepted=draw(st.sampled_from([accepted, accepted, accepted, None])),
        agreed=draw(st.integers(1, 3)),
        amendments=tuple(draw(st.lists(st.builds(Amendment, st.integers(1, 3), MOMENTS), max_size=2))),
        people=tuple(draw(st.lists(person, max_size=2))),
        servers=tuple(draw(st.lists(st.builds(Server, ADDRESSES, is_active=st.booleans()), max_size=3))),
        orders=tuple(draw(st.lists(order, max_size=1))),
        faults=tuple(draw(st.lists(fault, max_size=1))),
        approvals=draw(st.sampled_from([(), approval(TODAY, TODAY + 99 * DAY).approvals])),
        sources={"web-2": Source("Web-2", tuple(draw(st.lists(addition, max_size=3))))},
    )


SUBJECTS = st.builds(
    Subject,
    server=st.just("") | ADDRESSES,
    header=st.sampled_from(["", "alder.example", "news@alder.example", "harrowlyle.example", "birch.example"]),
    source=st.sampled_from(["", "web-1", "web-2", "web-9"]),
)


@given(standings(), SUBJECTS, MOMENTS, st.sampled_from(sorted(WORST)))
def test_taking_something_away_or_putting_something_in_the_way_never_opens(
    standing: Standing, subject: Subject, at: datetime, worse: str
) -> None:
    if decide(WORST[worse](standing), subject, at).is_open:
        assert decide(standing, subject, at).is_open


@given(standings(), SUBJECTS, MOMENTS)
def test_open_means_that_nothing_shuts(standing: Standing, subject: Subject, at: datetime) -> None:
    answer = decide(standing, subject, at)
    assert answer.is_open is not any(one.state is State.SHUT for one in answer.reasons)
    assert all(one.state is State.MET and not one.cure for one in answer.met)
    assert all(one.state is not State.MET and one.cure and one.word and one.clause for one in answer.reasons)
    assert [one.state for one in answer.reasons] == sorted((one.state for one in answer.reasons), key=list(State).index)


@given(standings(), SUBJECTS, MOMENTS)
def test_asking_about_more_never_opens(standing: Standing, subject: Subject, at: datetime) -> None:
    if decide(standing, subject, at).is_open:
        for fewer in (Subject(), replace(subject, server=""), replace(subject, header=""), replace(subject, source="")):
            assert decide(standing, fewer, at).is_open


@given(standings(), SUBJECTS, MOMENTS, st.randoms())
def test_the_order_of_the_rows_does_not_change_the_answer(
    standing: Standing, subject: Subject, at: datetime, chance: Any
) -> None:
    orders = [*standing.orders, *TWO_HALTED]
    faults = [*standing.faults, FAULT, replace(FAULT, number="F-2032", is_halting=False)]
    first = decide(replace(standing, orders=tuple(orders), faults=tuple(faults)), subject, at)
    chance.shuffle(orders)
    chance.shuffle(faults)
    assert decide(replace(standing, orders=tuple(orders), faults=tuple(faults)), subject, at) == first
