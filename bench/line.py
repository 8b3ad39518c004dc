"""Measures the line: from a sender on a blocklist to the mail server's yes, on the embedded server.

    make bench-line                       or: python -m bench.line [--servers N] [--listed N]

200 servers in good order, then 50 of them listed at once; swept every second, confirmed by two looks a second apart.
The clock runs from the listing to the moment at which the mail server had the whole mail and said 250. Exits with 1
when an order or a mail is missing or there is one too many; the time is only reported, since it is the machine's.
"""

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from tests.line.gate import ZEN, Gate, is_order

GOAL = 8.0  # seconds, p95
PATIENCE = 120.0
SETTLE = 5.0  # seconds in which a duplicate would still show


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench-line", description=__doc__.splitlines()[0])
    parser.add_argument("--servers", type=int, default=200, metavar="N")
    parser.add_argument("--listed", type=int, default=50, metavar="N", help="how many of them are listed at once")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as folder:
        print(f"Starting Sluice with {options.servers} servers in good order …", flush=True)
        with Gate(Path(folder), servers=options.servers) as gate:
            gate.wait_until_clear(PATIENCE)
            return _measure(gate, options.listed)


def _measure(gate: Gate, listed: int) -> int:
    began = time.time()
    for address in gate.addresses[:listed]:
        gate.world.list(ZEN, address)
    try:
        gate.wait_for_orders(listed, seconds=PATIENCE)
    except TimeoutError as late:
        print(late)
    time.sleep(SETTLE)
    mails = [mail for mail in gate.sink.messages if is_order(mail)]
    copies = Counter(mail.message_id for mail in mails)
    orders = int(gate.sluice.rows("SELECT count(*) FROM halts_haltorder")[0][0])
    duplicates = len(mails) - len(copies)
    taken = sorted(mail.at.timestamp() - began for mail in mails)
    status = gate.sluice.stop()
    if not taken:
        print("FAIL: no mail came.")
        return 1
    p50, p95 = (taken[min(len(taken) - 1, int(share * len(taken)))] for share in (0.50, 0.95))
    print(f"Listing to SMTP 250, {listed} of {len(gate.addresses)} at once, swept every second, confirmed 2 x 1 s:")
    print(f"  p50 {p50:.2f} s   p95 {p95:.2f} s   max {taken[-1]:.2f} s")
    for what, moments in _stages(gate).items():
        late = sorted(moment - began for moment in moments)
        print(f"    {what:<10} p50 {late[len(late) // 2]:.2f} s   max {late[-1]:.2f} s")
    print(f"  orders {orders}   mails {len(mails)}   duplicates {duplicates}   exit status {status}")
    print(f"  {'PASS' if p95 <= GOAL else 'FAIL'}: p95 {p95:.2f} s, at most {GOAL:g} s is asked for")
    return 0 if (orders, len(mails), duplicates, status) == (listed, listed, 0, 0) else 1


def _stages(gate: Gate) -> dict[str, list[float]]:
    """When each finding was first seen, opened, ordered, written about and sent, in seconds since the epoch."""
    rows = gate.sluice.rows(
        "SELECT f.first_seen_at, f.opened_at, o.issued_at, d.created_at, d.sent_at FROM monitors_finding f "
        "JOIN halts_haltorder o ON o.finding_id = f.id JOIN notices_delivery d ON d.about = 'halt:' || o.id"
    )
    names = ("first seen", "confirmed", "ordered", "written", "sent")
    columns = zip(*rows, strict=True)
    return {
        name: [datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() for moment in column if moment]
        for name, column in zip(names, columns, strict=False)
    }


if __name__ == "__main__":
    sys.exit(main())
