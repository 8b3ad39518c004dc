"""The lists of a scan are checked line by line, and its table is safe to open and never half a file."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.scan import Row
from monitors.scan_files import LONGEST_CELL, Table, cell, check, check_address, check_zone, entries

LISTED = Row("192.0.2.2", "bl.example", "listed", ("127.0.0.2", "127.0.0.4"), 'says "no", see\\x0a')


def test_comments_blank_lines_and_a_byte_order_mark_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "targets.txt"
    path.write_bytes(b"\xef\xbb\xbf192.0.2.1  # mail\r\n\r\n# old\n 2001:db8::1\n192.0.2.1")

    assert [*entries(path)] == [(1, "192.0.2.1"), (4, "2001:db8::1"), (5, "192.0.2.1")]


def test_every_bad_line_is_named_and_the_entries_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "targets.txt"
    path.write_bytes(b"192.0.2.1\nmail.example\n\n192.0.2.0/24\n\xff\xfe\n")
    said: list[str] = []

    assert check(path, check_address, said.append) == 4
    assert said == [
        f"{path}, line 2: 'mail.example' is not an IPv4 or IPv6 address; write one address a line.",
        f"{path}, line 4: '192.0.2.0/24' is a network; write its addresses, one a line.",
        f"{path}, line 5: '\ufffd\ufffd' is not an IPv4 or IPv6 address; write one address a line.",
    ]


def test_a_file_without_an_entry_or_without_a_file_is_complained_about(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("# nothing\n\n")
    said: list[str] = []

    check(empty, check_zone, said.append)
    check(tmp_path, check_zone, said.append)

    assert said == [
        f"{empty}: nothing in it; write one entry a line.",
        f"{tmp_path}: not a plain file. It is read twice; write the list into a file first.",
    ]
    with pytest.raises(FileNotFoundError):
        check(tmp_path / "missing.txt", check_zone, said.append)


@pytest.mark.parametrize("zone", ["zen.example.org", "BL.Example.", "_dnsbl.example", "localhost"])
def test_a_zone_is_any_name_that_can_be_asked(zone: str) -> None:
    check_zone(zone)


@pytest.mark.parametrize(
    ("zone", "sentence"),
    [
        ("https://bl.example", "is not the name of a zone"),
        ("bl..example", "is not the name of a zone"),
        ("bl.example 127.0.0.2", "is not the name of a zone"),
        ("bl.exämple", "is not the name of a zone"),
        ("x" * 64 + ".example", "at most 63"),
        (".".join(["x" * 60] * 4), "with at most 189 it"),
    ],
)
def test_a_zone_that_cannot_be_asked_is_refused_with_a_sentence(zone: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        check_zone(zone)


@given(st.text(max_size=400))
def test_no_text_of_a_stranger_is_a_formula_a_second_line_or_too_long(text: str) -> None:
    shown = cell(text)

    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert shown.isprintable()
    assert len(shown) <= LONGEST_CELL


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        (" \t@SUM(A1)", "'@SUM(A1)"),
        ("listed, see https://bl.example/?ip=192.0.2.2", "listed, see https://bl.example/?ip=192.0.2.2"),
        ("x" * 300, "x" * 254 + "…"),
    ],
)
def test_a_cell_keeps_what_is_harmless(text: str, shown: str) -> None:
    assert cell(text) == shown


def test_a_table_appears_under_its_name_when_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("the last one\n")

    with Table(out, io.StringIO()) as table:
        table.write(LISTED)
        assert out.read_text() == "the last one\n"

    assert out.read_text() == (
        'address,zone,verdict,codes,reason\n192.0.2.2,bl.example,listed,127.0.0.2 127.0.0.4,"says ""no"", see\\x0a"\n'
    )
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def break_off(out: Path) -> None:
    with Table(out, io.StringIO()) as table:
        table.write(LISTED)
        raise KeyboardInterrupt


def test_a_table_that_breaks_off_stays_aside(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        break_off(tmp_path / "out.csv")

    assert [path.name for path in tmp_path.iterdir()] == ["out.csv.part"]


def test_a_table_without_a_file_goes_to_standard_output() -> None:
    stdout = io.StringIO()

    with Table(None, stdout) as table:
        table.write(LISTED)

    assert stdout.getvalue().startswith("address,zone,verdict,codes,reason\n192.0.2.2,")
    assert not stdout.closed


def test_a_device_is_written_to_as_it_is() -> None:
    with Table(Path("/dev/null"), io.StringIO()) as table:
        table.write(LISTED)

    assert Path("/dev/null").is_char_device()
