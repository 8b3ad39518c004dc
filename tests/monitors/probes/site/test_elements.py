"""A way to opt out on a whole site: where it counts, and what keeps a machine from saying that there is none."""

import pytest

from egress.fetch import Why
from monitors.probes.reading import Reading, Verdict
from tests.monitors.probes.site.sites import CONTACT, DOMAIN, HOME, PROSE, WAY_OUT, FakeSites, faults, look


def site(inner: str, **pages: str | Why) -> Reading:
    """A site with contact details, so that only its way out is in question."""
    return look({HOME: PROSE + CONTACT + inner} | {f"{HOME}{name}": page for name, page in pages.items()})


def test_it_is_found_on_any_page_with_the_page_and_the_words() -> None:
    reading = site('<a href="/privacy">Privacy</a>', privacy=PROSE + "<button>Remove me</button>")
    assert reading.verdict is Verdict.CLEAR
    assert reading.text[0] == f"{HOME}privacy: “Remove me”"
    assert "“Remove me”" in reading.meanings[1]


def test_a_link_is_followed_to_see_that_its_page_is_there() -> None:
    sites = FakeSites({HOME: PROSE + CONTACT + '<a href="/leave">Unsubscribe</a>', f"{HOME}leave": PROSE})
    assert look(sites).verdict is Verdict.CLEAR
    assert f"{HOME}leave" in sites.asked


def test_a_link_to_a_page_that_is_gone_is_no_way_out() -> None:
    reading = site('<a href="/leave">Unsubscribe</a>')
    assert (reading.verdict, faults(reading)) == (Verdict.ADVERSE, {"opt_out:not_found"})
    assert "“Unsubscribe” leads to a page that does not exist" in reading.meanings[1]
    assert site('<a href="/leave">Unsubscribe</a><a href="/stop?u=7">Opt out</a>').verdict is Verdict.CLEAR


def test_a_link_that_may_act_by_itself_is_found_and_never_followed() -> None:
    sites = FakeSites({HOME: PROSE + CONTACT + WAY_OUT})
    assert look(sites).verdict is Verdict.CLEAR
    assert not any("leave" in url for url in sites.asked)


def test_a_form_is_never_submitted_nor_its_address_opened() -> None:
    form = '<form action="/optout" method="get"><input type="email"><button>Unsubscribe</button></form>'
    sites = FakeSites({HOME: PROSE + CONTACT + form, f"{HOME}optout": PROSE})
    assert look(sites).verdict is Verdict.CLEAR
    assert f"{HOME}optout" not in sites.asked


@pytest.mark.parametrize(
    ("inner", "pages"),
    [
        ("", {}),
        ('<a href="/about">About</a>', {"about": PROSE}),
        ('<a href="/about">About</a><a href="/roses">Our roses</a>', {"about": PROSE, "roses": PROSE}),
        ('<a href="/gone">Roses</a>', {}),
        ('<a href="/shop">Shop</a><a href="https://www.facebook.com/acme"></a>', {}),
        ('<form role="search"><input name="q"></form>', {}),
    ],
)
def test_a_site_that_was_read_whole_has_none(inner: str, pages: dict[str, str]) -> None:
    reading = site(inner, **pages)
    assert faults(reading) == {"opt_out:not_found"}
    assert "no page that we read has it" in reading.meanings[1]


@pytest.mark.parametrize(
    ("inner", "pages", "why"),
    [
        ('<script src="/a.js"></script>', {}, "a script or a frame may show it"),
        ('<iframe src="/a"></iframe>', {}, "a script or a frame may show it"),
        ('<a href="/about">About</a>', {"about": PROSE + "<script>x()</script>"}, f"{HOME}about"),
        ('<a href="/about">About</a>', {"about": Why.TIMEOUT}, "could not be read (unreachable)"),
        ('<form action="/go"><input name="a"></form>', {}, "a form on"),
        ("<button>Continue</button>", {}, "a button on"),
        ("<p>To unsubscribe, call us.</p>", {}, "the text of"),
        ('<a href="/p?id=7">Your account</a>', {}, "is not to be followed by a machine"),
        ('<a href="javascript:go()">Your choice</a>', {}, "is not to be followed by a machine"),
        ('<a href="https://prefs.other.example/acme">Your account</a>', {}, "leads to another site"),
        ("".join(f'<a href="/p{n}">Page {n}</a>' for n in range(20)), {}, "it has more pages than we read"),
        ('<a href="/a">A1</a>', {"a": PROSE + '<a href="/b">B1</a>', "b": PROSE + '<a href="/c">C1</a>'},
         "further down than we go"),
        ("<div>" * 400 + "<p>deep</p>" + "</div>" * 400, {}, "could not be read whole"),
    ],
)  # fmt: skip
def test_what_a_machine_cannot_see_is_for_a_person(inner: str, pages: dict[str, str | Why], why: str) -> None:
    reading = site(inner, **pages)
    assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "review")
    assert why in reading.sentence
    assert reading.sentence.startswith(f"A person has to look at {HOME} for a way to opt out")


