"""What was seen, through the API: watches, observations with their evidence, findings."""

import pytest

from monitors.models import Finding, Observation, Watch
from tests.api.caller import caller
from tests.halted import make_order
from tests.monitored import make_finding, make_observation, make_watch
from tests.world import NOON, make_domain, make_server, make_vendor
from vendors.models import Domain

pytestmark = pytest.mark.django_db


def make_domain_finding(domain: Domain) -> Finding:
    """An open finding on a watch of the domain's registration."""
    place = {"vendor": domain.vendor, "domain": domain}
    watch = Watch.objects.create(check_id="registration", since=NOON, next_action_at=NOON, **place)
    said = {"kind": "registration", "severity": "alert", "clause": "R7", "sentence": "Nobody stands there."}
    return Finding.objects.create(watch=watch, first_seen_at=NOON, opened_at=NOON, **place, **said)


def test_watches_show_what_each_check_amounts_to_and_are_narrowed_by_vendor_server_and_verdict() -> None:
    alder, birch = make_vendor("Alder"), make_vendor("Birch")
    first, second, other = make_server(alder), make_server(alder), make_server(birch)
    for server in (first, second, other):
        make_watch(server)
    finding = make_finding(second)
    machine = caller("auditor")
    assert machine.get("/watches").body["count"] == 3
    assert machine.get(f"/watches?vendor={alder.number}").body["count"] == 2
    (shown,) = machine.get(f"/watches?server={second.uid}").body["items"]
    assert (shown["id"], shown["check"], shown["verdict"]) == (finding.watch_id, "dnsbl:quarry", "adverse")
    assert shown["vendor"]["name"] == "Alder"
    assert [item["id"] for item in machine.get("/watches?verdict=adverse").body["items"]] == [shown["id"]]
    assert machine.get("/watches?vendor=V-999").status == 404


def test_observations_show_the_answers_word_for_word_newest_first() -> None:
    server = make_server(make_vendor())
    watch = make_watch(server)
    for minute, verdict in enumerate(("clear", "adverse")):
        Observation.objects.create(
            watch=watch,
            first_at=NOON.replace(minute=minute),
            last_at=NOON.replace(minute=minute),
            is_latest=bool(minute),
            verdict=verdict,
            result="listed" if verdict == "adverse" else "clean",
            severity="halt",
            sentence="It is listed.",
            is_proved=True,
            codes=["127.0.0.2"],
            text=["<script>alert(1)</script>"],
            path="127.0.0.1:5353",
            evidence=[{"name": "2.0.0.127.quarry.example", "rcode": "NOERROR"}],
        )
    machine = caller("auditor")
    newest, oldest = machine.get(f"/observations?watch={watch.pk}").body["items"]
    assert (newest["verdict"], oldest["verdict"]) == ("adverse", "clear")
    assert newest["looked_at"] == "2026-11-21T12:01:00Z"
    assert newest["evidence"] == [{"name": "2.0.0.127.quarry.example", "rcode": "NOERROR"}]
    assert newest["text"] == ["<script>alert(1)</script>"]
    assert machine.get("/observations?verdict=clear").body["count"] == 1
    assert machine.get("/observations?watch=999").body["count"] == 0
    assert machine.get(f"/observations?server={server.uid}").body["count"] == 2


def test_a_finding_is_found_by_id_and_number_and_names_its_order() -> None:
    server = make_server(make_vendor())
    finding = make_finding(server)
    machine = caller("auditor")
    assert machine.get(f"/findings/{finding.uid}").body["halt"] is None
    order = make_order(server.vendor, server=server, finding=finding)
    shown = machine.get(f"/findings/{finding.number}").body
    assert shown["halt"] == {"id": str(order.uid), "number": order.number}
    assert (shown["state"], shown["severity"], shown["clause"]) == ("open", "halt", "R5")
    assert machine.get("/findings?state=closed").body["count"] == 0
    assert machine.get(f"/findings?vendor={server.vendor.uid}").body["items"] == [shown]


def test_what_was_seen_is_narrowed_by_domain_given_by_id_or_by_name_whoever_uses_it() -> None:
    alder, birch = make_vendor("Alder"), make_vendor("Birch")
    own, shared, theirs = make_domain(alder), make_domain(alder, "shared.example"), make_domain(birch, "shared.example")
    findings = {domain.pk: make_domain_finding(domain) for domain in (own, shared, theirs)}
    make_finding(make_server(alder))
    for finding in findings.values():
        make_observation(finding.watch)
    machine = caller("auditor")
    for path in ("watches", "observations", "findings"):
        items = machine.get(f"/{path}?domain={own.uid}").body["items"]
        assert [item["domain"] for item in items] == [{"id": str(own.uid), "name": own.name}], path
        assert machine.get(f"/{path}?domain=Shared.Example").body["count"] == 2
        assert machine.get(f"/{path}?domain=shared.example&vendor={birch.number}").body["count"] == 1
        gone = machine.get(f"/{path}?domain=nobodys.example")
        assert (gone.status, gone.body["detail"]) == (404, "There is no domain nobodys.example.")
