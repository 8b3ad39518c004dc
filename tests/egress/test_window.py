"""The window opens on good news, closes on heavy loss only, and waits as long as the server is far."""

from hypothesis import given
from hypothesis import strategies as st

from egress.window import FIRST, LEAST, SHORTEST_WAIT, Window


def fed(answered: int, lost: int, *, rounds: int = 1, round_trip: float = 0.03, widest: int = 500) -> Window:
    """A window after so many rounds of so many answers and losses."""
    window = Window(widest=widest, longest=2.0, rate=None)
    for _ in range(rounds):
        for _ in range(lost):
            window.lose()
        for _ in range(answered):
            window.learn(1, round_trip)
    return window


def test_the_first_window_is_careful_and_never_wider_than_allowed() -> None:
    assert Window(widest=500, longest=2.0, rate=None).size == FIRST
    assert Window(widest=7, longest=2.0, rate=None).size == 7
    assert fed(5_000, 0, widest=500).size == 500


def test_one_loss_in_a_hundred_does_not_hold_the_window_down() -> None:
    assert fed(99, 1, rounds=40).size == 500


def test_one_loss_in_five_closes_it_but_never_altogether() -> None:
    assert fed(4, 1, rounds=100).size < FIRST
    assert fed(1, 9, rounds=1_000).size == LEAST


def test_it_opens_again_after_a_bad_time() -> None:
    window = fed(1, 9, rounds=1_000)

    for _ in range(2_000):
        window.learn(1, 0.03)

    assert window.size > LEAST


def test_a_near_server_is_given_a_tenth_of_a_second_and_a_far_one_three_round_trips() -> None:
    assert Window(widest=100, longest=2.0, rate=None).wait == 2.0
    assert fed(1_000, 0, round_trip=0.001).wait == SHORTEST_WAIT
    assert 0.3 <= fed(1_000, 0, round_trip=0.1).wait < 0.31
    assert fed(1_000, 0, round_trip=10.0).wait == 2.0


def test_sends_to_a_far_server_are_spread_over_the_round_trip() -> None:
    near, far = fed(1_000, 0, round_trip=0.001), fed(1_000, 0, round_trip=0.03)

    assert near.gap == 0
    assert 0.03 / 500 / 1.5 < far.gap < 0.03 / 500


@given(st.floats(0.0, 100.0), st.floats(0.1, 1e6))
def test_no_news_makes_it_faster_than_its_rate(round_trip: float, rate: float) -> None:
    window = Window(widest=100, longest=2.0, rate=rate)

    window.learn(1, round_trip)

    assert window.gap >= 1 / rate
