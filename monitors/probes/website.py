"""Is there a website, and does it say how to opt out? One page over HTTP, as anybody gets it.

Nothing is sent, no form and no link of the page is followed, no script of it runs. So much cannot be seen: a page that
a script draws, one that keeps machines out, one that did not come. That is our blindness, and its state says so. What
is held against a site is only what no reader would find there either.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import urlsplit

from egress.fetch import Fetch, Page, Unfetched, Why
from monitors.probes.markup import Markup, evened, plain, read_markup

FEW_LETTERS = 60  # less text than this is no page that a person reads
MOST_BYTES = 1024 * 1024  # of a page; what comes after is not read
NOTHING_ELSE = 150  # letters; on a page with no more, an offer of the name is all that it says
SHORT_TEXT = 900  # letters; the words of a parked page on a longer one are its subject


class State(StrEnum):
    LIVE = "live"
    REDIRECTS_OFFDOMAIN = "redirects_offdomain"  # it leads to somebody else's domain
    HTTP_ONLY = "http_only"  # it answers, and only without encryption
    PARKED = "parked"
    DEFAULT_PAGE = "default_page"  # a server as it comes out of its box
    TLS_INVALID = "tls_invalid"
    ERROR_STATUS = "error_status"
    BLOCKED = "blocked"  # it keeps machines out
    JS_ONLY = "js_only"
    WRONG_CONTENT = "wrong_content"
    GONE = "gone"  # 404 or 410 for this very page
    NO_NAME = "no_name"
    UNREACHABLE = "unreachable"
    UNFETCHED = "unfetched"  # we did not get or would not take it: larger, slower or elsewhere than we go

    @property
    def is_absent(self) -> bool:
        """Is it certain that people find nothing of the vendor's there?"""
        return self in (State.PARKED, State.GONE, State.NO_NAME)


class Found(StrEnum):
    FOUND = "found"
    NOT_FOUND = "not_found"  # the page was read whole, and nothing on it can be it
    REVIEW = "review"  # a person has to look


@dataclass(frozen=True, slots=True)
class OptOut:
    """`words` are the page's own; `url` is where they lead, if anywhere; `mailbox` takes opt-outs by mail."""

    found: Found
    words: str = ""
    url: str = ""
    mailbox: str = ""


@dataclass(frozen=True, slots=True)
class Website:
    """What came of one address. `landed` is where the page came from in the end, `status` the HTTP status, 0 without
    one. `text` is what it shows, and `said` also what it says of itself (titles, descriptions): both empty of what is
    not LIVE. `markup` is the page taken apart, None of what is not LIVE. One address cannot be REDIRECTS_OFFDOMAIN or
    HTTP_ONLY; a domain can (`monitors.probes.site`)."""

    url: str
    state: State
    sentence: str
    landed: str = ""
    text: str = ""
    said: str = ""
    opt_out: OptOut = OptOut(Found.REVIEW)
    asks_password: bool = False
    is_whole: bool = False
    is_drawn: bool = False  # scripts and frames may add to it, or pictures be all that it has
    status: int = 0
    markup: Markup | None = field(default=None, repr=False, compare=False)


async def look(fetch: Fetch, url: str) -> Website:
    """Look at one address."""
    try:
        page = await fetch(url, accept="text/html, application/xhtml+xml;q=0.9")
    except Unfetched as why:
        return Website(url, UNFETCHED.get(why.why, State.UNFETCHED), str(why))
    return read(url, page)


UNFETCHED = {Why.NO_NAME: State.NO_NAME, Why.TLS: State.TLS_INVALID, Why.UNREACHABLE: State.UNREACHABLE,
             Why.TIMEOUT: State.UNREACHABLE, Why.UNRESOLVED: State.UNREACHABLE}  # fmt: skip
KEPT_OUT = frozenset({401, 403, 407, 429, 503})
MISSING = frozenset({404, 410})
SHOWABLE = ("text/html", "application/xhtml+xml")


def read(url: str, page: Page) -> Website:
    """What a page that came says."""
    return replace(_read(url, page), landed=page.url, status=page.status)


