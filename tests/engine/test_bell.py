"""The bell itself; that a ring reaches a worker is for tests/line and tests/production."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from engine import bell

ROOT = Path(__file__).resolve().parents[2]
RING = """
import time
from engine import bell
began = time.monotonic()
for stage in ("step", "deliver", "order"):
    bell.ring(stage)
assert time.monotonic() - began < 1, "somebody waited"
print("not waited")
"""


def ring_with(broker: str, home: Path) -> str:
    ended = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", RING],
        cwd=ROOT,
        env=os.environ | {"SLUICE_BROKER_URL": broker, "SLUICE_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_down_is_not_waited_for(scheme: str, tmp_path: Path) -> None:
    assert ring_with(f"{scheme}://127.0.0.1:1/", tmp_path) == "not waited"


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_says_nothing_is_not_waited_for(scheme: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert ring_with(f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/", tmp_path) == "not waited"


@pytest.mark.django_db
def test_the_bell_rings_when_the_transaction_is_committed_and_not_before(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as rung:
        bell.ring("step")
    assert len(rung) == 1


@pytest.mark.django_db
def test_a_stage_that_there_is_not_rings_nothing_and_raises_nothing(
    settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.ENGINE_TASKS = {}
    with django_capture_on_commit_callbacks(execute=True):
        bell.ring("nonsense")
