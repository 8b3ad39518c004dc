"""A key is a label of the names that we ask: it goes out on the wire, and must be in nothing that is kept or shown.

The servers here are hostile: they give the name that was asked back in whatever place a DNS answer has room for it.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address

import dns.message
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress.resolver import Resolver
from monitors.catalogue import known
from monitors.check_sender import check
from monitors.probes import blocklist, health
from monitors.probes.entry import KEY_MASK, Blocklist
from monitors.probes.resolver_test import diagnose
from tests.egress.scripted import Script, ScriptedServer, name_of, reply
from tests.monitors.fakes import house

KEY = "SfdsfdXyzzy42"
HALF = KEY[:8].lower()
KEYED = {entry.id: entry for entry in known(None, {"spamhaus-zen": KEY, "spamhaus-dbl": KEY, "abusix-combined": KEY})}
ZEN, DBL, ABUSIX = (KEYED[name] for name in ("spamhaus-zen", "spamhaus-dbl", "abusix-combined"))
BOTH_ZONES = replace(ZEN, zone="zen.spamhaus.org")
TARGETS = ("203.0.113.5", "2001:db8::5")


def listed(query: dns.message.Message, *records: str, text: str = "") -> bytes:
    """The name that was asked, listed with these records, its TXT as given."""
    name = query.question[0].name
    if query.question[0].rdtype == dns.rdatatype.TXT:
        return reply(query, f"{name} 60 IN TXT {text}")
    return reply(query, *(f"{name} 60 IN A {record}" for record in records or ("127.0.0.2",)))


def echo_in_text(query: dns.message.Message, _: bytes) -> bytes:
    return listed(query, text=f'"see https://lists.example/?q={name_of(query)}"')


def echo_in_capitals(query: dns.message.Message, _: bytes) -> bytes:
    return listed(query, text=f'"{name_of(query).upper()}" "{KEY}" "x{KEY.upper()}x"')


def echo_where_it_is_cut(query: dns.message.Message, _: bytes) -> bytes:
    """The end of what is kept falls into the middle of the key."""
    return listed(query, text=f'"{"y" * 245}" "{"y" * 247}{HALF}" "{KEY[8:]}{"y" * 200}"')


def echo_in_two_strings(query: dns.message.Message, _: bytes) -> bytes:
    """One record whose strings part in the middle of the key: they are joined before anybody reads them."""
    return listed(query, text=f'"{KEY[:5]}" "{KEY[5:]}"')


def echo_many_times(query: dns.message.Message, _: bytes) -> bytes:
    return listed(query, text=f'"{KEY * 3}{KEY.upper()} {KEY}{KEY}"')


def echo_in_an_alias(query: dns.message.Message, _: bytes) -> bytes:
    """A CNAME to a name with the key in it, in capitals, and listed there."""
    name, target = query.question[0].name, f"{KEY.upper()}.x{KEY}y.evil.example."
    if query.question[0].rdtype == dns.rdatatype.TXT:
        return reply(query, f"{name} 60 IN CNAME {target}", f'{target} 60 IN TXT "{KEY}"')
    return reply(query, f"{name} 60 IN CNAME {target}", f"{target} 60 IN A 127.0.0.2")


def echo_in_an_alias_that_leads_nowhere(query: dns.message.Message, _: bytes) -> bytes:
    target = f"{KEY}.evil.example."
    return reply(query, f"{query.question[0].name} 60 IN CNAME {target}", rcode=dns.rcode.NXDOMAIN)


def parked(query: dns.message.Message, _: bytes) -> bytes:
    return listed(query, "91.195.240.117", text=f'"{KEY} is for sale"')


def refusing(query: dns.message.Message, _: bytes) -> bytes:
    return listed(query, "127.255.255.251", text=f'"key {KEY} rejected"')


def unknown_code(query: dns.message.Message, _: bytes) -> bytes:
    return listed(query, "127.0.0.77", text=f'"{KEY}"')


def rcode(code: dns.rcode.Rcode) -> Script:
    return lambda query, _: reply(query, rcode=code)


def only_the_test_entry(query: dns.message.Message, _: bytes) -> bytes:
    if name_of(query).startswith(("2.0.0.127.", "dbltest.com.")) or "5.113.0.203" in name_of(query):
        return listed(query, "127.0.0.2" if "127" in name_of(query) else "127.0.1.2", text=f'"{name_of(query)}"')
    return reply(query, rcode=dns.rcode.NXDOMAIN)


SERVERS: dict[str, Script] = {
    one.__name__.replace("_", " "): one
    for one in (
        *(echo_in_text, echo_in_capitals, echo_where_it_is_cut, echo_in_two_strings, echo_many_times),
        *(echo_in_an_alias, echo_in_an_alias_that_leads_nowhere, parked, refusing, unknown_code, only_the_test_entry),
    )
} | {
    "NXDOMAIN": rcode(dns.rcode.NXDOMAIN),
    "NODATA": rcode(dns.rcode.NOERROR),
    "SERVFAIL": rcode(dns.rcode.SERVFAIL),
    "REFUSED": rcode(dns.rcode.REFUSED),
    "noise": lambda query, packet: packet[:2] + f"{KEY}".encode() * 3,
    "silence": lambda query, packet: None,
}


def knowing_only_what_it_is_told(script: Script) -> Script:
    """Who is not asked with the key (the reverse DNS, say) cannot give it back."""

    def told(query: dns.message.Message, packet: bytes) -> bytes | list[bytes] | None:
        if KEY.lower() in name_of(query).lower():
            return script(query, packet)
        return reply(query, rcode=dns.rcode.NXDOMAIN)

    return told


@pytest.mark.parametrize("script", SERVERS.values(), ids=SERVERS)
@pytest.mark.parametrize("entry", [ZEN, BOTH_ZONES, DBL, ABUSIX], ids=["zen", "with both zones", "dbl", "abusix"])
def test_the_key_goes_out_and_comes_back_nowhere(
    entry: Blocklist, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    names = "domain" in entry.targets

    async def main() -> tuple[list[str], list[bytes]]:
        async with (
            ScriptedServer(knowing_only_what_it_is_told(script)) as server,
            Resolver([server.path], timeout=0.1, lifetime=0.15, tries=1) as resolver,
        ):
            seen: list[str] = []
            proof = await health.prove(resolver.ask, entry, nonce="n")
            for target in ("mail.alder.example",) if names else TARGETS:
                reading = await blocklist.look(resolver.ask, entry, target if names else ip_address(target))
                for one in (reading, proof.vouch(reading)):
                    seen += [
                        repr(one),
                        one.sentence,
                        json.dumps(one.evidence),
                        *one.text,
                        str(one.about({"127.0.0.2"})),
                    ]
            report = await check(resolver.ask, [entry], ip_address(TARGETS[0]), domain="alder.example", nonce="n")
            seen += [repr(proof), proof.sentence, json.dumps(proof.evidence)]
            seen += [json.dumps(report.as_json()), repr(report), report.summary]
            seen += [repr(diagnose("192.0.2.53:53", {entry.id: proof, "b": proof, "c": proof}))]
            return seen, server.asked

    seen, asked = asyncio.run(main())
    assert any(KEY.lower().encode() in packet.lower() for packet in asked)
    for text in (*seen, caplog.text, repr(entry), entry.zone_shown):
        assert KEY.lower() not in text.lower()
        assert HALF not in text.lower()
    assert any(KEY_MASK in text for text in seen)


STRANGE = [
    "a..b.example",
    "a b.example",
    "\u00fc" * 70 + ".example",
    "x" * 64 + ".example",
    "a." * 120 + "example",
    "",
    ".",
    "\0",
]


@pytest.mark.parametrize("target", STRANGE, ids=repr)
def test_no_strange_target_brings_the_key_into_an_error(target: str) -> None:
    async def never(name: str, rdtype: str, *, path: int = 0) -> object:
        raise AssertionError("it was asked")

    reading = asyncio.run(blocklist.look(never, DBL, target))  # type: ignore[arg-type]
    assert reading.result == "not_covered"
    assert HALF not in repr(reading).lower()


@pytest.mark.parametrize("ask", [blocklist.look, health.prove])
def test_a_list_that_cannot_be_asked_says_so_without_its_key(ask: Callable[..., object]) -> None:
    entry = replace(ZEN, key_zone="", zone="")
    arguments = {"target": ip_address(TARGETS[0])} if ask is blocklist.look else {"nonce": "n"}
    with pytest.raises(ValueError, match="spamhaus-zen is not configured") as refused:
        asyncio.run(ask(None, entry, **arguments))  # type: ignore[arg-type]
    assert HALF not in str(refused.value).lower()


# ---- The laws of hiding ----

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
keys = st.text(LETTERS, min_size=1, max_size=20)


def hide(key: str, text: str) -> str:
    return house(key=key, key_zone="{key}.x.example").hide_key(text)


@given(keys, st.lists(st.text(LETTERS.upper() + LETTERS + ". …", max_size=10), max_size=5))
def test_the_key_is_gone_wherever_it_stood_and_whatever_its_case(key: str, parts: list[str]) -> None:
    for between in (key, key.upper(), key.title()):
        shown = hide(key, between.join(parts))
        assert key not in shown.lower()
        assert shown.count(KEY_MASK) >= len(parts) - 1 - between.join(parts).count(KEY_MASK)


@given(keys, st.text(max_size=60))
def test_hiding_twice_is_hiding_once_and_other_text_stays_as_it_is(key: str, text: str) -> None:
    shown = hide(key, text)
    assert hide(key, shown) == shown
    assert key not in shown.lower()
    if key not in text.casefold() and key not in text.lower() and key not in text.upper().lower():
        assert shown == text


@given(st.text(max_size=60))
def test_without_a_key_nothing_is_hidden(text: str) -> None:
    assert hide("", text) == text
