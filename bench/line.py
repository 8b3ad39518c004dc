"""`make bench-line`: of 200 servers 50 are listed at once, on two lists; how long until the mail server has each order?

Embedded server, sweep 1 s, confirmed by two readings 1 s apart, servers looked at every 2 s. Exits 1 when an order or a
mail is missing or doubled, or when the 95th percentile is over 8 s.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from lab.run import Lab
from tests.line.crowd import ZONES, crowd, settle, wait_until_all_clear, world_of
from tests.line.installation import Installation

SERVERS, LISTED, LIMIT = 200, 50, 8.0


def main() -> int:
    servers = crowd(SERVERS)
    with tempfile.TemporaryDirectory() as folder, Lab(world_of(servers), vendors=()) as lab:
        with settle(Path(folder), lab, servers) as installation:
            installation.start()
            wait_until_all_clear(installation, SERVERS)
            listed_at = time.time()
            for number, (_, address, _) in enumerate(servers[:LISTED]):
                # on both lists: one that named a quarter of all vendors at once would be put into quarantine
                lab.world.list(ZONES[number % 2], address)
            installation.wait_for(lambda: len(lab.mail) >= LISTED, 60, f"{LISTED} mails")
            time.sleep(8)  # a doubled order or mail would come now
            orders = installation.rows("SELECT count(*) FROM halts_haltorder")[0][0]
            stages = _stages(installation, listed_at)
        mails = lab.mail
    took = sorted(mail.at.timestamp() - listed_at for mail in mails)
    p95 = took[int(0.95 * (len(took) - 1))]
    copies = len(mails) - len({mail.message_id for mail in mails})
    print(f"orders {orders}, mails {len(mails)}, copies {copies}")
    print(
        f"listing to SMTP 250: p50 {took[len(took) // 2]:.2f} s, p95 {p95:.2f} s (limit {LIMIT}), max {took[-1]:.2f} s"
    )
    for stage, late in stages.items():
        print(f"  {stage:<10} p50 {late[len(late) // 2]:5.2f} s, max {late[-1]:5.2f} s")
    is_right = orders == LISTED and len(mails) == LISTED and not copies and p95 <= LIMIT
    print("PASS" if is_right else "FAIL")
    return 0 if is_right else 1


def _stages(installation: Installation, since: float) -> dict[str, list[float]]:
    """How long after the listing each finding was first seen, confirmed, ordered, written about and sent; seconds."""
    rows = installation.rows(
        "SELECT f.first_seen_at, f.opened_at, o.issued_at, d.created_at, d.sent_at FROM monitors_finding f "
        "JOIN halts_haltorder o ON o.finding_id = f.id JOIN notices_delivery d ON d.about = 'halt:' || o.id"
    )
    found = {}
    for number, stage in enumerate(("first seen", "confirmed", "ordered", "written", "sent")):
        moments = [datetime.fromisoformat(row[number]).replace(tzinfo=UTC) for row in rows if row[number]]
        found[stage] = sorted(moment.timestamp() - since for moment in moments)
    return found


if __name__ == "__main__":
    sys.exit(main())
