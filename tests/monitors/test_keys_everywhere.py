"""A key goes out on the wire, and comes to rest nowhere: not in a row, log, letter, page, export or answer of the API.

The list is hostile: its text is the very name that was asked for. It works, refuses, fails and falls silent in turn.
"""

import logging
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from engine.cycle import Sweep
from halts.models import HaltOrder
from halts.sweep import sweep_findings, sweep_orders
from monitors.models import Finding, Sight, Watch
from notices.models import Delivery
from tests.api.caller import caller
from tests.monitors.scene import ADDRESS, EVERY, Scene
from tests.world import come_in, make_contact, make_people

KEY = "sfdsfdxyzzy42"
ZONE = f"{KEY}.zen.dq.spamhaus.net"
REVERSED = ".".join(reversed(ADDRESS.split(".")))
CATALOGUE = """
only = true

[[blocklist]]
id = "spamhaus-zen"
key_zone = "{key}.zen.dq.spamhaus.net"
"""


@pytest.fixture
def keyed(stage: Scene, caplog: pytest.LogCaptureFixture) -> Scene:
    """The stage with a list that is asked with a key, after a listing, an order, and every trouble that it can have."""
    caplog.set_level(logging.DEBUG)
    make_contact(stage.server.vendor)
    file = stage.settings.BLOCKLISTS.with_name("keyed.toml")
    file.write_text(CATALOGUE)
    stage.settings.BLOCKLISTS, stage.settings.BLOCKLIST_KEYS = file, {"spamhaus-zen": KEY}
    stage.world.add_blocklist(ZONE)
    stage.world.list(ZONE, ADDRESS, text=f"Refused: {REVERSED}.{ZONE.upper()} is listed, {KEY}")
    stage.enrol()
    for _ in range(3):
        stage.look(after=EVERY)
        for step in (sweep_findings, sweep_orders):
            step(Sweep(stage.now))
    for mood, code in (("refuse_code", "127.255.255.250"), ("servfail", ""), ("park", ""), ("wildcard", "127.0.0.77")):
        stage.world.set_mood(ZONE, mood, code=code)
        stage.look(after=EVERY)
        stage.prove(after=EVERY)
    return stage


def rows() -> str:
    """Every value of every row of every table."""
    return "\n".join(repr(values) for model in apps.get_models() for values in model._base_manager.values_list())


def pages(client: Client) -> Iterator[tuple[str, str]]:
    finding, order = Finding.objects.get(), HaltOrder.objects.get()
    uid, vendor = Watch.objects.filter(server__isnull=False)[0].server.uid, finding.vendor.uid  # type: ignore[union-attr]
    for url in (
        *("/desk/", "/desk/blocklists/", "/desk/blocklists/spamhaus-zen/", "/desk/findings/?show=all"),
        *(f"/desk/findings/{finding.number}/", f"/desk/orders/{order.number}/", f"/desk/servers/{uid}/"),
        *(f"/desk/vendors/{vendor}/", f"/desk/vendors/{vendor}/history/", "/desk/journal/", "/desk/deliveries/"),
        *("/desk/standing/", "/desk/standing/standing.csv", reverse("desk:vendor_history_csv", args=[vendor])),
        *("/desk/engine/", "/health/engine"),
    ):
        answer = client.get(url)
        body = b"".join(answer) if answer.streaming else answer.content
        yield url, f"{answer.status_code} {body.decode()}"


def test_the_key_is_asked_with(keyed: Scene) -> None:
    assert any(KEY in asked.name for asked in keyed.world.queries.last())
    assert HaltOrder.objects.count() == Finding.objects.count() == 1


def test_no_row_and_no_log_has_it(keyed: Scene, caplog: pytest.LogCaptureFixture) -> None:
    assert Sight.objects.exclude(evidence=[]).exists()
    assert Delivery.objects.exists()
    assert "zen.dq.spamhaus.net" in rows()
    assert KEY not in rows().lower()
    assert KEY not in caplog.text.lower()


def test_no_page_and_no_export_has_it(keyed: Scene) -> None:
    client = Client()
    come_in(client, make_people().ada)
    for url, shown in pages(client):
        assert shown.startswith(("200", "503")), url
        assert KEY not in shown.lower(), url


def test_no_answer_of_the_api_has_it(keyed: Scene) -> None:
    machine = caller("auditor")
    for path in ("/watches", "/observations", "/findings", "/halts", "/deliveries", "/vendors"):
        answer = machine.get(path)
        assert answer.status == 200, path
        assert KEY not in str(answer.body).lower(), path


def test_no_command_prints_it(keyed: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["check_sender", ADDRESS], ["check_sender", ADDRESS, "--json"], ["check_resolvers"]):
        with pytest.raises(SystemExit):
            call_command(*command)
    printed = capsys.readouterr()
    assert "Spamhaus" in printed.out
    assert KEY not in (printed.out + printed.err).lower()
