"""MX, SPF, DMARC and addresses: what is there, what is not, and what could not be seen."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from egress.answer import Outcome
from monitors.probes import mail_records
from monitors.probes.reading import Reading, Verdict
from tests.monitors.fakes import FakeWorld

DOMAIN = "acme.example"
BLIND = [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.REFUSED, Outcome.MALFORMED, Outcome.UNREACHABLE]
LOOKS = [mail_records.look_mx, mail_records.look_spf, mail_records.look_dmarc]


def look(probe: Callable[..., Awaitable[Any]], world: FakeWorld, *more: str) -> Any:
    async def work() -> Any:
        return await probe(world, DOMAIN, *more)

    return asyncio.run(work())


def mx(*records: str, address: str = "") -> Reading:
    world = FakeWorld()
    world.say(DOMAIN, "irrelevant", rdtype="TXT")  # the name exists
    if records:
        world.say(DOMAIN, *records, rdtype="MX")
    if address:
        world.say(DOMAIN, address)
    reading: Reading = look(mail_records.look_mx, world)
    return reading


def test_mail_goes_to_the_best_server_and_all_are_named() -> None:
    reading = mx("20 b.acme.example", "10 a.acme.example")
    assert (reading.verdict, reading.result) == (Verdict.CLEAR, "pass")
    assert reading.text == ("a.acme.example", "b.acme.example")
    assert reading.sentence == "Mail for acme.example goes to a.acme.example."


def test_without_a_mail_server_mail_goes_to_the_address() -> None:
    assert mx(address="192.0.2.1").result == "address"


@pytest.mark.parametrize(("records", "result"), [(("0 .",), "null_mx"), ((), "no_mx")])
def test_a_domain_that_takes_no_mail_is_told(records: tuple[str, ...], result: str) -> None:
    assert (mx(*records).verdict, mx(*records).result) == (Verdict.ADVERSE, result)


def test_a_domain_that_does_not_exist_is_told() -> None:
    assert look(mail_records.look_mx, FakeWorld()).result == "nxdomain"


def spf(*records: str) -> Reading:
    world = FakeWorld()
    world.say(DOMAIN, *(records or ("something else",)), rdtype="TXT")
    reading: Reading = look(mail_records.look_spf, world)
    return reading


@pytest.mark.parametrize(
    ("records", "result"),
    [
        (("v=spf1 ip4:192.0.2.1 -all", "google-site-verification=x"), "pass"),
        (("V=SPF1 mx ~all",), "pass"),
        (("v=spf1",), "pass"),
        ((), "none"),
        (("v=spf10 -all", "spf1 mx"), "none"),
        (("v=spf1 mx -all", "v=spf1 a -all"), "several"),
        (("v=spf1 mx +all",), "everybody"),
        (("v=spf1 mx all",), "everybody"),
    ],
)
def test_an_spf_record_is_read(records: tuple[str, ...], result: str) -> None:
    assert spf(*records).result == result


def dmarc(organisational: str = "", **records: str) -> Reading:
    world = FakeWorld()
    for name, record in records.items():
        world.say(f"_dmarc.{name.replace('_', '.')}", record, rdtype="TXT")
    reading: Reading = look(mail_records.look_dmarc, world, organisational)
    return reading


@pytest.mark.parametrize(
    ("record", "result", "codes"),
    [
        ("v=DMARC1; p=reject; rua=mailto:a@b", "pass", ("reject",)),
        ("v=DMARC1;p=none", "pass", ("none",)),
        ("v=DMARC1 ; P=Quarantine", "pass", ("quarantine",)),
        ("v=DMARC1; p=maybe", "unreadable", ()),
        ("v=DMARC1", "unreadable", ()),
        ("v=dmarc1; p=none", "none", ()),  # RFC 7489 section 6.3: the version is case-sensitive
    ],
)
def test_a_dmarc_record_is_read(record: str, result: str, codes: tuple[str, ...]) -> None:
    reading = dmarc(acme_example=record)
    assert (reading.result, reading.codes) == (result, codes)


def test_the_organisational_domain_stands_in_with_its_word_for_subdomains() -> None:
    world = FakeWorld()
    world.say("_dmarc.acme.example", "v=DMARC1; p=reject; sp=none", rdtype="TXT")

    async def work() -> Reading:
        return await mail_records.look_dmarc(world, "news.acme.example", "acme.example")

    reading = asyncio.run(work())
    assert (reading.codes, reading.sentence) == (
        ("none",),
        "news.acme.example has a DMARC policy, through acme.example: none.",
    )


@pytest.mark.parametrize("outcome", BLIND)
@pytest.mark.parametrize("probe", LOOKS)
def test_what_could_not_be_looked_up_is_unknown(probe: Callable[..., Awaitable[Reading]], outcome: Outcome) -> None:
    world = FakeWorld()
    world.fail(DOMAIN, outcome)
    world.fail(f"_dmarc.{DOMAIN}", outcome)
    assert look(probe, world).verdict is Verdict.UNKNOWN


def test_a_name_with_no_answer_for_one_family_is_not_said_to_have_no_address() -> None:
    world = FakeWorld()
    world.fail(DOMAIN, Outcome.TIMEOUT)
    found = look(mail_records.look_up, world)
    assert (found.exists, found.addresses, found.reading.verdict) == (None, (), Verdict.UNKNOWN)
