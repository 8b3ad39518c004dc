"""What a sample message shows by itself: how it travelled, who signed it, which links and names it carries. Pure.

`read` takes the raw message that a vendor sends as evidence and gives facts by name. A fact that cannot be told is
left out: unknown is no answer. Nothing is fetched, resolved or verified: a header says what it says, and whoever made
the message could have written it, all but the last hop. The parts of the message are taken apart in sample_parts.py,
its path in sample_path.py; both are bounded, since the bytes come from anybody.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from questionnaires.sample_parts import Body, Header, read_body, split
from questionnaires.sample_path import handover, read_hops

SOFTWARE_FIELDS = ("X-Mailer", "X-Mailer-Version", "User-Agent")
NOT_SOFTWARE = re.compile(
    r"\btls|using |version=|cipher|authenticated|envelope|\[|@|=|unknown|helo|localhost", re.IGNORECASE
)
ONE_CLICK_FIELDS = {"list-unsubscribe", "list-unsubscribe-post"}
WORD = re.compile(r"[^\W_]+")
INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
UNSPACED = re.compile(r"[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\u0e00-\u0eff]")  # scripts that set no blanks
LONGEST_FACT = 500  # characters
MOST_SIGNATURES = 20


def read(
    raw: bytes,
    *,
    names: Sequence[str],
    postal: Sequence[str],
    advertiser_links: Sequence[str],
    own_domains: Sequence[str],
    approval_links: Sequence[str] = (),
) -> dict[str, Any]:
    """The facts "sample.*" of the message; never raises, and reads no more than the limits of sample_parts.py.

    names: of the list owner, any of which will do. postal: whole addresses with their parts set apart by commas or line
    breaks, any of which will do. advertiser_links, approval_links: URLs, or domains for any URL below them.
    """
    header, content = split(raw)
    body = read_body(header, content)
    facts = _of_path(header, own_domains) | _of_headers(header) | _of_body(body, names, postal)
    facts["sample.both_links"] = _both_links(body, advertiser_links, own_domains, approval_links)
    facts["sample.approval_link"] = _has_link(body, approval_links)
    return {name: value for name, value in facts.items() if value is not None}


# ── how it travelled ────────────────────────────────────────────────────────
def _of_path(header: Header, own_domains: Sequence[str]) -> dict[str, Any]:
    """Known only of a message that was sent: one without Received was saved before it left."""
    hops = read_hops(header)
    if not hops:
        return {"sample.software": _software(header, ())}
    last = handover(hops, lambda name: below(name, own_domains))
    own = [hop for hop in hops if below(hop.by, own_domains)]
    return {
        "sample.hops": [{"by": hop.by, "from": hop.sender, "tls": hop.tls} for hop in hops],
        "sample.tls": last.tls if last else None,
        "sample.private_hop": any(hop.is_private for hop in hops),
        "sample.software": _software(header, [comment for hop in reversed(own) for comment in hop.comments]),
    }


def _software(header: Header, comments: Iterable[str]) -> str | None:
    """What the vendor's own servers call themselves, "Postfix"; else the program that wrote the message."""
    for comment in (comment.partition(",")[0] for comment in comments):
        if comment and not NOT_SOFTWARE.search(comment) and any(one.isalpha() for one in comment):
            return comment[:100]
    return next((said[:100] for field in SOFTWARE_FIELDS if (said := header.first(field))), None)


# ── what its headers say ────────────────────────────────────────────────────
def _of_headers(header: Header) -> dict[str, Any]:
    was_sent = bool(header.all("Received"))
    signatures = [_tags(value) for value in header.all("DKIM-Signature")[:MOST_SIGNATURES]]
    signing = sorted({domain for tags in signatures if (domain := host(tags.get("d", "")))})
    unsubscribe = ", ".join(header.all("List-Unsubscribe"))[:LONGEST_FACT]
    return {
        "sample.dkim": signing if signing or was_sent else None,
        "sample.list_unsubscribe": unsubscribe or None,
        "sample.one_click": _one_click(unsubscribe, header, signatures, was_sent),
        "sample.from_domain": _address_domain(header.first("From")),
        "sample.return_path_domain": _address_domain(header.first("Return-Path")),
    }


def _one_click(unsubscribe: str, header: Header, signatures: Sequence[dict[str, str]], was_sent: bool) -> bool | None:
    """RFC 8058: an https address, the header that says one click is enough, and a signature over both. A server may add
    all three on the way out."""
    post = header.first("List-Unsubscribe-Post") or ""
    is_offered = "<https://" in unsubscribe.lower() and post.replace(" ", "").lower() == "list-unsubscribe=one-click"
    covers = any(
        {name.strip() for name in tags.get("h", "").lower().split(":")} >= ONE_CLICK_FIELDS for tags in signatures
    )
    if is_offered and covers:
        return True
    return False if was_sent else None


