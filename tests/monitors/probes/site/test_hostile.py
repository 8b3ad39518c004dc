"""Pages that somebody made to break or to keep us: nothing raises, it ends in time, and nothing is claimed."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egress.fetch import Page
from monitors.probes.reading import Reading, Verdict
from tests.monitors.probes.site.sites import CONTACT, HOME, PROSE, WAY_OUT, html, look

DEEP = b"<div>" * 100_000
LINKS = "".join(f'<a href="/page-{n}">Page {n}</a>' for n in range(60_000))


def storable(reading: Reading) -> None:
    """As JSON and as UTF-8, and as text that shows nothing but itself."""
    shown = json.dumps(reading.evidence, ensure_ascii=False)
    shown.encode("utf-8")
    assert "\\u00" not in shown  # PostgreSQL stores no NUL, and no page has use for the others
    for text in (reading.sentence, *reading.text, *reading.meanings):
        text.encode("utf-8")
        assert text.isprintable()
        assert len(text) <= 2_000


@pytest.mark.parametrize(
    "body",
    [
        DEEP, DEEP + PROSE.encode(), html(PROSE + LINKS), b"\x00" * 1000 + PROSE.encode(), b"\xff\xfe" * 5000,
        b'<meta charset="utf-16">' + PROSE.encode(), b'<meta charset="nonsense">\xfc' + PROSE.encode(),
        html(PROSE * 20_000), html(PROSE + "&#x202e;&#0;&#xd800;" * 1000), html(PROSE + "+44 20 7946 0142 " * 20_000),
        html(PROSE + "a@b.example " * 20_000), html(PROSE + "12 High Street, Labton LB1 2QX, " * 10_000),
        html(PROSE + "@" * 100_000), html(PROSE + "a" * 200_000), html(PROSE + "<form>" * 20_000),
        html(PROSE + "<address itemprop=email>" * 20_000),
        html(PROSE + '<a href="mailto:a%00%1b%ff@acme.example">Unsubscribe</a><a href="tel:+44%00%1b">x</a>'),
        html(PROSE + '<a href="mailto:' + "a@b," * 50_000 + '">x</a>'),
        b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>" + PROSE.encode() + b"&b;" * 1000,
    ],
    ids=range(19),
)  # fmt: skip
def test_nothing_of_this_breaks_it_or_keeps_it(body: bytes) -> None:
    began = time.process_time()
    reading = look({HOME: body})
    assert time.process_time() - began < 5
    assert reading.verdict is not Verdict.CLEAR
    storable(reading)


def test_of_a_page_that_is_too_long_the_rest_is_not_read() -> None:
    long = html(PROSE + "<!--" + "x" * (1024 * 1024) + "-->" + CONTACT + WAY_OUT)
    reading = look({HOME: long})
    assert reading.verdict is not Verdict.CLEAR
    assert not reading.grounds


def test_snippets_are_plain_text() -> None:
    odd = PROSE + CONTACT + '<a href="/x?u=1">Unsub&#x202e;scribe &lt;script&gt;alert(1)&lt;/script&gt; unsubscribe</a>'
    reading = look({HOME: odd})
    assert reading.verdict is Verdict.CLEAR
    assert "<script>alert(1)</script>" in reading.text[0]  # as text; whoever shows it escapes it
    storable(reading)


FRAGMENTS = st.sampled_from(
    [
        '<a href="', '">', "</a>", "<form>", "<button>", "Unsubscribe", "mailto:a@acme.example", "tel:+44",
        "mailto:%00@x",
        "+442079460142", "<script>", '<script type="application/ld+json">', '{"email":', "</script>", "12 High Street ",
        "LB1 2QX", "&#0;", "<iframe src=x>", "<title>", "Just a moment", "/contact", "http://[", "\u202e", "<svg>",
        "<div itemprop=telephone>", "Acme Garden", "//", "?u=", "<base href=//x>",
    ]
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(
    st.binary(max_size=300) | st.lists(FRAGMENTS | st.text(max_size=5), max_size=40).map(lambda x: "".join(x).encode())
)
def test_no_page_makes_it_raise(body: bytes) -> None:
    reading = look({HOME: body, f"{HOME}contact": body})
    storable(reading)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=30), st.integers(100, 999), st.text(max_size=40))
def test_nothing_that_a_caller_passes_on_makes_it_raise(domain: str, kind: str, status: int, url: str) -> None:
    page = Page(HOME, status, {"content-type": kind}, PROSE.encode())
    registered = {"name": url, "email": url, "phone": url, "address": url, "country": url}
    storable(look({HOME: page}, registered=registered, opt_out_url=url, domains=[domain]))
    look({}, domain)
