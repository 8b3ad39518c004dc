"""The pure parts: counts in words, clocks, standings, raw answers, sentences about who was told."""

from datetime import timedelta

import pytest

from desk import words
from desk.evidence import parts
from desk.standing import Facts, standing
from desk.telling import tell
from halts.models import HaltOrder
from monitors.models import Observation
from notices.models import Delivery
from tests.world import NOON
from vendors.models import Contact


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "no orders"), (1, "one order"), (2, "two orders"), (10, "10 orders"), (1204, "1,204 orders")],
)
def test_counts_are_words_while_they_are_small(count: int, said: str) -> None:
    assert words.counted(count, "order") == said


def test_a_clock_names_the_day_when_it_is_another() -> None:
    assert words.clock(NOON, NOON) == "12:00"
    assert words.clock(NOON - timedelta(days=1), NOON) == "12:00 on 20 Nov"
    assert words.clock(NOON - timedelta(days=400), NOON) == "12:00 on 17 Oct 2025"


def test_lists_end_in_and() -> None:
    assert [words.listed(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(True, servers=1, enrolled=1, unanswered=1, adverse=True), "shut"),
        (Facts(True, servers=1, enrolled=1, answered=1), "shut"),
        (Facts(True, servers=1, enrolled=1, findings=1, unknown=True), "shut"),
        (Facts(True, servers=1, enrolled=1, adverse=True), "shut"),
        (Facts(True, servers=1, enrolled=1, unknown=True), "unkn"),
        (Facts(True, servers=2, enrolled=1), "unkn"),
        (Facts(True), "wait"),
        (Facts(True, servers=1, enrolled=1), "open"),
        (Facts(False, servers=1, enrolled=1, unknown=True), ""),
        (Facts(False, servers=1, unanswered=1), "shut"),
    ],
)
def test_a_standing_is_the_worst_that_is_so(facts: Facts, state: str) -> None:
    assert standing(facts).state == state


def order(**changes: object) -> HaltOrder:
    facts = {"pk": 1, "issued_at": NOON, "next_action_at": NOON + timedelta(minutes=15), "step": 1}
    return HaltOrder(**facts | changes)


def test_letters_that_left_are_told_by_person_and_time() -> None:
    sent = [Delivery(to_name="Theo", sent_at=NOON, state="sent"), Delivery(to_name="Lena", state="due", attempts=3)]
    told = tell(order(), sent, [Contact(name="Theo", phone="")], None, NOON)
    assert told.said == "Mailed to Theo at 12:00. The mail to Lena has not left after three tries."
    assert told.brief == "Mailed to Theo."
    assert told.call is None


def test_nobody_told_yet_is_said() -> None:
    assert tell(order(step=0), [], [], None, NOON).said == "Nobody has been mailed yet."


def test_the_next_step_names_who_it_is_for() -> None:
    contacts = [Contact(name="Theo"), Contact(name="Lena"), Contact(name="Ana")]
    assert tell(order(step=0), [], contacts, None, NOON).coming == "Next: Theo at 12:15."
    assert tell(order(step=1), [], contacts, None, NOON).coming == "Next: Lena and Ana at 12:15."
    assert tell(order(step=2), [], contacts, None, NOON).coming == "Next: our own staff at 12:15."
    assert tell(order(step=1), [], contacts[:1], None, NOON).coming == "Next: our own staff at 12:15."


def test_raw_answers_mark_only_what_decided() -> None:
    answer = {"name": "2.0.0.127.bl.example", "rdtype": "A", "outcome": "answer", "records": ["127.0.0.2"], "ttl": 60}
    observation = Observation(verdict="clear", codes=["127.0.0.2"], evidence=[answer | {"rcode": "NOERROR"}])
    assert not any(part.hit for part in parts(observation))
    observation.verdict = "adverse"
    assert [part.text for part in parts(observation) if part.hit] == ["127.0.0.2"]


def test_a_timeout_is_printed_as_one() -> None:
    answer: dict[str, object] = {  # nothing came back
        "name": "a.bl.example",
        "rdtype": "A",
        "outcome": "timeout",
        "records": [],
        "rcode": None,
        "tries": 3,
    }
    printed = "".join(part.text for part in parts(Observation(verdict="unknown", evidence=[answer])))
    assert "; asked a.bl.example. A" in printed
    assert "3 tries" in printed
    assert "; no answer, timeout, no record" in printed
