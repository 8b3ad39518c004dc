"""Which of several answers about a domain is believed, and what a failed one changes: nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress import rdap
from monitors.probes.holder import RuleVerdict, assess
from monitors.probes.holder_elements import Company, ElementState
from monitors.probes.reading import Severity, Verdict
from monitors.probes.registered import Registered
from tests.monitors.probes.cards import GOOD, NOW, body, failed, held, judged, said, state, whois_said

WHOIS = "Domain Name: acme.example\nRegistrar: Ox\nRegistrant Organization: {0}\nRegistrant Email: {1}\n"


def test_the_registrars_word_is_believed_before_the_registrys() -> None:
    found = judged(Registered("acme.example", said(body(GOOD)), said(body(GOOD | {"email": "acme@gmail.com"}))))
    assert found.source is not None
    assert found.source.kind == "registrar_rdap"
    assert found.verdict is RuleVerdict.NOT_MET


def test_two_answers_are_never_made_one() -> None:
    thin = Registered("acme.example", said(body(GOOD)), said(body({"org": "Acme Mail Ltd"})))
    assert state(judged(thin), "email") == (ElementState.MISSING, "missing")


@pytest.mark.parametrize("outcome", [rdap.Outcome.LIMITED, rdap.Outcome.MALFORMED, rdap.Outcome.UNREACHABLE])
@pytest.mark.parametrize("email", ["dns@acme.example", "acme@gmail.com"])
def test_a_better_source_that_failed_leaves_the_verdict_open(outcome: rdap.Outcome, email: str) -> None:
    found = judged(Registered("acme.example", said(body(GOOD | {"email": email})), failed(outcome)))
    assert (found.verdict, found.reading().verdict) == (RuleVerdict.NOT_CHECKED, Verdict.UNKNOWN)
    assert f"It ended with {outcome}." in found.sentence


def test_a_registrar_that_will_not_answer_us_is_one_that_we_do_not_have() -> None:
    found = judged(Registered("acme.example", said(body(GOOD)), failed(rdap.Outcome.DENIED)))
    assert found.verdict is RuleVerdict.MET


def test_whois_speaks_where_rdap_is_not_spoken() -> None:
    answer = whois_said(WHOIS.format("Acme Mail Ltd", "acme@gmail.com"))
    registered = Registered("acme.example", failed(rdap.Outcome.NO_SERVER), whois=answer)
    found = judged(registered)
    assert found.source is not None
    assert (found.source.kind, found.source.host) == ("registry_whois", "whois.example")
    assert found.reading().grounds[0].fault == "email:free_mail"
    assert state(found, "phone") == (ElementState.NOT_OFFERED, "absent")  # from WHOIS, silence is no fault


def test_an_empty_field_of_whois_is_no_fault() -> None:
    text = WHOIS.format("Acme Mail Ltd", "dns@acme.example") + "Registrant Phone:\nRegistrant Street:\n"
    found = judged(Registered("acme.example", None, whois=whois_said(text)))
    assert (state(found, "phone")[0], found.verdict) == (ElementState.NOT_OFFERED, RuleVerdict.NOT_SHOWN)


@pytest.mark.parametrize(
    "text", ["", "WHOIS LIMIT EXCEEDED", "Domain Name: other.example\nRegistrar: Ox\n", "\x00" * 99]
)
def test_a_whois_answer_that_says_nothing_is_not_checked(text: str) -> None:
    found = judged(Registered("acme.example", failed(rdap.Outcome.NO_SERVER), whois=whois_said(text)))
    assert found.verdict is RuleVerdict.NOT_CHECKED


def test_a_registry_that_leaves_the_holder_to_nobody_is_not_shown() -> None:
    found = judged(held(None))
    assert {one.state for one in found.elements} == {ElementState.NOT_OFFERED}
    assert found.verdict is RuleVerdict.NOT_SHOWN


@pytest.mark.parametrize(
    ("exists", "verdict"),
    [(False, RuleVerdict.NOT_MET), (True, RuleVerdict.NOT_CHECKED), (None, RuleVerdict.NOT_CHECKED)],
)
def test_a_name_is_called_unregistered_only_when_the_dns_says_so_too(exists: bool | None, verdict: RuleVerdict) -> None:
    found = judged(Registered("acme.example", failed(rdap.Outcome.NOT_FOUND)), exists=exists)
    assert found.verdict is verdict
    if exists is False:
        assert found.reading().grounds[0].fault == "name:unregistered"


def test_an_ending_has_no_holder() -> None:
    assert judged(Registered("", None)).verdict is RuleVerdict.NOT_CHECKED


def test_the_evidence_keeps_where_when_what_and_the_beginning_of_the_body() -> None:
    long = said(body(GOOD, remarks=[{"description": ["x" * 9000]}]))
    (kept,) = judged(Registered("acme.example", long)).reading().evidence
    assert (kept["source"], kept["server"], kept["at"]) == ("registry_rdap", "rdap.example", NOW.isoformat())
    assert kept["fields"]["organisation"] == {"state": "present", "value": "Acme Mail Ltd"}
    assert kept["fields"]["nameservers"] == ["ns1.acme.example"]
    assert len(kept["raw"].encode()) <= 4096


def test_an_adverse_reading_narrows_to_its_faults_in_words() -> None:
    reading = judged(held(GOOD | {"email": "acme@gmail.com", "tel": "+1.5555555555"})).reading()
    assert [ground.fault for ground in reading.grounds] == ["email:free_mail", "phone:impossible"]
    assert reading.about({"phone:impossible"}) == (
        Severity.WARN,
        "The registration does not show who you are: +1.5555555555 is a telephone number that cannot be.",
    )


# ── laws ────────────────────────────────────────────────────────────────────
FIELDS = {
    "org": "Registrant Organization",
    "email": "Registrant Email",
    "tel": "Registrant Phone",
    "adr": "Registrant Street",
}
CARDS = st.fixed_dictionaries(
    {},
    optional={
        "org": st.sampled_from(["Acme Mail Ltd", "Birch", "", "REDACTED FOR PRIVACY"]) | st.text(max_size=20),
        "email": st.sampled_from(["dns@acme.example", "a@gmail.com", "", "https://f.example/"]) | st.text(max_size=20),
        "tel": st.sampled_from(["+44.2072343456", "+1.5555555555", "020 7234 3456", ""]) | st.text(max_size=20),
        "adr": st.lists(st.sampled_from(["1 High Street", "PO Box 1", "", "London"]), max_size=8),
    },
)  # fmt: skip


@given(
    CARDS,
    st.sets(st.sampled_from(sorted(FIELDS))),
    st.sampled_from(["removal", "emptyValue", "partialValue", "replacementValue"]),
)
def test_a_redaction_mark_never_makes_an_element_valid(card: dict[str, Any], marks: set[str], method: str) -> None:
    plain = judged(held(card))
    marked = judged(held(card, redacted=tuple(FIELDS[mark] for mark in sorted(marks)), method=method))
    for before, after in zip(plain.elements, marked.elements, strict=True):
        assert after.state is not ElementState.VALID or before.state is ElementState.VALID


@given(CARDS, st.text(max_size=200), st.text(max_size=30), st.none() | st.booleans())
def test_no_answer_makes_the_judging_fail(card: dict[str, Any], text: str, name: str, exists: bool | None) -> None:
    registered = Registered(
        "acme.example", said(body(card)), said({"entities": [card]}), whois_said(text), whois_said(text)
    )
    for one in (
        registered,
        Registered("acme.example", None, whois=whois_said(text)),
        Registered(name, None, whois=whois_said(text)),
    ):
        found = assess(one, Company(name), [name], now=NOW, exists=exists)
        assert found.reading().result in {str(verdict) for verdict in RuleVerdict}
        assert all(result.state in ElementState for result in found.elements)
