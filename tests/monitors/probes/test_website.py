"""What a page of the web shows: is it anybody's, and does it offer a way to opt out?"""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress.fetch import Page, Unfetched, Why
from monitors.probes.markup import evened, read_markup
from monitors.probes.website import Found, State, Website, look, read

URL = "https://www.acme.example/leave"
PROSE = "<p>We write to gardeners twice a month about what grows, and to nobody who did not ask for it.</p>"


def page(inner: str, *, status: int = 200, head: str = "", lang: str = "en", **headers: str) -> Page:
    body = f'<html lang="{lang}"><head>{head}</head><body>{inner}</body></html>'.encode()
    return Page(URL, status, {"content-type": "text/html"} | headers, body)


def seen(inner: str, **how: str) -> Website:
    return read(URL, page(inner, **how))  # type: ignore[arg-type]


# ── whose page it is ────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("status", "state"),
    [
        (401, State.BLOCKED), (403, State.BLOCKED), (429, State.BLOCKED), (503, State.BLOCKED),
        (404, State.GONE), (410, State.GONE),
        (500, State.ERROR_STATUS), (502, State.ERROR_STATUS), (400, State.ERROR_STATUS), (204, State.ERROR_STATUS),
    ],
)  # fmt: skip
def test_a_status_says_what_it_says_and_only_a_missing_page_is_absent(status: int, state: State) -> None:
    found = read(URL, page(PROSE, status=status))
    assert found.state is state
    assert str(status) in found.sentence
    assert found.state.is_absent == (status in (404, 410))


@pytest.mark.parametrize(
    ("why", "state"),
    [
        (Why.NO_NAME, State.NO_NAME),
        (Why.UNRESOLVED, State.UNREACHABLE),
        (Why.TIMEOUT, State.UNREACHABLE),
        (Why.UNREACHABLE, State.UNREACHABLE),
        (Why.TLS, State.TLS_INVALID),
        (Why.GARBLED, State.UNFETCHED),
        (Why.FORBIDDEN, State.UNFETCHED),
        (Why.REDIRECTS, State.UNFETCHED),
    ],
)
def test_what_was_not_fetched_is_absent_only_when_there_is_no_such_name(why: Why, state: State) -> None:
    async def fetch(url: str, *, accept: str = "*/*") -> Page:
        raise Unfetched(why, "It did not come.")

    found = asyncio.run(look(fetch, URL))
    assert (found.state, found.sentence) == (state, "It did not come.")
    assert found.state.is_absent == (why is Why.NO_NAME)


@pytest.mark.parametrize(
    "inner",
    [
        "<h1>acme.example</h1><p>This domain is for sale.</p>",
        "<p>Buy this domain. The domain may be for sale by its owner.</p>",
        '<script src="https://img.sedoparking.com/x.js"></script>',
        '<script>window.location.href="/lander"</script><h1>acme.example</h1><p>This domain is for sale.</p>'
        + PROSE * 2,
        "<p>This domain is parked. Buy this domain.</p>" + PROSE * 2,
        "<p>Diese Domain steht zum Verkauf</p>",
        "<p>Ce domaine est à vendre</p>",
    ],
)
def test_a_parked_name_is_known_by_what_it_says(inner: str) -> None:
    assert seen(inner).state is State.PARKED


@pytest.mark.parametrize(
    "inner",
    [
        '<script>window.location.href="/lander"</script>',
        '<script>location="/lander/spring"</script>' + PROSE,
        PROSE * 2 + "<p>We trade in names: this domain is for sale.</p>",
        '<a href="https://forum.example/sedoparking.com.html">What parking is</a>' + PROSE,
    ],
)
def test_one_weak_sign_parks_no_name(inner: str) -> None:
    found = seen(inner)
    assert found.state in (State.LIVE, State.JS_ONLY)
    assert not found.state.is_absent


@pytest.mark.parametrize(
    ("landed", "is_gone"),
    [
        ("https://www.acme.example/elsewhere", True),
        ("https://acme.example/leave", True),
        ("https://lists.other.example/leave", False),
        ("https://lists.acme.example/leave", False),
    ],
)
@pytest.mark.parametrize("status", [404, 410])
def test_a_page_is_gone_only_where_its_own_host_says_so(landed: str, is_gone: bool, status: int) -> None:
    found = read(URL, Page(landed, status, {"content-type": "text/html"}, b"Not found"))
    assert found.state.is_absent == is_gone
    assert found.state is (State.GONE if is_gone else State.ERROR_STATUS)


