"""The lab as a whole, in a test and as a process."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import dns.message
import dns.query
import dns.rcode
import pytest

from lab.run import Lab
from lab.world import World
from tests.lab.conftest import PATIENCE, ZEN

ROOT = Path(__file__).parents[2]


def test_a_lab_has_two_paths_mail_and_a_page() -> None:
    with Lab() as lab:
        assert len(lab.resolvers) == len(set(lab.resolvers)) == 2
        lab.world.list(ZEN, "192.0.2.11")
        for resolver in lab.resolvers:
            host, _, port = resolver.partition(":")
            question = dns.message.make_query(f"11.2.0.192.{ZEN}", "A")
            assert dns.query.udp(question, host, port=int(port), timeout=PATIENCE).rcode() == dns.rcode.NOERROR
        assert lab.mail == []
        assert lab.control_url.startswith("http://127.0.0.1:")


def test_a_lab_may_have_a_world_of_its_own() -> None:
    world = World()
    with Lab(world, vendors=(), dns_ports=(0,)) as lab:
        assert lab.world is world
        assert len(lab.resolvers) == 1


def test_a_lab_that_cannot_open_leaves_nothing_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for ports in ({"smtp_port": port}, {"control_port": port}, {"dns_ports": (0, port)}):
            with pytest.raises(OSError, match="in use"), Lab(**ports):
                pass


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_process_says_where_it_listens_and_ends_cleanly(ending: signal.Signals, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "lab.run",
        "--json",
        "--bare",
        "--mail-folder",
        str(tmp_path),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            where = json.loads(process.stdout.readline())
            assert where["pid"] == process.pid
            assert len(where["resolvers"]) == 2
            with socket.create_connection(where["smtp"].split(":"), timeout=PATIENCE) as client:
                assert client.recv(3) == b"220"
            os.kill(process.pid, ending)
            rest, complaints = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert (process.returncode, rest, complaints) == (0, "", "")


@pytest.mark.parametrize("option", [["--smtp", "70000"], ["--ttl", "-1"]])
def test_the_process_refuses_what_it_cannot_do_in_a_sentence(option: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "lab.run", *option], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith("The lab could not start: ")
    assert "Traceback" not in ran.stderr


def test_the_management_command_runs_the_same_lab() -> None:
    script = (
        "import django; from django.conf import settings; from django.core.management import call_command;"
        "settings.configure(INSTALLED_APPS=['lab']); django.setup(); call_command('lab', '--json', '--bare')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["pid"] == process.pid
            process.terminate()
            _, complaints = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert (process.returncode, complaints) == (0, "")
