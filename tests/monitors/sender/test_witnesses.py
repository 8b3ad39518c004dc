"""What the readings of several resolver paths amount to together."""

import itertools

import pytest

from monitors.probes.reading import Ground, Reading, Severity, Verdict
from monitors.sender.report import Seen
from monitors.sender.witnesses import together

CLEAR = Reading(Verdict.CLEAR, "clean", Severity.NONE, "Not listed.", evidence=({"n": 1},))
BLIND = Reading(Verdict.UNKNOWN, "refused", Severity.NONE, "It refused.", evidence=({"n": 2},))


def listed(*codes: str) -> Reading:
    grounds = tuple(Ground(code, Severity.HALT, f"bad ({code})") for code in codes)
    said = f"Listed: {'; '.join(ground.phrase for ground in grounds)}."
    return Reading(
        Verdict.ADVERSE,
        "listed",
        Severity.HALT,
        said,
        codes,
        codes,
        evidence=({"n": 3},),
        grounds=grounds,
        lead="Listed",
    )


def of(*readings: Reading) -> Reading:
    return together([Seen(name, reading) for name, reading in zip("ABC", readings, strict=False)])


@pytest.mark.parametrize(
    ("readings", "verdict", "result"),
    [
        ((CLEAR, CLEAR), Verdict.CLEAR, "clean"),
        ((listed("2"), listed("2")), Verdict.ADVERSE, "listed"),
        ((listed("2"), CLEAR), Verdict.UNKNOWN, "suspected"),
        ((listed("2"), BLIND), Verdict.UNKNOWN, "suspected"),
        ((CLEAR, BLIND), Verdict.UNKNOWN, "refused"),
        ((BLIND, BLIND), Verdict.UNKNOWN, "refused"),
        ((listed("2"), listed("4")), Verdict.UNKNOWN, "suspected"),  # two suspicions, and nothing that both saw
        ((listed("2"), listed("2"), BLIND), Verdict.UNKNOWN, "suspected"),
    ],
)
def test_what_two_witnesses_come_to(readings: tuple[Reading, ...], verdict: Verdict, result: str) -> None:
    for order in itertools.permutations(readings):
        found = of(*order)
        assert (found.verdict, found.result) == (verdict, result)
        assert bool(found.grounds) is (verdict is Verdict.ADVERSE)
        assert len(found.evidence) == len(readings)
        assert len(found.codes) == len(found.meanings)


def test_one_witness_is_taken_at_its_word() -> None:
    assert of(listed("2")) == listed("2")


def test_only_what_all_saw_is_held_against_it() -> None:
    found = of(listed("2", "4"), listed("4"))
    assert (found.verdict, found.sentence) == (Verdict.ADVERSE, "Listed: bad (4).")
    assert [ground.fault for ground in found.grounds] == ["4"]


def test_who_saw_what_is_told() -> None:
    assert of(CLEAR, listed("2")).sentence == (
        "Through B: Listed: bad (2). Through A: Not listed. "
        "The resolvers differ, so this is a suspicion and no finding."
    )
    assert of(CLEAR, BLIND).sentence == "Through B: It refused. Through A: Not listed."
