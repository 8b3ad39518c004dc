"""What people type into questionnaires: read, refused with a sentence, kept as typed, and shown in words."""

import re
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils.datastructures import MultiValueDict
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings

from monitors.probes.mailbox import is_free
from monitors.probes.names import host_of, is_within, registrable
from questionnaires.definition import Choice, Column, Kind, Question
from questionnaires.fields import as_posted, field_for, show
from questionnaires.fields.checks import CHECKS
from questionnaires.fields.reading import return_path
from tests.questionnaires.binding import TODAY, bound, clean, form_of

CHOICES = (Choice("a", "The first"), Choice("b", "The second", "It follows."), Choice("none", "None of these"))
COLUMNS = (
    Column("name", "Name", Kind.TEXT),
    Column("phone", "Telephone", Kind.TEL, required=False),
    Column("also", "Also", Kind.MANY, required=False, choices=CHOICES),
    Column("share", "Share", Kind.PERCENT, required=False),
)


def ask(kind: Kind, **more: Any) -> Question:
    if kind in {Kind.ONE, Kind.MANY}:
        more = {"choices": CHOICES} | more
    if kind in {Kind.RECORD, Kind.TABLE}:
        more = {"columns": COLUMNS} | more
    return Question("Z1.01", "The question", kind, ("R1",), **more)


def refusal(question: Question, raw: Any) -> str:
    form = bound(question, raw)
    assert not form.is_valid()
    return " ".join(map(str, form.errors["Z1.01"]))