def test_the_page_that_the_vendor_names_counts_wherever_it_lies() -> None:
    named = "https://prefs.other.example/acme"
    pages: dict[str, str] = {HOME: PROSE + CONTACT, named: PROSE + "<button>Opt out</button>"}
    reading = look(pages, opt_out_url=named)
    assert (reading.verdict, reading.text[0]) == (Verdict.CLEAR, f"{named}: “Opt out”")


@pytest.mark.parametrize("named", [f"{HOME}leave", "https://nobody.example/"])
def test_a_named_page_that_is_not_there_is_told(named: str) -> None:
    reading = look({HOME: PROSE + CONTACT}, opt_out_url=named)
    assert faults(reading) == {"opt_out:not_found"}
    assert reading.codes[-1] in ("declared:gone", "declared:no_name")


@pytest.mark.parametrize("named", ["javascript:x", "mailto:a@acme.example", f"https://{DOMAIN}/u/bob@x.example", "x"])
def test_a_named_address_that_we_do_not_open_is_told(named: str) -> None:
    reading = look({HOME: PROSE + CONTACT + WAY_OUT}, opt_out_url=named)
    assert reading.codes[-1] == "declared:unread"


# ── contact ─────────────────────────────────────────────────────────────────
def test_contact_details_may_stand_on_several_pages() -> None:
    links = '<a href="/contact">Contact</a><a href="/imprint">Imprint</a>'
    post = "<p>Acme Garden Ltd</p><p>12 High Street</p><p>Labton LB1 2QX</p>"
    pages = {
        HOME: PROSE + WAY_OUT + links,
        f"{HOME}contact": PROSE + "<p>post@acme.example, +44 20 7946 0142</p>",
        f"{HOME}imprint": PROSE + post,
    }
    reading = look(pages)
    assert reading.verdict is Verdict.CLEAR
    assert "12 High Street" in reading.text[1]


@pytest.mark.parametrize(
    ("without", "lacks"),
    [
        ("+44 20 7946 0142", "a telephone number"),
        ("post@acme.example", "a mail address"),
        ("12 High Street, Labton LB1 2QX", "a postal address"),
    ],
)
def test_a_part_that_is_nowhere_is_named(without: str, lacks: str) -> None:
    whole = "Acme Garden Ltd, 12 High Street, Labton LB1 2QX. Write to post@acme.example or call +44 20 7946 0142"
    assert look({HOME: PROSE + WAY_OUT + whole}).verdict is Verdict.CLEAR
    reading = look({HOME: PROSE + WAY_OUT + whole.replace(without, "")})
    assert faults(reading) == {"contact:not_found"}
    assert reading.sentence == f"The website of acme.example: it does not show {lacks}."


def test_a_name_that_is_not_there_is_for_a_person_who_knows_what_else_they_are_called() -> None:
    reading = look({HOME: PROSE + WAY_OUT + CONTACT.replace("Acme Garden", "Green Thumbs")})
    assert (reading.verdict, reading.codes[2]) == (Verdict.UNKNOWN, "contact:review")
    assert "the vendor's name is not on its pages as we know it" in reading.sentence


@pytest.mark.parametrize(
    "link", ['<a href="https://parent.example/imprint">Imprint</a>', '<a href="/c?id=7">Contact</a>']
)
def test_a_page_of_contact_that_we_do_not_open_keeps_us_from_saying_that_there_is_none(link: str) -> None:
    reading = look({HOME: PROSE + WAY_OUT + link})
    assert (reading.verdict, reading.codes[2]) == (Verdict.UNKNOWN, "contact:review")
