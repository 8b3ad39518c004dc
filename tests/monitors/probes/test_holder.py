"""What a registration amounts to: the state of each element, and the verdict of the rule."""

from datetime import date, timedelta
from typing import Any

import pytest

from egress import rdap
from monitors.probes.holder import Grant, LastGood, RuleVerdict, assess, record_hash
from monitors.probes.holder_elements import Company, ElementState
from monitors.probes.reading import Severity, Verdict
from monitors.probes.registered import Registered
from monitors.probes.registration import Registration
from tests.monitors.probes.cards import ACME, GOOD, NOW, failed, held, judged, state, without


def test_a_registration_that_shows_everything_is_clear() -> None:
    found = judged(held(GOOD))
    assert found.verdict is RuleVerdict.MET
    assert {one.state for one in found.elements} == {ElementState.VALID}
    reading = found.reading()
    assert (reading.verdict, reading.result, reading.clause) == (Verdict.CLEAR, "met", "R7")
    assert reading.grounds == ()
    assert reading.sentence == (
        "The registration of acme.example shows name, mail, telephone and postal address "
        "(the registry's RDAP server, rdap.example)."
    )


GRANTED = {"waived": ElementState.WAIVED, "documented": ElementState.DOCUMENTED}


@pytest.mark.parametrize(
    ("registered", "email", "verdict", "seen"),
    [  # each state of the reference's table 3.1 ends in the verdict that is written there
        (held(GOOD), ElementState.VALID, RuleVerdict.MET, Verdict.CLEAR),
        (held(GOOD | {"email": "acme@gmail.com"}), ElementState.INVALID, RuleVerdict.NOT_MET, Verdict.ADVERSE),
        (held(GOOD | {"email": "x@parent.example"}), ElementState.SUSPECT, RuleVerdict.NOT_SHOWN, Verdict.UNKNOWN),
        (
            held(without("email"), redacted=("Registrant Email",)),
            ElementState.REDACTED,
            RuleVerdict.NOT_SHOWN,
            Verdict.UNKNOWN,
        ),
        (held(GOOD | {"email": "a@contact.gandi.net"}), ElementState.PROXY, RuleVerdict.NOT_SHOWN, Verdict.UNKNOWN),
        (held(GOOD | {"email": ""}), ElementState.MISSING, RuleVerdict.NOT_MET, Verdict.ADVERSE),
        (held(without("email"), "acme.cz"), ElementState.NOT_OFFERED, RuleVerdict.NOT_SHOWN, Verdict.UNKNOWN),
        (
            Registered("acme.example", failed(rdap.Outcome.UNREACHABLE)),
            ElementState.UNREACHABLE,
            RuleVerdict.NOT_CHECKED,
            Verdict.UNKNOWN,
        ),
    ],
    ids=["valid", "invalid", "suspect", "redacted", "proxy", "missing", "not_offered", "unreachable"],
)
def test_each_state_ends_in_its_verdict(
    registered: Registered, email: ElementState, verdict: RuleVerdict, seen: Verdict
) -> None:
    found = judged(registered)
    assert (state(found, "email")[0], found.verdict) == (email, verdict)
    reading = found.reading()
    assert (reading.verdict, reading.result) == (seen, str(verdict))
    assert reading.severity is (Severity.WARN if seen is Verdict.ADVERSE else Severity.NONE)
    for one in found.elements:
        assert one.sentence[0].isupper()
        assert one.sentence.endswith(".")


def test_a_record_that_was_not_seen_for_long_is_stale_and_says_how_old_it_is() -> None:
    old = LastGood(NOW - timedelta(days=20), judged(held(GOOD)).source.registration)  # type: ignore[union-attr]
    found = judged(Registered("acme.example", failed(rdap.Outcome.LIMITED)), last_good=old)
    assert {one.state for one in found.elements} == {ElementState.STALE}
    assert "20 days old" in found.sentence
    assert found.elements[1].value == "dns@acme.example"
    assert (found.verdict, found.reading().verdict) == (RuleVerdict.NOT_CHECKED, Verdict.UNKNOWN)