@pytest.mark.parametrize(
    ("kind", "typed", "value", "shown"),
    [
        (Kind.TEXT, "  Caf\u0065\u0301   Nord ", "Caf\u00e9 Nord", "Caf\u00e9 Nord"),
        (Kind.AREA, " one \r\n\r\n two  ", "one\n\n two", "one\n\n two"),
        (Kind.EMAIL, "Mara@Bücher.example", "Mara@xn--bcher-kva.example", "Mara@xn--bcher-kva.example"),
        (Kind.TEL, "+44 20 7946 0958", "+442079460958", "+44 20 7946 0958"),
        (Kind.URL, "https://Bücher.co.uk:443", "https://xn--bcher-kva.co.uk/", "https://xn--bcher-kva.co.uk/"),
        (Kind.DOMAIN, "Bücher.co.uk.", "xn--bcher-kva.co.uk", "bücher.co.uk"),
        (Kind.HOST, "Out1.Example.com", "out1.example.com", "out1.example.com"),
        (Kind.NETWORK, "93.184.215.0/28", "93.184.215.0/28", "93.184.215.0/28"),
        (Kind.NETWORK, "93.184.215.14/32", "93.184.215.14", "93.184.215.14"),
        (Kind.NETWORK, "2606:2800:21F::/48", "2606:2800:21f::/48", "2606:2800:21f::/48"),
        (Kind.NUMBER, "1,200,000", 1200000, "1,200,000"),
        (Kind.NUMBER, "0", 0, "0"),
        (Kind.PERCENT, "12.5 %", 1250, "12.5 %"),
        (Kind.PERCENT, "0,08", 8, "0.08 %"),
        (Kind.ONE, "b", "b", "The second"),
        (Kind.MANY, ["b", "a"], ["a", "b"], "The first, The second"),
        (Kind.YESNO, "no", False, "No"),
        (Kind.PROMISE, "on", True, "Promised"),
        (Kind.DATE, "2026-11-21", "2026-11-21", "2026-11-21"),
        (Kind.TIMEZONE, "America/New_York", "America/New_York", "America/New York"),
        (
            Kind.RECORD,
            {"name": " Mara ", "phone": "", "also": ["b"], "share": "3"},
            {"name": "Mara", "also": ["b"], "share": 300},
            "Name: Mara\nAlso: The second\nShare: 3 %",
        ),
        (
            Kind.TABLE,
            [{"name": "Mara", "phone": "+442079460958"}, {"name": " "}, {"name": "Jonas"}],
            [{"name": "Mara", "phone": "+442079460958"}, {"name": "Jonas"}],
            "Name: Mara; Telephone: +44 20 7946 0958\nName: Jonas",
        ),
    ],
)
def test_each_kind_has_one_spelling_that_is_kept_and_words_that_are_shown(
    kind: Kind, typed: Any, value: Any, shown: str
) -> None:
    assert clean(ask(kind), typed) == value
    assert show(ask(kind), value) == shown


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        (Kind.TEXT, "N/A", "“N/A” needs a reason. Write why the question does not apply to you."),
        (Kind.TEXT, "a\u202eb", "cannot be seen (U+202E)"),
        (Kind.TEXT, "x" * 256, "has 256 characters. It may have 255"),
        (Kind.AREA, "\x00 words", "cannot be seen (U+0000)"),
        (Kind.URL, "http://example.com/", "does not begin with https://"),
        (Kind.URL, "https://example.com:port/", "cannot be read"),
        (Kind.URL, "https://com/", "only part of a host name"),
        (Kind.URL, "https://co.uk/", "under no registered domain"),
        (Kind.URL, "https://me@example.com/", "user name or password"),
        (Kind.DOMAIN, "https://example.com", "address of the web"),
        (Kind.DOMAIN, "me@example.com", "mail address"),
        (Kind.DOMAIN, "co.uk", "under which others register"),
        (Kind.NETWORK, "93.184.215.14/28", "Write 93.184.215.0/28 for the range"),
        (Kind.NETWORK, "93.184.215.0/40", "is no range"),
        (Kind.NETWORK, "203.0.113.700", "The last part must be 0 to 255"),
        (Kind.NUMBER, "12.5", "no whole number"),
        (Kind.NUMBER, "1,20", "no whole number"),
        (Kind.NUMBER, "9" * 5000, "out of range"),
        (Kind.PERCENT, "100.01", "from 0 to 100"),
        (Kind.DATE, "21 November 2026", "like 2026-11-21"),
        (Kind.DATE, "2026-02-30", "no day of the calendar"),
        (Kind.ONE, "c", "“c” is none of the answers"),
        (Kind.MANY, ["a", "none"], "“None of these” cannot stand with other answers"),
        (Kind.YESNO, [], "Choose an answer to “The question”."),
        (Kind.PROMISE, [], "Without this promise we cannot accept the form."),
        (Kind.RECORD, {"name": "", "phone": "+4420"}, "Name: nothing stands here yet. Fill it in. Telephone: “+4420”"),
        (Kind.TABLE, [], "Fill in at least one line"),
        (Kind.TABLE, [{"name": "Mara"}, {}, {"phone": "+442079460958"}], "Line 2, Name: nothing stands here yet"),
        (Kind.TABLE, [{"name": "x"}] * 101, "These are 101 lines. There may be 100"),
    ],
)
def test_what_is_refused_is_named_with_the_way_out(kind: Kind, typed: Any, said: str) -> None:
    assert said in refusal(ask(kind), typed)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in {Kind.CALC, Kind.FILE}])
def test_nothing_is_no_answer_and_may_be_left_out_where_it_is_optional(kind: Kind) -> None:
    value = clean(ask(kind, required=False), {})
    assert value is (False if kind is Kind.PROMISE else None)
    assert show(ask(kind), None) == ""
    assert refusal(ask(kind), {})


@pytest.mark.parametrize("kind", [Kind.CALC, Kind.FILE])
def test_what_is_not_typed_has_no_field(kind: Kind) -> None:
    with pytest.raises(ValueError, match="not typed into a form"):
        field_for(ask(kind))


