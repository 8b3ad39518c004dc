"""The rule of what we follow: pages that any visitor reads, and nothing that may be an act."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.probes.markup import Link
from monitors.probes.site.links import absolute, choose, is_harmless, may_follow, same
from monitors.probes.site.words import Topic

SITE = "https://www.acme.example/"


@pytest.mark.parametrize(
    "href",
    [
        "/", "/contact", "contact.html", "./about/us", "/unsubscribe", "/opt-out/", "/legal#imprint", "/?lang=de",
        "/page?page_id=12", "https://acme.example/x", "http://www.acme.example/x", "https://help.acme.example/",
        "/how-to-grow-10-tomatoes-in-2024", "/2024/05/12/hello", "/kontakt/über-uns", "/AboutUs", "/a%20b",
        "/de-DE/datenschutz", "/tag/v1.2.3",
    ],
)  # fmt: skip
def test_pages_of_the_site_are_followed(href: str) -> None:
    assert may_follow(absolute(SITE, href), SITE)


@pytest.mark.parametrize(
    "href",
    [
        "mailto:post@acme.example", "tel:+442079460142", "javascript:void(0)", "data:text/html,x", "ftp://acme.example/",
        "https://other.example/", "//other.example/", "https://acme.example.other.example/",
        "https://user:secret@acme.example/", "https://acme.example:8443/", "http://[::1", "",
        "/?u=7", "/unsubscribe?e=bob", "/leave?token=abc", "/?lang=0c51a2ff9e3b4c7d", "/?p=1&p=2&id=3", "/?x",
        "/unsubscribe/8f3a", "/unsubscribe/confirm", "/opt-out/yes/now", "/abmelden/jetzt",
        "/u/550e8400-e29b-41d4-a716-446655440000", "/c/0c51a2ff9e3b4c", "/l/dG9rZW4xMjM0NTY3ODk", "/l/k3j9x0q2m5n8p1",
        "/r/bob@reader.example", "/r/bob%40reader.example", "/m/123456789012",
        "/terms.pdf", "/logo.PNG", "/feed.xml", "/x.zip",
        "https://bücher.example/", "/" + "a/" * 600,
    ],
)  # fmt: skip
def test_nothing_that_may_be_an_act_or_lies_elsewhere_is_followed(href: str) -> None:
    url = absolute(SITE, href)
    assert not (url and href and may_follow(url, SITE))


def test_what_is_not_ascii_in_a_path_is_escaped_as_browsers_do() -> None:
    assert absolute(SITE, "/über uns#x") == "https://www.acme.example/%C3%BCber%20uns"


def test_the_most_promising_come_first_and_each_once() -> None:
    links = [
        Link("/roses", "Our roses", "/roses"),
        Link("/a/b/c", "Read this", "/a/b/c"),
        Link("/about", "About us", "/about"),
        Link("/contact", "Contact", "/contact"),
        Link("/contact/", "Write to us", "/contact/"),
        Link("/stop", "Unsubscribe", "/stop"),
        Link("/stop?u=7", "Unsubscribe", "/stop"),
        Link("/shop", "Shop", "/shop"),
        Link("/imprint", "Imprint", "/imprint"),
        Link("/privacy", "", "/privacy"),
        Link("/", "Welcome", "/"),
    ]
    found = choose(links, SITE, SITE, [SITE])
    assert [choice.url.removeprefix(SITE) for choice in found] == [
        "stop", "contact", "imprint", "privacy", "about", "roses", "a/b/c",
    ]  # fmt: skip
    assert found[0].topic is Topic.OPT_OUT


def test_spellings_of_one_page_are_one() -> None:
    one = "https://acme.example/about"
    assert len({same(url) for url in (one, f"{one}/", "http://www.acme.example/about", f"{one}/index.html")}) == 1
    assert same(one) != same("https://help.acme.example/about")


@given(st.text(max_size=80))
def test_no_address_makes_it_raise(href: str) -> None:
    url = absolute(SITE, href)
    assert url == "" or url.isascii()
    is_harmless(href)
    may_follow(href, href)
    same(href)
