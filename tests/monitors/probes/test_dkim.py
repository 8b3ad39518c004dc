"""DKIM keys of the selectors that are known."""

import asyncio
import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from egress.answer import Outcome
from monitors.probes import dkim_key
from monitors.probes.dkim import look_dkim
from monitors.probes.reading import Reading, Severity, Verdict
from tests.monitors.probes.spf.dns import Dns

NAME = "s1._domainkey.acme.example"
BLIND = [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.REFUSED, Outcome.MALFORMED, Outcome.UNREACHABLE]


def rsa_key(bits: int, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    """A public key of that size. No secret belongs to it: a modulus is only a number here."""
    key = rsa.RSAPublicNumbers(65537, (1 << (bits - 1)) | 1).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, form)).decode()


GOOD, SHORT, WEAK = rsa_key(2048), rsa_key(1024), rsa_key(768)
EDWARDS = base64.b64encode(
    ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
).decode()


def look(dns: Dns, *selectors: str) -> Reading:
    reading = asyncio.run(look_dkim(dns, "acme.example", selectors or ("s1",), path=1))
    assert reading.clause == "R8"
    assert json.dumps(reading.evidence)
    assert {path for _, _, path in dns.asked} <= {1}
    assert bool(reading.grounds) is (reading.verdict is Verdict.ADVERSE)
    return reading


def of(*records: str) -> Reading:
    return look(Dns(*(f"{NAME} TXT {record}" for record in records)))


@pytest.mark.parametrize(
    ("record", "codes"),
    [
        (f"v=DKIM1; k=rsa; p={GOOD}", ()),
        (f"p={GOOD}", ()),
        (f"v=DKIM1;p={GOOD};", ()),
        (f"v=DKIM1; p={GOOD[:60]} {GOOD[60:]}", ()),
        (f"v=DKIM1; k=rsa; p={rsa_key(2048, PublicFormat.PKCS1)}", ()),
        (f"v=DKIM1; k=ed25519; p={EDWARDS}", ()),
        (f"v=DKIM1; h=sha1:sha256; s=email; t=s; n=a note; p={GOOD}", ()),
        (f"v=DKIM1; s=*; x=unknown; p={GOOD}", ()),
        (f"v=DKIM1; k=rsa; p={SHORT}", ("dkim_short_key",)),
        (f"v=DKIM1; t=y:s; p={GOOD}", ("dkim_testing",)),
    ],
)
def test_a_key_that_receivers_can_use_is_clear(record: str, codes: tuple[str, ...]) -> None:
    reading = of(record)
    assert (reading.verdict, reading.result, reading.codes) == (Verdict.CLEAR, "pass", codes)
    assert reading.sentence == "acme.example publishes a DKIM key for the selector s1."


@pytest.mark.parametrize(
    ("records", "result", "says"),
    [
        ((), "missing", f"The DKIM key {NAME} is not there; publish the key, or correct the selector."),
        (("v=spf1 -all",), "missing", "is not there"),  # a wildcard of the zone answers
        (("v=DKIM1; p=",), "revoked", "is revoked (p= is empty)"),
        (("v=DKIM1; p= ; t=s",), "revoked", "is revoked"),
        ((f"v=DKIM1; p={GOOD}", f"v=DKIM1; p={SHORT}"), "several", "has 2 keys"),
        ((f"v=DKIM1; p={WEAK}",), "weak_key", "has 768 bits"),
        (("v=DKIM1; p=@@@",), "unreadable", "has no rsa key in it"),
        (("v=DKIM1; p=AAAA",), "unreadable", "has no rsa key in it"),
        ((f"v=DKIM1; p={EDWARDS}",), "unreadable", "has no rsa key in it"),
        ((f"v=DKIM1; k=ed25519; p={GOOD}",), "unreadable", "has no ed25519 key in it"),
        ((f"v=DKIM1; k=rot13; p={GOOD}",), "unreadable", "has no rot13 key in it"),
        ((f"p={GOOD}; v=DKIM1",), "unreadable", "v= is not its first tag"),
        ((f"v=DKIM1; p={GOOD}; p={GOOD}",), "unreadable", "p= stands in it twice"),
        ((f"v=DKIM1; nonsense; p={GOOD}",), "unreadable", "'nonsense' is no tag"),
        ((f"v=DKIM1; h=sha1; p={GOOD}",), "no_sha256", "does not allow sha256"),
        ((f"v=DKIM1; s=tlsrpt; p={GOOD}",), "not_for_mail", "is not for mail"),
        ((f"v=DKIM2; p={GOOD}",), "missing", "is not there"),
    ],
)
def test_a_key_that_receivers_cannot_use_is_a_fault(records: tuple[str, ...], result: str, says: str) -> None:
    reading = of(*records)
    assert (reading.verdict, reading.result, reading.severity) == (Verdict.ADVERSE, result, Severity.WARN)
    assert says in reading.sentence
    assert [ground.fault for ground in reading.grounds] == [f"dkim:s1:{result}"]