def test_bounds_are_those_of_the_definition() -> None:
    assert "from 1 to 240" in refusal(ask(Kind.NUMBER, least=1, most=240), "241")
    assert "at least 20 characters" in refusal(ask(Kind.AREA, least=20), "short words")
    assert "from 0.5 to 2" in refusal(ask(Kind.PERCENT, least=50, most=200), "2.01")
    assert "Fill in at least 2" in refusal(ask(Kind.TABLE, least=2), [{"name": "Mara"}])


# ── checks ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("not_future", "2026-11-21", "2026-11-22"),
        ("not_past", "2026-11-21", "2026-11-20"),
        ("within_a_week", "2026-11-14", "2026-11-13"),
        ("within_a_week", "2026-11-21", "2026-11-22"),
        ("year_so_far", 2026, 2027),
        ("not_post_box", "8 Box Lane", "PO Box 12"),
        ("not_post_box", "12 Postman Street", "Postfach 30 01 20"),
        ("no_free_mail", "me@example.com", "me@gmail.com"),
        ("no_free_mail", "me@yahoo.example.com", "me@yahoo.co.uk"),
        ("no_advertiser_domain", "harrow.example.net", "mail.harrow.example.com"),
        ("no_advertiser_domain", "https://notharrow.example.com/", "https://harrow.example.com/"),
        ("no_advertiser_domain", "me@example.com", "me@harrow.example.com"),
        ("public_network", "93.184.215.0/24", "93.184.214.0/23"),
        ("public_network", "2606:2800::/48", "2606:2800::/47"),
        ("public_network", "93.184.215.14", "192.168.4.0/24"),
        ("public_network", "2a00:1::/64", "fd00:1::/64"),
        ("a_person", "Abby Teamer", "Abuse Team"),
        ("a_person", "Tina O'Nock", "NOC"),
        ("has_digit", "HRB 1234", "pending"),
        ("both_names", "Mara Lindqvist", "Mara"),
        ("has_other_line", [{"domain": "other"}], [{"domain": "gmail"}]),
        ("no_line_twice", [{"domain": "a.com"}, {"domain": "b.com"}], [{"address": "A@b.com"}, {"address": "a@b.com"}]),
    ],
)
def test_a_check_takes_the_good_and_refuses_the_bad_in_words(
    check: str, good: Any, bad: Any, settings: Settings
) -> None:
    settings.ADVERTISER_DOMAINS = ("harrow.example.com",)
    CHECKS[check](good, TODAY)
    with pytest.raises(ValidationError, match=r"[.)]'\]$"):
        CHECKS[check](bad, TODAY)


def test_networks_that_it_allows_are_public_enough(settings: Settings) -> None:
    settings.EGRESS_ALLOW = (ip_network("192.0.2.0/24"),)
    network = ask(Kind.NETWORK, checks=("public_network",))
    assert clean(network, "192.0.2.0/28") == "192.0.2.0/28"
    assert "for examples in documents" in refusal(network, "198.51.100.0/28")


@pytest.mark.parametrize("good", ["bounce@example.com", "b+{recipient}@example.com", "b-{id}-1@example.com"])
def test_a_return_path_may_be_a_pattern(good: str) -> None:
    assert return_path(good) == good


@pytest.mark.parametrize(
    "bad",
    [
        "bounce",
        "@example.com",
        "{token}@example.com",
        "{a}{b}@example.com",
        "b{a}{b}@example.com",
        "b {x}@example.com",
        "b@{domain}.com",
    ],
)
def test_a_return_path_that_nobody_can_read_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError):
        return_path(bad)


def test_the_domain_of_a_thing_is_found() -> None:
    assert registrable("a.b.example.co.uk") == "example.co.uk"
    assert registrable("co.uk") == ""
    assert [host_of(text) for text in ("https://A.com:8/x", "Me@B.com", "c.com.", "https://[x", "")] == [
        "a.com", "b.com", "c.com", "", "",
    ]  # fmt: skip
    assert is_within("a.b.com", ["b.com"])
    assert not is_within("ab.com", ["b.com", ""])
    assert is_free("hotmail.co.uk")
    assert not is_free("example.com")


