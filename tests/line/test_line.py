"""The whole line in a real process: a sender goes bad, and a person who can stop the mail is told."""

import http.client
import json
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line.gate import PATIENCE, ZEN, Gate, is_order, link_in, wait_until
from tests.line.installation import ROOT, Installation, free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Gate]:
    with Gate(tmp_path_factory.mktemp("gate"), servers=3, prepared=prepared) as gate:
        gate.wait_until_clear()
        yield gate


def test_a_listing_becomes_a_finding_an_order_and_a_mail_and_an_answer_is_recorded(gate: Gate) -> None:
    gate.world.list(ZEN, gate.addresses[0], text="Seen spamming")
    [mail] = gate.wait_for_orders(1)
    assert mail.recipients == ("abuse-0@vendor.example.com",)
    assert gate.addresses[0] in mail.text
    assert gate.sluice.rows("SELECT state, severity FROM monitors_finding") == [("open", "halt")]
    gate.wait_for("SELECT state, letter FROM notices_delivery", ("sent", "halt_order"))

    page = gate.open_page(link_in(mail))
    assert "Vendor 000" in page
    assert gate.sluice.rows("SELECT state, scope FROM halts_haltorder") == [("issued", "server")]

    gate.answer(link_in(mail), "Alma Reyes")
    assert gate.sluice.rows("SELECT state FROM halts_haltorder") == [("acknowledged",)]
    assert gate.sluice.rows("SELECT name, channel FROM halts_acknowledgement") == [("Alma Reyes", "link")]


def test_each_step_is_in_the_journal_and_the_journal_holds(gate: Gate) -> None:
    verbs = [verb for (verb,) in gate.sluice.rows("SELECT verb FROM journal_entry ORDER BY position")]
    told = [verb for verb in verbs if verb in {"opened", "issued", "step", "sent", "acknowledged"}]
    assert told == ["opened", "issued", "step", "sent", "acknowledged"]
    assert "The journal holds" in gate.sluice.manage("verify-journal").stdout


def test_the_api_shows_what_the_database_has(gate: Gate) -> None:
    made = gate.sluice.manage("create-token", "--role", "it", "--name", "Test", "--json").stdout
    token = json.loads(made)["token"]
    for path in ("findings", "halts", "deliveries", "observations"):
        status, body = gate.sluice.api("GET", path, token)
        assert status == 200, (path, body)
        assert body


def test_looking_at_a_link_changes_nothing_however_often_and_with_whatever_it_is_looked(gate: Gate) -> None:
    gate.world.list(ZEN, gate.addresses[1])
    mail = next(mail for mail in gate.wait_for_orders(2) if "abuse-1@vendor.example.com" in mail.recipients)
    before = gate.sluice.rows("SELECT count(*) FROM journal_entry WHERE verb = 'acknowledged'")
    for method in ("GET", "HEAD") * 5:
        urllib.request.urlopen(urllib.request.Request(link_in(mail), method=method), timeout=PATIENCE).close()
    assert gate.sluice.rows("SELECT count(*) FROM journal_entry WHERE verb = 'acknowledged'") == before
    assert gate.sluice.rows("SELECT state FROM halts_haltorder ORDER BY id DESC LIMIT 1") == [("issued",)]


def test_an_answer_to_head_has_no_body_that_would_be_read_as_the_next_answer(gate: Gate) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", gate.sluice.port, timeout=PATIENCE)
    for method, path in (("HEAD", "/policy/"), ("HEAD", "/halt/nonsense"), ("GET", "/health/live")):
        connection.request(method, path)
        answer = connection.getresponse()
        assert (answer.status, bool(answer.read())) == (404 if "halt" in path else 200, method == "GET")
    connection.close()


def test_the_engine_says_that_it_is_well(gate: Gate) -> None:
    gate.sluice.wait_until_well()
    assert gate.sluice.status("/health/live") == 200


def test_a_second_instance_on_the_same_database_is_refused_with_a_sentence(gate: Gate) -> None:
    other = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=gate.sluice.env | {"SLUICE_BIND": f"127.0.0.1:{free_port()}"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert other.returncode == 1
    assert gate.sluice.process
    assert f"Sluice already runs on this database (process {gate.sluice.process.pid})." in other.stderr
    assert "set SLUICE_HOME to another folder" in other.stderr
    assert "Traceback" not in other.stderr


def test_a_port_that_is_taken_is_refused_with_a_sentence(gate: Gate, prepared: Path, tmp_path: Path) -> None:
    shutil.copy(prepared / "sluice.sqlite3", tmp_path)
    other = Installation(tmp_path, resolvers=["127.0.0.1:1"], smtp="127.0.0.1:1", BIND=f"127.0.0.1:{gate.sluice.port}")
    other.manage("migrate", "--no-input")
    refused = other.manage("serve", check=False)
    assert refused.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{gate.sluice.port}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_only_one_process_serves_and_it_ends_cleanly_when_it_is_asked_to(gate: Gate) -> None:
    """The last but one: after it nothing runs."""
    process = gate.sluice.process
    assert process
    assert _children(process.pid) == []
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert "Traceback" not in gate.sluice.log.read_text()
    assert gate.sluice.rows("PRAGMA integrity_check") == [("ok",)]
    assert len([mail for mail in gate.sink.messages if is_order(mail)]) == 2


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_without_its_engine_the_web_says_that_nothing_is_swept_any_more(gate: Gate) -> None:
    """After the test above: the database is as the engine left it, and only a web server runs."""
    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{gate.sluice.port}"],
        cwd=ROOT,
        env=gate.sluice.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: gate.sluice.status("/health/live") == 200, PATIENCE, "the web server to answer")
        wait_until(lambda: gate.sluice.status("/health/engine") == 503, PATIENCE, "the engine to be missed")
    finally:
        web.terminate()
        web.wait()
