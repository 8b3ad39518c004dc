import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors import toml_text
from monitors.fields import CatalogueRefused

texts = st.text(st.characters(exclude_categories=["Cs"]))
plain = texts | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
told = texts | st.dictionaries(texts, texts)
values = plain | st.lists(texts) | st.dictionaries(texts, told)
names = texts.filter(lambda name: name != "blocklist")


@given(st.dictionaries(names, values))
def test_what_is_written_reads_back_as_it_was(fields: dict[str, object]) -> None:
    assert toml_text.read(toml_text.write(fields)) == fields


def test_it_is_written_as_people_write_it() -> None:
    fields = {
        "codes": {"127.0.0.2": {"meaning": "bad", "severity": "halt"}, "any": "listed"},
        "zone": "dnsbl.example.org",
        "targets": ["ipv4", "ipv6"],
        "enabled": False,
        "per_second": 0.5,
    }
    assert toml_text.write(fields) == (
        'zone = "dnsbl.example.org"\ntargets = ["ipv4", "ipv6"]\nenabled = false\nper_second = 0.5\n\n'
        '[codes]\n"127.0.0.2" = { meaning = "bad", severity = "halt" }\nany = "listed"\n'
    )
    assert toml_text.write({}) == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("zone = dnsbl.example.org", "This is not TOML:"),
        ('[[blocklist]]\nzone = "x.example"', "Write the fields alone"),
        ('[blocklist.codes]\nany = "x"', "Write the fields alone"),
    ],
)
def test_what_is_not_an_entry_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(CatalogueRefused, match=sentence):
        toml_text.read(text)


def test_lines_may_end_as_browsers_send_them() -> None:
    assert toml_text.read('zone = "a.example"\r\nper_second = 1\r\n') == {"zone": "a.example", "per_second": 1}