def test_a_page_that_writes_about_domains_for_sale_is_not_parked() -> None:
    assert seen(PROSE * 12 + "<p>Yesterday a broker wrote: this domain is for sale.</p>").state is State.LIVE


@pytest.mark.parametrize(
    ("inner", "title", "state"),
    [
        ("<h1>Welcome to nginx!</h1>", "Welcome to nginx!", State.DEFAULT_PAGE),
        ("<h1>It works!</h1>", "", State.DEFAULT_PAGE),
        ("<p>It works</p>", "Apache2 Ubuntu Default Page: It works", State.DEFAULT_PAGE),
        ("<p>Parent Directory</p>", "Index of /", State.DEFAULT_PAGE),
        ("<p>Enable cookies.</p>", "Just a moment...", State.BLOCKED),
        ("<script>window._cf_chl_opt={}</script>", "", State.BLOCKED),
        ('<div id="root"></div><script src="/app.js"></script>', "Acme", State.JS_ONLY),
        ("<img src=x>", "", State.WRONG_CONTENT),
        (PROSE, "Acme", State.LIVE),
    ],
)
def test_the_state_of_a_page(inner: str, title: str, state: State) -> None:
    found = seen(inner, head=f"<title>{title}</title>")
    assert found.state is state
    assert bool(found.text) == (state is State.LIVE)


@pytest.mark.parametrize("kind", ["application/pdf", "text/plain", "image/png"])
def test_what_is_no_page_is_not_read(kind: str) -> None:
    found = read(URL, Page(URL, 200, {"content-type": kind}, b"unsubscribe"))
    assert (found.state, found.opt_out.found) == (State.WRONG_CONTENT, Found.REVIEW)


def test_an_empty_answer_is_no_page() -> None:
    assert read(URL, Page(URL, 200, {}, b"")).state is State.WRONG_CONTENT


# ── the way to opt out ──────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "inner",
    [
        '<a href="/leave">Unsubscribe</a>',
        '<a href="/opt-out">Click here</a>',
        '<a href="/x" aria-label="Opt out of our mail"><img src=i></a>',
        '<a href="/x"><img src=i alt="Unsubscribe"></a>',
        "<button>Opt-out</button>",
        '<input type="submit" value="Remove me">',
        '<form action="/optout"><input type="email"><input type="submit" value="Go"></form>',
        '<h1>Unsubscribe</h1><form action="/go"><input name="mail"><button>Send</button></form>',
        '<a href="mailto:unsubscribe@acme.example">write to us</a>',
        '<p>To opt out, write to <a href="mailto:post@acme.example">post@acme.example</a>.</p>',
        '<a href="/a">Newsletter abbestellen</a>', '<a href="/a">Se désabonner</a>', '<a href="/a">Darse de baja</a>',
        '<a href="/a">Cancelar assinatura</a>', '<a href="/a">Annulla l\'iscrizione</a>', '<a href="/a">Afmelden</a>',
        '<a href="/a">Avprenumerera</a>', '<a href="/a">Wypisz się</a>', '<a href="/a">Odhlásit</a>',
        '<a href="/a">Отписаться</a>', '<a href="/a">配信停止はこちら</a>', '<a href="/a">退订</a>',
        '<a href="/a">Manage your email preferences</a>', '<a href="/a">Take me off your list</a>',
        '<a href="/a">Stop these letters</a>', '<a href="/a">Newsletter-Einstellungen</a>',
        '<a href="/a">Préférences e-mail</a>', '<a href="/a">Preferencias de correo</a>',
        '<a href="/a">Peruuta tilaus</a>', '<a href="/a">Framelding og avmelding</a>',
    ],
)  # fmt: skip
def test_a_way_to_opt_out_is_found(inner: str) -> None:
    assert seen(PROSE + inner).opt_out.found is Found.FOUND