@pytest.mark.parametrize("selectors", [(), ("",), (" ", "")])
def test_without_a_known_selector_nothing_is_known_and_nothing_asked(selectors: tuple[str, ...]) -> None:
    dns = Dns()
    reading = asyncio.run(look_dkim(dns, "acme.example", selectors))
    assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "no_selector_known")
    assert dns.asked == []


@pytest.mark.parametrize("outcome", BLIND)
def test_what_the_dns_does_not_say_is_unknown(outcome: Outcome) -> None:
    dns = Dns()
    dns.fail(NAME, outcome)
    reading = look(dns)
    assert (reading.verdict, reading.result, reading.severity) == (Verdict.UNKNOWN, "temperror", Severity.NONE)
    assert "could not be looked up" in reading.sentence


def test_each_selector_is_looked_at_and_each_has_its_own_ground() -> None:
    dns = Dns(f"{NAME} TXT p={GOOD}", "old._domainkey.acme.example TXT v=DKIM1; p=")
    reading = look(dns, "s1", "S1.", "old", "gone")
    assert [ground.fault for ground in reading.grounds] == ["dkim:old:revoked", "dkim:gone:missing"]
    assert reading.about({"dkim:gone:missing"})[1].startswith("DKIM keys of acme.example: gone is not there")
    assert len(dns.asked) == 3


def test_a_fault_is_told_although_another_selector_is_unknown() -> None:
    dns = Dns()
    dns.fail(NAME, Outcome.TIMEOUT)
    assert [ground.fault for ground in look(dns, "s1", "gone").grounds] == ["dkim:gone:missing"]


def test_a_key_behind_an_alias_is_fine_and_said_to_be_one() -> None:
    dns = Dns()
    dns.say(NAME, f"v=DKIM1; p={GOOD}", rdtype="TXT", canonical="k.esp.example")
    reading = look(dns)
    assert (reading.verdict, reading.codes) == (Verdict.CLEAR, ("dkim_alias",))
    assert "k.esp.example" in reading.meanings[0]


@pytest.mark.parametrize("selector", ["a b", "x" * 64, "a..b", "ä"])
def test_a_selector_that_cannot_be_a_name_is_missing(selector: str) -> None:
    reading = look(Dns(), selector)
    assert reading.result == "missing"
    assert "cannot be a name in the DNS" in reading.sentence


def test_of_many_selectors_the_first_twenty_are_looked_at() -> None:
    dns = Dns()
    reading = look(dns, *(f"s{number}" for number in range(30)))
    assert len(dns.asked) == 20
    assert reading.codes == ("dkim_many_selectors",)


@given(
    st.text(alphabet="vkphtsn=;: DKIM1rsay" + GOOD[:9], max_size=80)
    | st.binary(max_size=90).map(lambda raw: f"v=DKIM1; p={base64.b64encode(raw).decode()}")
)
def test_any_record_is_read(record: str) -> None:
    key = dkim_key.read(record)
    assert bool(key.fault) is bool(key.phrase)