def _read(url: str, page: Page) -> Website:
    if page.status in KEPT_OUT:
        return Website(url, State.BLOCKED, f"It keeps us out (HTTP status {page.status}).")
    if page.status in MISSING and _is_elsewhere(url, page.url):
        sentence = f"It leads to another host, which has no such page (HTTP status {page.status})."
        return Website(url, State.ERROR_STATUS, sentence)
    if page.status in MISSING:
        return Website(url, State.GONE, f"There is no such page (HTTP status {page.status}).")
    if page.status != 200:
        return Website(url, State.ERROR_STATUS, f"It answered with HTTP status {page.status}.")
    kind, _, parameters = page.headers.get("content-type", "text/html").partition(";")
    if kind.strip().lower() not in SHOWABLE:
        sentence = f"It is no web page, but {plain(kind)[:60] or 'nothing'}."
        return Website(url, State.WRONG_CONTENT, sentence, is_whole=True)
    body = page.body[:MOST_BYTES]
    markup = read_markup(body, parameters)
    if markup is None:
        sentence = "It answered with an empty page."
        return Website(url, State.WRONG_CONTENT, sentence, is_whole=not body.strip())
    markup.is_whole = markup.is_whole and len(page.body) <= MOST_BYTES
    opt_out = _opt_out(markup)
    is_drawn = markup.has_script or markup.has_frame
    if unlike := _not_live(markup, body, opt_out):
        return Website(url, *unlike, is_whole=markup.is_whole, is_drawn=is_drawn or markup.has_picture)
    return Website(
        url,
        State.LIVE,
        "It answers with a page.",
        text=markup.text,
        said=markup.said,
        opt_out=opt_out,
        asks_password=markup.asks_password,
        is_whole=markup.is_whole,
        is_drawn=is_drawn,
        markup=markup,
    )


def _is_elsewhere(asked: str, landed: str) -> bool:
    """Did it come from another host than was asked? The own one with or without www is the same."""
    hosts = [(urlsplit(one).hostname or "").removeprefix("www.") for one in (asked, landed)]
    return hosts[0] != hosts[1]


# ── what is no website of anybody's ─────────────────────────────────────────
CHALLENGE = re.compile(
    r"just a moment|attention required|checking your browser|verify (that )?you are (a )?human|are you a robot|"
    r"access denied|request blocked|pardon our interruption|security check"
)
CHALLENGE_CODE = re.compile(
    rb"_cf_chl_opt|/cdn-cgi/challenge-platform|captcha-delivery\.com|px-captcha|sgcaptcha|_Incapsula_"
)
FOR_SALE = re.compile(
    r"domain (name )?(is|may be|might be) (for sale|parked|available for purchase)|buy this domain|"
    r"(this )?domain is parked|parked (free|domain)|domain steht zum verkauf|domaine est a vendre|"
    r"dominio (esta )?en venta|dominio e in vendita"
)
PARKING_HOST = re.compile(
    rb"//([a-z0-9-]+\.)*(sedoparking\.com|parkingcrew\.net|bodis\.com|parklogic\.com)[/\"':]", re.IGNORECASE
)
PARKING_CODE = re.compile(rb"location(\.href)?\s*=\s*[\"']/lander", re.IGNORECASE)  # others have such a page too
OUT_OF_THE_BOX = re.compile(
    r"^(welcome to nginx|apache2? .{0,20}default page|it works|iis windows( server)?|index of|"
    r"test page for the|default (web site|parallels plesk) page|web server.s default page)"
)


def _not_live(markup: Markup, body: bytes, opt_out: OptOut) -> tuple[State, str] | None:
    words, title = evened(markup.text), evened(markup.title)
    is_short = len(words) < SHORT_TEXT
    if is_short and _is_parked(f"{title} {words}", body):
        return State.PARKED, "The name is parked: its page offers the domain, or advertisements."
    if is_short and (CHALLENGE_CODE.search(body) or CHALLENGE.search(title)):
        return State.BLOCKED, "It keeps us out: it wants to know first that we are no machine."
    if OUT_OF_THE_BOX.search(title) or (is_short and OUT_OF_THE_BOX.search(words)):
        return State.DEFAULT_PAGE, "It shows the page that a web server comes with, and nothing of yours."
    if len(words) < FEW_LETTERS and opt_out.found is not Found.FOUND:
        if markup.has_script:
            return State.JS_ONLY, "Its page is drawn by a script, which we do not run."
        if not words:
            return State.WRONG_CONTENT, "Its page has no text."
    return None


