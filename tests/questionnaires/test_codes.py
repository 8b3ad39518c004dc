import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import codes

made = st.integers(0, 2**codes.BITS - 1).map(lambda bits: codes.make(lambda _: bits))


@given(made)
def test_a_code_has_sixteen_characters_of_the_alphabet(code: str) -> None:
    assert len(code) == 16
    assert set(code) <= set(codes.ALPHABET)


@given(made)
def test_what_is_shown_is_read_as_the_same_code(code: str) -> None:
    assert codes.normalise(codes.show(code)) == code
    assert codes.normalise(code) == code


@given(made, st.randoms(use_true_random=False))
def test_small_letters_blanks_hyphens_and_lookalikes_are_understood(code: str, chance) -> None:  # type: ignore[no-untyped-def]
    written = ""
    for character in code:
        written += chance.choice(["", "", " ", "-", "–", "\u2011", "\u00a0", "\u200b", "\t", "\n"])
        written += chance.choice([character, character.lower(), *{"0": "oO", "1": "iIlL"}.get(character, "")])
    assert codes.normalise(written) == code


@given(st.integers(0, 2**codes.BITS - 1), st.integers(0, 2**codes.BITS - 1))
def test_other_bits_make_another_code(one: int, other: int) -> None:
    assert (codes.make(lambda _: one) == codes.make(lambda _: other)) == (one == other)


@given(st.text())
def test_anything_typed_is_a_code_or_none(typed: str) -> None:
    code = codes.normalise(typed)
    assert code is None or codes.normalise(codes.show(code)) == code


def test_the_code_of_given_bits_never_changes() -> None:
    assert codes.make(lambda bits: 0) == "0" * 16
    assert codes.make(lambda bits: 2**bits - 1) == "Z" * 16
    assert codes.make(lambda bits: 0x9DEEF1D27DEF0568E2A2) == "KQQF3MKXXW2PHRN2"
    assert codes.show("K7QF3M9TXW2P8RHA") == "K7QF-3M9T-XW2P-8RHA"


def test_codes_are_random() -> None:
    assert len({codes.make() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "K7QF-3M9T-XW2P-8RH",
        "K7QF-3M9T-XW2P-8RHAB",
        "K7QF-3M9T-XW2P-8RHU",
        "K7QF_3M9T_XW2P_8RHA",
        "ſ7QF3M9TXW2P8RHA",
        "٣" * 16,
    ],
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert codes.normalise(typed) is None