# ── records and tables ──────────────────────────────────────────────────────
TABLE = ask(Kind.TABLE)


def rendered(
    form: Any, source: str = "{% error_summary form %}{% for one in form %}{% field one %}{% endfor %}"
) -> str:
    return Template(source).render(Context({"form": form}))


def test_a_cell_is_posted_under_the_code_the_line_and_the_column() -> None:
    html = rendered(form_of(TABLE))
    assert re.findall(r'name="([^"]+-name)"', html) == ["Z1.01-0-name", "Z1.01-1-name"], "two blank lines"
    assert 'name="Z1.01-name"' in rendered(form_of(ask(Kind.RECORD)))


def test_a_table_shows_what_was_posted_and_two_blank_lines_and_drops_those_between() -> None:
    form = bound(TABLE, [{"name": "Mara"}, {"name": " "}, {"name": "Jonas", "phone": "12"}])
    html = rendered(form)
    assert re.findall(r'name="([^"]+-name)"( value="[^"]*")?', html) == [
        ("Z1.01-0-name", ' value="Mara"'), ("Z1.01-2-name", ' value="Jonas"'), ("Z1.01-3-name", ""),
        ("Z1.01-4-name", ""),
    ]  # fmt: skip
    assert 'value="12"' in html, "what was refused is kept"


def test_a_refusal_stands_at_its_cell_and_above_the_form() -> None:
    html = rendered(bound(TABLE, [{"name": "Mara", "phone": "12"}]))
    assert '<a href="#id_Z1.01-0-phone">Line 1, Telephone: “12” does not begin with +' in html
    cell = html[html.index('id="id_Z1.01-0-phone_error"') :]
    assert "Line 1, Telephone: “12” does not begin with +" in cell
    assert 'id="id_Z1.01-0-phone"' in html
    assert html.count('aria-invalid="true"') == 1


def test_a_refusal_of_the_whole_leads_to_its_first_cell() -> None:
    html = rendered(bound(TABLE, []))
    assert '<a href="#id_Z1.01-0-name">Fill in at least one line' in html
    assert 'id="id_Z1.01-0-name"' in html


def test_a_cell_of_several_ticks_is_linked_at_its_first() -> None:
    columns = (Column("also", "Also", Kind.MANY, choices=CHOICES),)
    html = rendered(bound(ask(Kind.RECORD, columns=columns), {"also": ["a", "none"]}))
    assert '<a href="#id_Z1.01-also_0">' in html
    assert 'id="id_Z1.01-also_0"' in html


def test_every_control_has_a_label_and_every_group_a_legend() -> None:
    for kind in Kind:
        if kind in {Kind.CALC, Kind.FILE}:
            continue
        html = rendered(form_of(ask(kind, hint="A hint.")))
        ids = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', html))
        labelled = set(re.findall(r'<label for="([^"]+)"', html))
        assert ids, kind
        assert ids <= labelled, kind
        assert html.count("<fieldset") == html.count("<legend")
        for described in re.findall(r'aria-describedby="([^"]+)"', html):
            assert all(f'id="{one}"' in html for one in described.split()), kind
        assert ">Z1.01</span>" in html, "the code stands beside its question"


def test_a_page_begins_with_the_values_that_are_kept() -> None:
    html = rendered(form_of(TABLE, initial=[{"name": "Mara", "phone": "+442079460958", "share": 1250}]))
    assert 'value="Mara"' in html
    assert 'value="+44 20 7946 0958"' in html
    assert 'value="12.5"' in html
    assert "checked" in rendered(form_of(ask(Kind.YESNO), initial=False))
    assert 'value="1200"' in rendered(form_of(ask(Kind.NUMBER), initial=1200))


