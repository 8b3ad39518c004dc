"""Each element state of a registration, from the lab's registry to what is stored and what follows from it.

Met, not met after two looks, a person's, not shown, or no new verdict. Only `invalid` and `missing` open a finding.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest

from journal.actor import ENGINE
from lab.rdap import RdapMood, RdapServer
from lab.registry import Registrant, Shield
from monitors import evidence, grants
from monitors.models import EvidenceRequest, Finding, Grant
from tests import world
from tests.monitors.registered import DAY, HOLDER, act, days, domain, look, registration, seen, states
from tests.monitors.scene import Scene
from vendors.models import Domain

UNTIL = date(2027, 6, 30)
NO_MAIL = replace(HOLDER, email="")


@dataclass(frozen=True, slots=True)
class Case:
    """`record` is what the registry has. `then` happens after a first look."""

    record: Registrant
    element: str
    state: str
    verdict: str  # of the watch
    result: str
    finding: bool = False
    request: bool = False
    name: str = "example.net"
    mood: RdapMood = RdapMood.NORMAL
    then: Callable[[Scene], object] | None = None


def waive(stage: Scene) -> None:
    stage.settings.FOUR_EYES = False
    dana = world.make_user("Dana", role="it")
    grants.waive(domain(), ["email"], "Known.", UNTIL, seen().record, user=dana, by=dana.actor(), at=stage.now)


def document(stage: Scene) -> None:
    request = evidence.ask_by_hand(domain(), "", by=ENGINE, at=stage.now)
    evidence.answer(request, [], "See our imprint.", ["email"], by=ENGINE, at=stage.now)
    grants.accept(request, ["email"], "Seen.", UNTIL, seen().record, by=ENGINE, at=stage.now)


def go_dark(stage: Scene) -> None:
    """The registries' list cannot be had; the last good reading is 15 days old by the next look."""
    stage.settings.RDAP_BOOTSTRAP = "/nonexistent/dns.json"
    stage.clock.shift(14 * DAY)


CASES = {
    "valid": Case(HOLDER, "email", "valid", "clear", "met"),
    "invalid": Case(replace(HOLDER, email="alder@gmail.com"), "email", "invalid", "adverse", "not_met", finding=True),
    "invalid, another company": Case(
        replace(HOLDER, organisation="Somebody Else GmbH"), "name", "invalid", "adverse", "not_met", finding=True
    ),
    "suspect": Case(replace(HOLDER, street="PO Box 7"), "address", "suspect", "unknown", "not_shown", request=True),
    "redacted": Case(
        replace(HOLDER, shield=Shield.REDACTED), "email", "redacted", "unknown", "not_shown", request=True
    ),
    "proxy": Case(replace(HOLDER, shield=Shield.PROXY), "email", "proxy", "unknown", "not_shown", request=True),
    "missing": Case(NO_MAIL, "email", "missing", "adverse", "not_met", finding=True),
    "not_offered": Case(
        replace(NO_MAIL, phone=""), "email", "not_offered", "unknown", "not_shown", request=True, name="example.uk"
    ),
    "unreachable, silent": Case(HOLDER, "email", "unreachable", "unknown", "not_checked", mood=RdapMood.SILENT),
    "unreachable, rate limited": Case(HOLDER, "email", "unreachable", "unknown", "not_checked", mood=RdapMood.LIMITED),
    "unreachable, malformed": Case(HOLDER, "email", "unreachable", "unknown", "not_checked", mood=RdapMood.BROKEN),
    "unreachable, denied": Case(HOLDER, "email", "unreachable", "unknown", "not_checked", mood=RdapMood.DENIED),
    "stale": Case(HOLDER, "email", "stale", "unknown", "not_checked", then=go_dark),
    "waived": Case(NO_MAIL, "email", "waived", "clear", "met", then=waive),
    "documented": Case(NO_MAIL, "email", "documented", "clear", "met", then=document),
}


@pytest.mark.parametrize("name", CASES)
def test_each_state_ends_as_the_policy_reads_it(name: str, surveyed: Scene, registry: RdapServer) -> None:
    case = CASES[name]
    surveyed.settings.LEASE_SECONDS = 4
    Domain.objects.filter(name="example.net").update(name=case.name)
    surveyed.world.register(case.name, replace(case.record, email=case.record.email.replace("example.net", case.name)))
    registry.set_mood(case.mood)
    if case.then:
        look(surveyed)
        case.then(surveyed)
    look(surveyed, after=DAY)
    assert (states()[case.element], registration().result) == (case.state, case.result)
    assert (registration().verdict, Finding.objects.exists()) == (case.verdict, False)  # one look is no proof
    days(surveyed)
    assert Finding.objects.exists() == case.finding
    assert EvidenceRequest.objects.live().exists() == case.request


def test_the_table_has_every_state() -> None:
    assert {case.state for case in CASES.values()} == {
        "valid", "invalid", "suspect", "redacted", "proxy", "missing", "not_offered", "unreachable", "stale",
        "waived", "documented",
    }  # fmt: skip


def test_what_is_stale_says_how_old_it_is_and_keeps_what_was_seen(surveyed: Scene) -> None:
    surveyed.world.register("example.net", HOLDER)
    look(surveyed)
    go_dark(surveyed)
    look(surveyed, after=DAY)
    newest = registration().observations.order_by("-last_at")[0]
    email = next(one for one in newest.evidence[0]["elements"] if one["element"] == "email")
    assert email["value"] == "dns@example.net"
    assert "what we last saw is 15 days old" in newest.sentence
    assert seen().result == "met"  # the last one that could be read


def test_blindness_closes_no_finding(surveyed: Scene) -> None:
    surveyed.world.register("example.net", NO_MAIL)
    days(surveyed, 2)
    surveyed.settings.RDAP_BOOTSTRAP = "/nonexistent/dns.json"
    days(surveyed, 3)
    assert Finding.objects.get().state == "open"
    assert not EvidenceRequest.objects.exists()


def test_an_exception_closes_the_finding_after_two_looks(surveyed: Scene) -> None:
    surveyed.world.register("example.net", NO_MAIL)
    days(surveyed, 2)
    waive(surveyed)
    days(surveyed, 2)
    assert (Finding.objects.get().state, Grant.objects.get().state) == ("closed", "standing")


def test_a_name_that_nobody_registered_has_no_record_that_anything_could_be_pinned_to(surveyed: Scene) -> None:
    surveyed.world.register("other.net", HOLDER)
    days(surveyed, 2)
    act(surveyed)
    assert registration().result in {"not_met", "not_checked"}
    assert not EvidenceRequest.objects.exists()