def _tags(value: str) -> dict[str, str]:
    """The tags of a DKIM signature (RFC 6376, section 3.2)."""
    parts = (part.partition("=") for part in value.split(";"))
    return {name.strip(): "".join(said.split()) for name, _, said in parts}


def _address_domain(value: str | None) -> str | None:
    if not value:
        return None
    try:
        address = parseaddr(value[:LONGEST_FACT])[1]
    except (ValueError, IndexError, TypeError, AttributeError):  # what parseaddr makes of nonsense
        return None
    return host(address.rpartition("@")[2]) or None if "@" in address else None


# ── what its reader sees ────────────────────────────────────────────────────
def _of_body(body: Body | None, names: Sequence[str], postal: Sequence[str]) -> dict[str, Any]:
    if body is None:
        return {}
    words = _words(body.text)
    named = [_words(name) for name in names]
    addresses = [[_words(part) for part in re.split(r"[,\n]", address)] for address in postal]
    return {
        "sample.plain_text": body.has_plain if body.is_whole or body.has_plain else None,
        "sample.owner_named": _found((_says(words, name) for name in named), body, bool(named)),
        "sample.postal_address": _found((_shows(words, parts) for parts in addresses), body, bool(addresses)),
    }


def _found(tries: Iterable[bool], body: Body, may_tell: bool) -> bool | None:
    """Missing is only said of a message that was read to its end, and that has text at all: it may be one picture."""
    if not may_tell:
        return None
    if any(tries):
        return True
    return False if body.is_whole and body.text.strip() else None


def _shows(words: str, parts: Sequence[str]) -> bool:
    """All parts of the address, but for a country at its end, which is mostly left away at home."""
    telling = [part for part in parts if part.strip()]
    if len(telling) > 2 and not any(one.isdigit() for one in telling[-1]):
        telling = telling[:-1]
    return bool(telling) and all(_says(words, part) for part in telling)


def _says(words: str, phrase: str) -> bool:
    if not phrase.strip():
        return False
    return phrase in words or (
        UNSPACED.search(phrase) is not None and phrase.replace(" ", "") in words.replace(" ", "")
    )


def _words(text: str) -> str:
    """Lower case, words apart by one blank and nothing else, a blank at each end: phrases then match whole words."""
    plain = unicodedata.normalize("NFKC", text.translate(INVISIBLE)).casefold()
    return f" {' '.join(WORD.findall(plain))} "


def _both_links(
    body: Body | None, advertiser_links: Sequence[str], own_domains: Sequence[str], not_for_it: Sequence[str]
) -> bool | None:
    """An opt-out link to the advertiser, and a link to the vendor. Where links are rewritten for counting, both may
    lead over the vendor's domain: then it cannot be told. `not_for_it` are links to the advertiser for other ends."""
    if body is None or not advertiser_links or not own_domains:
        return None
    own = sum(below(urlsplit(link).hostname or "", own_domains) for link in body.links)
    if own and any(leads_to(link, advertiser_links) and not leads_to(link, not_for_it) for link in body.links):
        return True
    return False if body.is_whole and own < 2 else None


def _has_link(body: Body | None, wanted: Sequence[str]) -> bool | None:
    if body is None or not wanted:
        return None
    if any(leads_to(link, wanted) for link in body.links):
        return True
    return False if body.is_whole else None


def leads_to(link: str, wanted: Sequence[str]) -> bool:
    """Is it one of these addresses, or below one of these domains?"""
    found = urlsplit(link)
    for one in wanted:
        if "//" not in one:
            if below(found.hostname or "", [one]):
                return True
            continue
        asked = urlsplit(one)
        if host(found.hostname or "") == host(asked.hostname or "") and (found.path + "/").startswith(
            asked.path.rstrip("/") + "/"
        ):
            return True
    return False


def below(name: str, domains: Sequence[str]) -> bool:
    """Is the host one of the domains, or within one?"""
    asked = host(name)
    return bool(asked) and any(
        asked == domain or asked.endswith(f".{domain}") for domain in map(host, domains) if domain
    )


def host(name: str) -> str:
    """A host name in lower case and A-labels; "" for what is none."""
    plain = name.strip().strip("<>[]").rstrip(".").lower()
    if not plain or len(plain) > 253:
        return ""
    if not plain.isascii():
        try:
            plain = ".".join(label.encode("idna").decode() for label in plain.split("."))
        except UnicodeError:
            return ""
    return plain if re.fullmatch(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?", plain) else ""
