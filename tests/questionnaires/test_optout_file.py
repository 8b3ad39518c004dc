"""A sample file of opt-outs: four columns in order, and a sentence for each line that is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.intake import optouts
from questionnaires.intake.optouts import read

GOOD = "reader@example.com,2026-11-21 14:14:20,192.0.2.7,SPRING-7\r\n"


def sentences(text: str) -> tuple[str, ...]:
    found = read("csv", text.encode())
    assert found.is_ok is False
    return found.sentences


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD * 3,
        "address,date,ip,ad code\r\n" + GOOD,
        "\ufeff" + GOOD,
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        '"reader@example.com","2026-11-21 14:14:20","2001:db8::7","Spring, 7"\n',
        "\n\n" + GOOD + "\n",
        GOOD.rstrip(),
    ],
)
def test_a_good_file_is_good(text: str) -> None:
    assert read("csv", text.encode()).is_ok is True
    assert read("txt", text.encode()).facts["optouts.sample_ok"] is True


def test_it_says_what_it_read() -> None:
    assert read("csv", GOOD.encode()).sentences == ("The one line has the four columns in their order and form.",)
    assert read("csv", (GOOD * 1200).encode()).sentences[0].startswith("All 1,200 lines that we read have")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("reader,2026-11-21 14:14:20,192.0.2.7,A", "“reader” in the first column is no mail address."),
        ("2026-11-21 14:14:20,r@example.com,192.0.2.7,A", "in the first column is no mail address."),
        ("r@example.com,21.11.2026 14:14:20,192.0.2.7,A", "“21.11.2026 14:14:20” in the second column is no date"),
        ("r@example.com,2026-11-21T14:14:20,192.0.2.7,A", "in the second column is no date like 2026-11-21 14:14:20."),
        ("r@example.com,2026-11-21 14:14,192.0.2.7,A", "in the second column is no date"),
        ("r@example.com,2026-13-21 14:14:20,192.0.2.7,A", "in the second column is no date"),
        ("r@example.com,2026-11-21 24:14:20,192.0.2.7,A", "in the second column is no date"),
        ("r@example.com,2026-11-21 14:14:20,192.0.2.777,A", "“192.0.2.777” in the third column is no IP address."),
        ("r@example.com,2026-11-21 14:14:20,mail.example.com,A", "in the third column is no IP address."),
        ("r@example.com,2026-11-21 14:14:20,192.0.2.7,", "the fourth column has no ad code."),
        (f"r@example.com,2026-11-21 14:14:20,192.0.2.7,{'A' * 101}", "is too long."),
        ("r@example.com,2026-11-21 14:14:20,192.0.2.7", "it has 3 columns. Four are wanted:"),
        ("r@example.com", "it has 1 column. Four are wanted: address, date, IP address, ad code."),
        ("r@example.com,2026-11-21 14:14:20,192.0.2.7,A,extra", "it has 5 columns."),
    ],
)
def test_a_bad_line_is_told_by_its_number(line: str, says: str) -> None:
    (said,) = sentences(f"{GOOD}{line}\n{GOOD}")
    assert said.startswith("Line 2: ")
    assert says in said


def test_ten_faults_are_enough() -> None:
    assert len(sentences("x\n" * 500)) == 10


@pytest.mark.parametrize("text", ["", "\n \n", "address,date,ip,code\n"])
def test_a_file_without_an_opt_out_is_not_good(text: str) -> None:
    assert "no line of an opt-out" in sentences(text)[0]


def test_a_heading_in_the_middle_is_no_opt_out() -> None:
    assert sentences(GOOD + "address,date,ip,code\n")[0].startswith("Line 2: ")


@pytest.mark.parametrize("kind", ["xlsx", "pdf", "png", "docx"])
def test_of_a_file_that_we_do_not_read_nothing_is_known(kind: str) -> None:
    found = read(kind, b"anything")
    assert (found.is_ok, "optouts.sample_ok" in found.facts) == (None, False)
    assert "A person will look" in found.sentences[0]


def test_no_more_is_read_than_the_limit_and_a_cut_line_is_no_fault() -> None:
    whole = GOOD * (optouts.MOST_BYTES // len(GOOD) + 10)
    assert read("csv", whole.encode()).is_ok is True
    long = GOOD.replace("SPRING-7", "S" * 90)
    assert read("csv", (long * (optouts.MOST_BYTES // len(long) + 10)).encode()).is_ok is True


@given(st.binary(max_size=300) | st.text(alphabet='a@.,;"\n\r\t -:0129', max_size=200).map(str.encode))
def test_no_file_breaks_it(content: bytes) -> None:
    found = read("csv", content)
    assert found.is_ok in (True, False)
    assert found.sentences
    assert len(found.sentences) <= 10