@pytest.mark.parametrize("kind", ["waived", "documented"])
def test_a_grant_stands_in_for_what_is_withheld(kind: str) -> None:
    withheld = held(without("email"), redacted=("Registrant Email",))
    grant = Grant("email", kind, date(2027, 3, 1), judged(withheld).record_hash)
    found = judged(withheld, grants=[grant])
    assert (state(found, "email")[0], found.verdict) == (GRANTED[kind], RuleVerdict.MET)
    assert "2027-03-01" in found.elements[1].sentence
    assert found.lapsed == ()


def test_a_grant_lapses_on_its_day() -> None:
    withheld = held(without("email"), redacted=("Registrant Email",))
    grant = Grant("email", "waived", NOW.date(), judged(withheld).record_hash)
    found = judged(withheld, grants=[grant])
    assert (found.verdict, found.lapsed) == (RuleVerdict.NOT_SHOWN, (grant,))


@pytest.mark.parametrize(
    "changed",
    [
        held(GOOD | {"org": "Birch Direct Ltd", "email": "x@gmail.com"}),
        held(without("email") | {"tel": "+44.2072343457"}, redacted=("Registrant Email",)),
        held(without("email"), redacted=("Registrant Email",), nameservers=[{"ldhName": "ns.birch.example"}]),
        held(without("email"), redacted=("Registrant Email",), entities=[]),
    ],
)
def test_a_grant_lapses_when_the_record_changes(changed: Registered) -> None:
    before = held(without("email"), redacted=("Registrant Email",))
    grant = Grant("email", "documented", date(2027, 3, 1), judged(before).record_hash)
    found = judged(changed, grants=[grant])
    assert found.lapsed == (grant,)
    assert ElementState.DOCUMENTED not in {one.state for one in found.elements}


def test_a_grant_never_hides_a_new_fault_of_a_changed_record() -> None:
    before = held(without("email"), redacted=("Registrant Email",))
    grant = Grant("email", "waived", date(2027, 3, 1), judged(before).record_hash)
    found = judged(held(GOOD | {"email": "acme@gmail.com"}), grants=[grant])
    assert found.reading().grounds[0].fault == "email:free_mail"


def test_a_grant_is_not_called_lapsed_by_a_look_that_saw_nothing() -> None:
    grant = Grant("email", "waived", date(2026, 1, 1), "another")
    assert judged(Registered("acme.example", failed(rdap.Outcome.LIMITED)), grants=[grant]).lapsed == ()


def test_the_hash_of_a_record_does_not_see_spelling_nor_what_is_withheld() -> None:
    one, other = held(GOOD), held(GOOD | {"org": "ACME MAIL, LTD", "tel": "+44 20 7234 3456"})
    assert judged(one).record_hash == judged(other).record_hash
    empty = record_hash(Registration(), ["NS1.example.", "ns0.example"], "Ox")
    assert empty == record_hash(Registration(), ["ns0.example", "ns1.example"], "OX")


