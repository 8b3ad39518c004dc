"""A page taken apart: its lines as they stand on it, what it tells machines, and which forms only search."""

import pytest

from monitors.probes.markup import LONGEST_DATA, Markup, read_markup


def parsed(inner: str) -> Markup:
    found = read_markup(f"<html><body>{inner}</body></html>".encode())
    assert found
    return found


def test_lines_are_blocks_and_not_those_of_the_source() -> None:
    found = parsed("<p>Acme\n Garden <b>Ltd</b></p><address>12 High Street<br>Labton</address><ul><li>x</ul>")
    assert found.lines == ["Acme Garden Ltd", "12 High Street", "Labton", "x"]
    assert found.text == "Acme Garden Ltd 12 High Street Labton x"


def test_data_for_machines_is_kept_as_it_came_within_limits() -> None:
    data = '<script type="application/ld+json">{"a": 1}</script>'
    assert parsed(data).data == ['{"a": 1}']
    assert not parsed(data).has_script
    assert len(parsed(data * 100).data) == 20
    long = parsed(f'<script type="application/ld+json">{"9" * 50_000}</script>')
    assert len(long.data[0]) == LONGEST_DATA + 1  # so that its reader can tell
    assert parsed('<script type="module">x</script>').has_script


def test_microdata_is_a_property_and_its_value() -> None:
    found = parsed('<i itemprop="name">Acme <b>Ltd</b></i><a itemprop="email" href="mailto:a@b.example">x</a>'
                   '<meta itemprop="telephone" content="+44">')  # fmt: skip
    assert found.items == [("name", "Acme Ltd"), ("email", "mailto:a@b.example"), ("telephone", "+44")]


@pytest.mark.parametrize(
    ("form", "is_search"),
    [
        ('<input type="search"><input type="submit">', True),
        ('<input name="q"><input type="hidden" name="x">', True),
        ('<input name="q"><input name="mail">', False),
        ('<input name="q"><select></select>', False),
        ('<input name="mail">', False),
        ('<input type="email">', False),
        ("", False),
    ],
)
def test_a_form_with_one_search_field_only_searches(form: str, is_search: bool) -> None:
    assert parsed(f"<form>{form}</form>").forms[0].is_search is is_search


def test_pictures_are_seen() -> None:
    assert parsed("<img src=x>").has_picture
    assert parsed("<svg></svg>").has_picture
    assert not parsed("<p>x</p>").has_picture
