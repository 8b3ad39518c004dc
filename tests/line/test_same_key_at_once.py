"""Fifty calls with one key at the same moment: one order."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.line.installation import Installation, free_port

pytestmark = pytest.mark.slow


def test_fifty_identical_orders_at_once_give_one_order(tmp_path: Path) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    with Installation(tmp_path, resolvers=[nobody], smtp=nobody) as sluice:
        sluice.manage("migrate", "--verbosity", "0")
        token = json.loads(sluice.manage("create-token", "--role", "it", "--json").stdout)["token"]
        sluice.start()
        sluice.wait_for(lambda: sluice.status("/api/v1/openapi.json") == 200, 60, "the server to listen")
        _, vendor = sluice.api("POST", "vendors", token, {"name": "Alder"})
        body = {"vendor": vendor["id"], "reason": "Spam was reported."}

        def order(_: int) -> tuple[int, str]:
            status, shown = sluice.api("POST", "halts", token, body, **{"Idempotency-Key": "one"})
            return status, shown.get("id", shown)

        with ThreadPoolExecutor(50) as hands:
            answers = list(hands.map(order, range(50)))
        assert sorted(status for status, _ in answers) == [200] * 49 + [201]
        assert len({order_id for _, order_id in answers}) == 1
        assert sluice.rows("SELECT count(*) FROM halts_haltorder") == [(1,)]