@pytest.mark.parametrize(
    ("card", "element", "expected"),
    [
        ({"org": "Birch Direct Ltd"}, "name", (ElementState.INVALID, "other")),
        ({"org": "Acme Mail Inc."}, "name", (ElementState.SUSPECT, "other_form")),
        ({"org": "Quill"}, "name", (ElementState.VALID, "same")),
        ({"org": "Domains By Proxy, LLC"}, "name", (ElementState.PROXY, "proxy")),
        ({"org": "MarkMonitor Inc."}, "name", (ElementState.PROXY, "agent")),
        ({"org": "Birch Ltd", "fn": "Acme Mail"}, "name", (ElementState.VALID, "same")),
        ({"email": "dns@acme..example"}, "email", (ElementState.INVALID, "no_address")),
        ({"email": "see our website"}, "email", (ElementState.REDACTED, "redacted")),
        ({"email": "unknown"}, "email", (ElementState.MISSING, "missing")),
        ({"email": "hostmaster"}, "email", (ElementState.SUSPECT, "unreadable")),
        ({"email": "x@mail.acme.example"}, "email", (ElementState.VALID, "own_domain")),
        ({"email": "x@mailinator.com"}, "email", (ElementState.INVALID, "disposable")),
        ({"email": "ccops@markmonitor.com"}, "email", (ElementState.PROXY, "agent")),
        ({"tel": "+1.5555555555"}, "phone", (ElementState.INVALID, "impossible")),
        ({"tel": "+31.000000000"}, "phone", (ElementState.INVALID, "impossible")),
        ({"tel": "tel:+49.0301234567;ext=3"}, "phone", (ElementState.SUSPECT, "other_country")),
        ({"tel": "+1.2025550123"}, "phone", (ElementState.SUSPECT, "fiction")),
        ({"tel": "+44.2079460142"}, "phone", (ElementState.SUSPECT, "fiction")),
        ({"tel": "+1.4806242599"}, "phone", (ElementState.PROXY, "lent")),
        (
            {"tel": "020 7234 3456", "adr": ["", "", "1 High St", "London", "", "", ""]},
            "phone",
            (ElementState.SUSPECT, "no_country"),
        ),
        ({"tel": "020 7234 3456"}, "phone", (ElementState.VALID, "plausible")),
        ({"tel": "ask us"}, "phone", (ElementState.SUSPECT, "unreadable")),
        ({"adr": ["", "", "x", "", "", "", "GB"]}, "address", (ElementState.SUSPECT, "too_short")),
        ({"adr": ["", "", "PMB 12, 1 High Street", "Reno", "", "", ""]}, "address", (ElementState.SUSPECT, "post_box")),
        (
            {"adr": ["", "", "c/o UNICC, 1 High Street", "Geneva", "", "", ""]},
            "address",
            (ElementState.SUSPECT, "care_of"),
        ),
    ],
)
def test_an_element_is_judged_by_what_is_certain(
    card: dict[str, Any], element: str, expected: tuple[ElementState, str]
) -> None:
    assert state(judged(held(GOOD | card)), element) == expected


@pytest.mark.parametrize(
    "line",
    [
        "P.O. Box 8102, Reno", "PO BOX 30485", "Postfach 30 01 20, Berlin", "Postbus 12", "BP 1234, Paris", "а/я 15",
        "Apartado 55", "Boîte postale 7", "Casilla 99", "Caixa Postal 4", "Casella postale 8", "skrytka pocztowa 12",
    ],
)  # fmt: skip
def test_a_post_box_is_for_a_person_to_look_at_and_never_a_fault(line: str) -> None:
    found = judged(held(GOOD | {"adr": ["", "", line, "", "", "", "GB"]}))
    assert state(found, "address") == (ElementState.SUSPECT, "post_box")
    assert found.verdict is RuleVerdict.NOT_SHOWN


def test_a_person_in_place_of_a_company_is_suspect_and_a_card_that_says_company_is_not() -> None:
    nobody = without("org")
    assert state(judged(held(nobody | {"fn": "Mara Lindqvist"})), "name") == (ElementState.SUSPECT, "person")
    assert state(judged(held(nobody | {"fn": "Birch Ltd", "kind": "org"})), "name") == (ElementState.INVALID, "other")
    assert state(judged(held(nobody | {"fn": "Acme Mail Ltd"})), "name") == (ElementState.VALID, "same")


def test_a_vendor_that_is_a_provider_or_is_called_like_a_service_is_itself() -> None:
    own = {"org": "Privacy Partners Ltd", "email": "dns@gmail.com"}
    found = assess(held(GOOD | own), Company("Privacy Partners"), ["gmail.com"], now=NOW)
    assert found.verdict is RuleVerdict.MET


def test_a_rehearsal_may_use_what_only_a_rehearsal_uses() -> None:
    card = GOOD | {"email": "dns@acme.test", "tel": "+44.2079460142"}
    assert assess(held(card), ACME, ["acme.test"], now=NOW).verdict is RuleVerdict.NOT_MET
    assert assess(held(card), ACME, ["acme.test"], now=NOW, test_environment=True).verdict is RuleVerdict.MET
