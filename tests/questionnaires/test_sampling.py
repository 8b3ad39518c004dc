"""Rows drawn by lot can be drawn again, and their proof can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.sampling import draw, read_proof

HEADING = "row,address,source,moment,origin,wording\n"
LINE = "{},a***@example.net,GARDEN,2026-10-02 10:00:00,192.0.2.7,v2\n"


@given(st.text(max_size=40), st.integers(1, 100_000), st.integers(1, 60))
def test_a_draw_holds_different_rows_of_the_list_and_comes_out_the_same_again(seed: str, total: int, size: int) -> None:
    drawn = draw(seed, total, size)
    assert len(drawn) == len(set(drawn)) == min(size, total)
    assert all(1 <= row <= total for row in drawn)
    assert drawn == draw(seed, total, size)


@given(st.text(max_size=40), st.integers(1, 100_000))
def test_a_wider_sample_begins_with_the_narrower_one(seed: str, total: int) -> None:
    assert draw(seed, total, 60)[:30] == draw(seed, total, 30)


def test_another_seed_draws_other_rows() -> None:
    assert draw("a", 10**6, 30) != draw("b", 10**6, 30)


def test_every_row_has_its_chance() -> None:
    counts = [0] * 11
    for seed in range(2_000):
        for row in draw(str(seed), 10, 3):
            counts[row] += 1
    assert all(500 < count < 700 for count in counts[1:])  # 600 expected


def test_whole_lines_prove_their_rows_and_the_others_are_missing() -> None:
    proof = read_proof((HEADING + LINE.format(3) + LINE.format(7)).encode(), [3, 7, 9])
    assert (proof.missing, proof.faults) == ((9,), ())


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (LINE.format(4), "Line 2: row “4” was not drawn. Leave it out."),
        (LINE.format("x"), "Line 2: row “x” was not drawn. Leave it out."),
        (LINE.format(3) * 2, "Line 3: row 3 is there already. Keep one line of it."),
        ("3,a***@example.net,GARDEN,,192.0.2.7\n", "Line 2: row 3 lacks moment, wording."),
        (
            LINE.format(3).replace("a***", "ann"),
            "Line 2: row 3 shows a whole address. Write it as a***@example.org, or as a salted hash.",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(line: str, fault: str) -> None:
    assert read_proof((HEADING + line).encode(), [3]).faults == (fault,)


def test_semicolons_hashes_and_a_byte_order_mark_are_read() -> None:
    written = ("\ufeff" + (HEADING + LINE.format(3)).replace(",", ";")).replace("a***@example.net", "0f" * 32)
    assert read_proof(written.encode(), [3]).missing == ()


@given(st.binary(max_size=500), st.booleans())
def test_no_file_raises(junk: bytes, has_start: bool) -> None:
    proof = read_proof((HEADING + LINE.format(3)).encode() * has_start + junk, [3, 4])
    assert set(proof.missing) <= {3, 4}


def test_a_file_without_end_is_left_early() -> None:
    assert len(read_proof((HEADING + LINE.format(5) * 200_000).encode(), [3]).faults) == 20
    assert read_proof(b'"' + b"a" * 1_000_000, [3]).missing == (3,)