def test_it_is_found_with_its_words_and_its_address() -> None:
    way = seen(PROSE + '<p>To opt out write to <a href="mailto:Post@acme.example?subject=x">us</a>.</p>').opt_out
    assert (way.words, way.mailbox) == ("To opt out write to us .", "post@acme.example")
    way = seen(PROSE + '<a href="/leave?u=7">Unsubscribe</a>').opt_out
    assert (way.words, way.url) == ("Unsubscribe", "/leave?u=7")


@pytest.mark.parametrize(
    "inner",
    [
        "<p>We never let you opt out of saving.</p>",
        '<a href="/save">Save more</a><p>Unsubscribe from worry.</p>',
        '<form action="/join"><input type="email"><button>Sign up</button></form><p>You can unsubscribe.</p>',
    ],
)
def test_a_bare_word_in_running_text_is_no_way_out(inner: str) -> None:
    assert seen(PROSE + inner).opt_out.found is not Found.FOUND


def test_a_page_that_was_read_whole_and_can_hold_no_way_out_has_none() -> None:
    assert seen(PROSE).opt_out.found is Found.NOT_FOUND
    assert seen(PROSE + '<a href="/about">About us</a>').opt_out.found is Found.NOT_FOUND


@pytest.mark.parametrize(
    ("inner", "lang"),
    [
        ('<script src="/app.js"></script>', "en"),
        ('<iframe src="/form"></iframe>', "en"),
        ('<form action="/x"><input name="a"></form>', "en"),
        ("<button>Weiter</button>", "de"),
        ("<p>post (at) acme.example is our address; or post@acme.example</p>", "en"),
        ('<a href="/a">Preferences</a>', "en"),
        ('<a href="/a">Goodbye, and no hard feelings</a>', "en"),
        ('<a href="/contact">Contact</a>', "en"),
        ('<a href="/x"><img src="i"></a>', "en"),
        ("<p>To unsubscribe, call 020 7946 0000.</p>", "en"),
        ('<a href="/a">Abonelikten çık</a>', "tr"),
        ('<a href="/a">Abonelikten çık</a>', ""),
        ("<div>" * 400 + '<a href="/leave">Unsubscribe</a>' + "</div>" * 400, "en"),
    ],
)  # fmt: skip
def test_where_a_machine_cannot_tell_a_person_looks(inner: str, lang: str) -> None:
    assert seen(PROSE + inner, lang=lang).opt_out.found is Found.REVIEW


def test_data_for_machines_is_no_script_that_draws() -> None:
    data = '<script type="application/ld+json">{"legalName": "Acme Garden Ltd"}</script>'
    found = seen(PROSE, head=data)
    assert found.opt_out.found is Found.NOT_FOUND
    assert "Acme Garden Ltd" in found.said
    assert "Acme Garden Ltd" not in found.text


def test_a_page_that_asks_for_a_password_is_told() -> None:
    assert seen(PROSE + '<form><input type="password"></form>').asks_password


# ── whatever comes ──────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Künstler".encode(), "text/html"),
        ("Künstler".encode("latin-1"), "text/html; charset=iso-8859-1"),
        (b'<meta charset="windows-1252">' + "Künstler".encode("latin-1"), "text/html"),
        ("Künstler".encode("latin-1"), "text/html; charset=nonsense"),
    ],
)
def test_text_is_read_in_its_charset(body: bytes, kind: str) -> None:
    found = read_markup(body, kind)
    assert found
    assert found.text == "Künstler"


def test_much_of_everything_is_read_in_a_moment() -> None:
    links = "".join(f'<a href="mailto:a{n}@x.example">x</a>' for n in range(20_000))
    found = read_markup(f"<body><p>{links}</p>{'<form>' * 5000}</body>".encode())
    assert found
    assert len(found.links) <= 3_000
    assert not found.is_whole


def test_words_are_evened_out() -> None:
    assert evened("Se  DÉSABONNER!  opt-out") == "se desabonner opt out"


@given(st.binary(max_size=400) | st.text(alphabet='<>a="/form button:@ ', max_size=300).map(str.encode))
def test_no_page_breaks_it(body: bytes) -> None:
    found = read(URL, Page(URL, 200, {"content-type": "text/html"}, body))
    assert found.sentence.endswith(".")