def test_errors_are_hidden_when_the_form_hides_them() -> None:
    form = bound(TABLE, [{"name": "", "phone": "12"}])
    form.errors.clear()  # a page that only shows what was typed so far
    html = rendered(form)
    assert 'value="12"' in html
    assert "Line 1, " not in html


def test_what_was_posted_is_text_and_never_markup() -> None:
    html = rendered(bound(TABLE, [{"name": "<script>x</script>", "phone": '"><b>'}]))
    assert "<script>" not in html
    assert "<b>" not in html


def test_a_choice_shows_its_hint_and_a_number_its_unit() -> None:
    assert "It follows." in rendered(form_of(ask(Kind.ONE)))
    assert "It follows." in rendered(form_of(ask(Kind.MANY)))
    assert "minutes" in rendered(form_of(ask(Kind.NUMBER, unit="minutes")))
    assert show(ask(Kind.NUMBER, unit="minutes"), 45) == "45 minutes"


def test_what_a_machine_found_is_shown_whatever_its_kind() -> None:
    assert show(ask(Kind.TEXT), ["<a>", "<b>"]) == "<a>, <b>"
    assert show(ask(Kind.CALC), True) == "Yes"
    assert show(ask(Kind.CALC), {"spf": "x"}) == "spf: x"
    assert show(ask(Kind.ONE), "gone") == "gone", "a choice of another version"
    assert show(ask(Kind.RECORD), "as seen") == "as seen"


# ── laws ────────────────────────────────────────────────────────────────────
TEXTS = st.text(max_size=40) | st.text(alphabet="0123456789.,-/:@%+ abxn{}\x00\u202e\r\n", max_size=60)
TYPED = [kind for kind in Kind if kind not in {Kind.CALC, Kind.FILE}]


@pytest.mark.parametrize("kind", TYPED)
@given(texts=st.lists(TEXTS, max_size=3))
@example(texts=["9" * 5000])
@example(texts=["https://[::1"])
@example(texts=["1" * 300 + "/8"])
def test_whatever_is_posted_is_cleaned_or_refused_and_a_clean_value_stays(kind: Kind, texts: list[str]) -> None:
    question = ask(kind)
    names = ["Z1.01", "Z1.01-name", "Z1.01-0-name", "Z1.01-0-phone", "Z1.01-phone", "Z1.01-999999999-name"]
    form = form_of(question, MultiValueDict(dict.fromkeys(names, texts)))
    rendered(form)
    if not form.is_valid():
        assert all(str(sentence).strip() for sentence in form.errors["Z1.01"])
        return
    value = form.cleaned_data["Z1.01"]
    again = form_of(question, MultiValueDict(as_posted(question, value, "Z1.01")))
    assert again.is_valid()
    assert again.cleaned_data["Z1.01"] == value
    assert show(question, value)


@given(value=st.integers(0, 10_000))
def test_a_percentage_is_shown_as_it_can_be_typed(value: int) -> None:
    question = ask(Kind.PERCENT)
    assert clean(question, show(question, value)) == value


@given(value=st.integers(0, 9_999_999_999))
def test_a_number_is_shown_as_it_can_be_typed(value: int) -> None:
    question = ask(Kind.NUMBER)
    assert clean(question, show(question, value)) == value


@given(lines=st.lists(st.fixed_dictionaries({"name": st.from_regex(r"z[a-z]{1,7}", fullmatch=True)},
       optional={"share": st.integers(0, 10_000), "also": st.sampled_from([["a"], ["a", "b"], ["none"]])}),
       min_size=1, max_size=9))  # fmt: skip
def test_a_table_can_be_posted_again_as_it_is_kept(lines: list[dict[str, Any]]) -> None:
    form = form_of(TABLE, MultiValueDict(as_posted(TABLE, lines, "Z1.01")))
    assert form.is_valid(), form.errors.as_text()
    assert form.cleaned_data["Z1.01"] == lines
    assert len(show(TABLE, lines).splitlines()) == len(lines)