def _is_parked(words: str, body: bytes) -> bool:
    """A host that does nothing but park names serves it; or it offers the name, and another sign agrees: a second
    offer, the code of such pages, or that it says nothing else."""
    if PARKING_HOST.search(body):
        return True
    offers = {match[0] for match in FOR_SALE.finditer(words)}
    return bool(offers) and (len(offers) > 1 or len(words) < NOTHING_ELSE or bool(PARKING_CODE.search(body)))


# ── the way to opt out ──────────────────────────────────────────────────────
# As people write it on a link or a button, accents left away. A bare word in running text is no way out.
WAYS_OUT = re.compile(
    r"\b(opt ?out|unsubscribe|unsubscription|remove me|take me off|stop these|stop (all |receiving )?(e ?)?mails?|"
    r"(e ?mail|mailing|newsletter|subscription|communication|contact) (preferences|settings)|"
    r"manage (your |my )?subscriptions?|leave (this|the|our) "
    r"(mailing )?list|no more (mail|email|from us)|"
    r"(e ?mail|newsletter) ?(einstellungen|voorkeuren)|preferences (e ?mail|de communication|d abonnement)|"
    r"preferencias de (correo|comunicacion|suscripcion|e ?mail|comunicacao|subscricao)|"
    r"preferenze (e ?mail|di comunicazione|di iscrizione)|"
    r"abmelden|abmeldung|abbestellen|austragen|"
    r"desabonner|desabonnement|desinscrire|desinscription|"
    r"darse de baja|darme de baja|dar de baja|cancelar (la |mi )?suscripcion|desuscribirse|desuscribir|"
    r"descadastrar|cancelar (a )?(inscricao|assinatura|subscricao)|anular (a )?subscricao|"
    r"disiscriviti|disiscriversi|disiscrizione|annulla (l )?iscrizione|cancella (l )?iscrizione|cancellati|"
    r"uitschrijven|afmelden|avregistrera|avsluta prenumeration|avprenumerera|avmeld|avmelding|afmeld|afmelding|"
    r"peruuta tilaus|peru tilaus|wypisz|wypisz sie|anuluj subskrypcje|rezygnuj|zrezygnuj|odhlasit|odhlaseni|"
    r"отписаться|отписка)\b|配信停止|購読解除|退订|退訂|取消订阅"
)
# All that may stand on a link for it to be certain that nobody opts out there. Any other may lead to the way out.
NO_WAY_OUT = re.compile(
    r"(home|start|startseite|accueil|inicio|about|about us|uber uns|wir uber uns|a propos|qui sommes nous|"
    r"sobre nosotros|sobre nos|chi siamo|over ons|om oss|our story|team|jobs|careers|press|news|blog|shop|store|"
    r"products|produkte|produits|productos|produtos|prodotti|services|prices|pricing|imprint|impressum|"
    r"mentions legales|aviso legal|"
    r"terms|terms of (use|service)|terms and conditions|facebook|instagram|twitter|linkedin|youtube)"
)


def _opt_out(markup: Markup) -> OptOut:
    return next(ways_out(markup), None) or OptOut(Found.NOT_FOUND if _has_none(markup) else Found.REVIEW)


def ways_out(markup: Markup) -> Iterator[OptOut]:
    """Ways to opt out, the plainest first."""
    is_titled = WAYS_OUT.search(evened(f"{markup.title} {markup.headings}"))
    for form in markup.forms:
        if form.takes_address and (is_titled or WAYS_OUT.search(evened(f"{form.words} {form.path}"))):
            yield OptOut(Found.FOUND, form.words[:120] or "A form", form.action)
    for button in markup.buttons:
        if WAYS_OUT.search(evened(button)):
            yield OptOut(Found.FOUND, button[:120])
    for link in markup.links:
        if WAYS_OUT.search(evened(f"{link.words} {link.path}")):
            yield OptOut(Found.FOUND, link.words[:120], link.url, link.mailbox)
        elif link.mailbox and WAYS_OUT.search(evened(f"{link.mailbox} {link.around}")):
            yield OptOut(Found.FOUND, link.around[:120], link.url, link.mailbox)


def _has_none(markup: Markup) -> bool:
    """Read whole, and all that one could leave by is known to be something else; nor do its words speak of leaving,
    as where one has to call."""
    can_be = markup.has_script or markup.has_frame or markup.forms or markup.buttons or markup.has_address
    is_known = all(NO_WAY_OUT.fullmatch(evened(link.words)) for link in markup.links)
    return markup.is_whole and not can_be and is_known and not WAYS_OUT.search(evened(markup.text))
