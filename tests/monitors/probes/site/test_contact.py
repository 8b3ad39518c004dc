"""Who a page says is behind it: mail, telephone, post and name, wherever they stand, and what is only a doubt."""

import json

import pytest

from egress.fetch import Page
from monitors.probes.site.contact import Clue, Part, Whose, clues
from monitors.probes.site.elements import best, has_contact
from monitors.probes.website import State, read
from tests.monitors.probes.site.sites import CONTACT, HOME, PROSE, html

WHOSE = Whose(lambda text: "Acme Garden" in text, frozenset({"acme.example"}), ("GB",))


def seen(inner: str, *, head: str = "", whose: Whose = WHOSE) -> list[Clue]:
    site = read(HOME, Page(HOME, 200, {"content-type": "text/html"}, html(PROSE + inner, head=head)))
    assert site.state is State.LIVE
    return clues(site, whose)


def of(part: Part, found: list[Clue]) -> list[tuple[bool, str]]:
    return [(clue.holds, clue.value) for clue in found if clue.part is part]


def linked(**node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "Organization", **node})}</script>'


ADDRESS = {
    "@type": "PostalAddress",
    "streetAddress": "12 High Street",
    "addressLocality": "Labton",
    "postalCode": "LB1",
}


def test_a_page_with_all_four_has_contact_details() -> None:
    found = seen(CONTACT)
    assert has_contact(found)
    assert {part: clue.value for part, clue in best(found).items()} == {
        Part.NAME: "",
        Part.EMAIL: "post@acme.example",
        Part.PHONE: "+442079460142",
        Part.ADDRESS: "12 High Street, Labton, LB1 2QX",
    }
    assert all(clue.url == HOME and clue.snippet for clue in best(found).values())


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ('<a href="mailto:Post@Acme.example?subject=x">us</a>', [(True, "post@acme.example")]),
        ("<p>Write to post (at) acme.example</p>", [(True, "post@acme.example")]),
        ("<p>Write to post@lists.acme.example.</p>", [(True, "post@lists.acme.example")]),
        ("<p>acme@gmail.com</p>", [(False, "acme@gmail.com")]),
        ("<p>post@notacme.example</p>", [(False, "post@notacme.example")]),
        ('<a href="/cdn-cgi/l/email-protection#4a">[email protected]</a>', [(False, "")]),
        ('<form action="/send"><input name="mail"><textarea></textarea></form>', [(False, "")]),
        ('<form role="search"><input type="search" name="q"></form>', []),
        ("<p>We are at the corner.</p>", []),
        ('<div itemprop="email">post@acme.example</div>', [(True, "post@acme.example")]),
    ],
)
def test_mail(inner: str, found: list[tuple[bool, str]]) -> None:
    assert of(Part.EMAIL, seen(inner)) == found


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ('<a href="tel:+44-20-7946-0142">Call</a>', [(True, "+442079460142")]),
        ('<a href="tel:+44%2020%207946%200142">Call</a>', [(True, "+442079460142")]),
        ("<p>Phone: +44 20 7946 0142</p>", [(True, "+442079460142")]),
        ("<p>Phone: (020) 7946 0142</p>", [(True, "+442079460142")]),
        ("<p>Telefon +49 (0)30 901820</p>", [(True, "+4930901820")]),
        ("<p>Phone: +1 555 555 5555</p>", [(False, "+1 555 555 5555")]),
        ("<p>Phone: +1 212 555 0123</p>", [(False, "+1 212 555 0123")]),  # kept for stories
        ("<p>VAT number: 123456789. Company registration 01234567</p>", []),
        ("<p>Since 12.05.2024, 1998 – 2026, 2024-05-12</p>", []),
        ("<p>It has 1234 pages.</p>", []),
        ('<span itemprop="telephone">+442079460142</span>', [(True, "+442079460142")]),
    ],
)
def test_telephone(inner: str, found: list[tuple[bool, str]]) -> None:
    assert of(Part.PHONE, seen(inner))[:1] == found


def test_a_number_without_a_country_code_needs_a_region() -> None:
    abroad = Whose(WHOSE.names_match, WHOSE.domains, ())
    assert of(Part.PHONE, seen("<p>Phone: (020) 7946 0142</p>", whose=abroad)) == [(False, "(020) 7946 0142")]


@pytest.mark.parametrize(
    ("inner", "holds"),
    [
        ("<p>Acme Garden Ltd</p><p>12 High Street</p><p>Labton LB1 2QX</p>", [True]),
        ("<p>Acme Garden Ltd, 12 High Street, Labton LB1 2QX</p>", [True]),
        ("<p>The minister lives at 10 Downing Street, London SW1A 2AA.</p>", [False]),
        ("<p>Acme Garden Ltd, somewhere in 34567 Labton</p>", [False]),
        ("<p>Acme Garden Ltd, in the country</p>", []),
    ],
)
def test_post(inner: str, holds: list[bool]) -> None:
    assert [holding for holding, _ in of(Part.ADDRESS, seen(inner))] == holds


def test_an_address_far_from_the_name_is_a_doubt() -> None:
    far = f"<p>Acme Garden Ltd</p>{'<p>Roses.</p>' * 20}<p>12 High Street</p><p>Labton LB1 2QX</p>"
    assert of(Part.ADDRESS, seen(far)) == [(False, "12 High Street, Labton LB1 2QX")]


def test_what_is_told_to_machines_counts() -> None:
    said = linked(legalName="Acme Garden Ltd", telephone="+44 20 7946 0142", email="post@acme.example", address=ADDRESS)
    found = seen("", head=said)
    assert has_contact(found)
    organisation = {
        "@type": ["Organization"],
        "name": "Acme Garden",
        "address": [ADDRESS],
        "contactPoint": {"telephone": ["+442079460142"], "email": "mailto:post@acme.example"},
    }
    nested = linked(**{"@type": "WebPage", "@graph": [{"@type": "WebSite"}, organisation]})
    assert has_contact(seen("", head=nested))


def test_details_of_a_person_told_to_machines_are_not_the_vendors() -> None:
    said = linked(telephone="+442079460142").replace("Organization", "Person")
    assert of(Part.PHONE, seen("", head=said)) == []


def test_microdata_counts() -> None:
    said = (
        '<div itemscope><span itemprop="name">Acme Garden Ltd</span>'
        '<span itemprop="streetAddress">12 High Street</span>'
        '<span itemprop="addressLocality">Labton</span><a itemprop="email" href="mailto:post@acme.example">us</a></div>'
    )
    found = seen(said)
    assert of(Part.ADDRESS, found)[0] == (True, "12 High Street, Labton")
    assert (True, "post@acme.example") in of(Part.EMAIL, found)


@pytest.mark.parametrize(
    "data",
    [
        "", "{", "[]", "null", "7", '"x"', '{"@type": 7, "email": {}, "address": [[[]]], "telephone": [7, null]}',
        "[" * 15_000, '{"a":' * 3_000, '{"email": "\\ud800@acme.example"}', "9" * 10_000, '{"address": {"name": []}}',
        json.dumps([{"email": f"a{n}@acme.example"} for n in range(600)])[:19_999],
        json.dumps([{"@type": "Organization", "name": "x", "address": "y"}] * 300),
    ],
)  # fmt: skip
def test_no_data_for_machines_breaks_it(data: str) -> None:
    seen(f'<script type="application/ld+json">{data}</script>')
