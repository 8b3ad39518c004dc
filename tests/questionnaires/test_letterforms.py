import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import letterforms


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Alder & Söhne, “Łódź” №5 €", "Alder & Söhne, “Łódź” №5 €"),
        ("Zoe\u0308", "Zoë"),
        ("Иван Ωμέγα", "Иван Ωμέγα"),
        ("mail 😀😁!", "mail ‹U+1F600 U+1F601›!"),
        ("\u202egpj.exe", "‹U+202E›gpj.exe"),
        ("pay\u200bpal", "pay‹U+200B›pal"),
        ("中文", "‹U+4E2D U+6587›"),
        ("😀\u0301", "‹U+1F600 U+0301›"),
        ("\u0301a", "‹U+0301›a"),
        ("a\tb\u3000c\u00a0d", "a b c\u00a0d"),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("bell\x07", "bell‹U+0007›"),
        ("", ""),
    ],
)
def test_what_no_font_has_is_spelled_out(written: str, shown: str) -> None:
    assert letterforms.write(written) == shown


def test_every_text_of_the_facts_is_made_ready_and_nothing_else() -> None:
    facts = {"a": ["x\t", {"b": "😀"}], "n": 3, "none": None, "flag": True}
    assert letterforms.on_paper(facts) == {"a": ["x ", {"b": "‹U+1F600›"}], "n": 3, "none": None, "flag": True}


@given(st.text())
def test_what_is_ready_stays_as_it_is(text: str) -> None:
    ready = letterforms.write(text)
    assert letterforms.write(ready) == ready
