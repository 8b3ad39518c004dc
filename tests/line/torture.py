"""`make torture`: kill -9 the embedded server 20 times while 100 findings are worked off, and see what is lost.

The mail server is slow and puts off one letter in ten, so that every kill hits work in flight. A shorter one:
`python -m tests.line.torture --kills 5 --findings 30`. Prints what it saw; exits 1 when anything is lost, doubled
inside, or wrong.
"""

import argparse
import http.client
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from lab.run import Lab
from lab.smtp import SmtpMood
from tests.line.crowd import ZONES, crowd, settle, wait_until_all_clear, world_of
from tests.line.installation import Installation


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--findings", type=int, default=100)
    parser.add_argument("--copies", type=float, default=5, help="percent that may be mailed twice")
    parser.add_argument("--looks", type=int, default=1000, help="GET and HEAD requests to the links afterwards")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    servers = crowd(options.findings)
    with (
        tempfile.TemporaryDirectory() as folder,
        Lab(world_of(servers), vendors=(), seed=options.seed) as lab,
        settle(Path(folder), lab, servers, MASS_LISTING_SHARE=1) as installation,  # every vendor goes bad: no brake
    ):
        chance, share = random.Random(options.seed), options.copies / 100
        faults = torture(lab, installation, servers, options.kills, chance, share)
        faults += _what_looking_changed(lab, installation, options.looks)
    for fault in faults:
        print(f"FAIL: {fault}")
    print("PASS" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


def torture(
    lab: Lab,
    installation: Installation,
    servers: list[tuple[str, str, str]],
    kills: int,
    chance: random.Random,
    share: float,
) -> list[str]:
    installation.start()
    wait_until_all_clear(installation, len(servers))
    lab.sink.set_mood(SmtpMood(speed=2000, defer=0.1))
    orphans = 0
    for killed in range(kills):
        # a share of the servers goes bad before each kill, so that looking, judging, ordering and sending are all hit
        for _, address, _ in servers[killed * len(servers) // kills : (killed + 1) * len(servers) // kills]:
            lab.world.list(ZONES[0], address)
        time.sleep(chance.uniform(0.6, 3.0))
        installation.kill()
        orphans += len(installation.left_behind())
        installation.start()
    lab.sink.set_mood(SmtpMood())
    wanted = len(servers)
    sent = "SELECT count(*) FROM notices_delivery WHERE state = 'sent' AND letter = 'halt_order'"
    installation.wait_for(lambda: installation.rows(sent) == [(wanted,)], 180, f"{wanted} orders to be sent")
    time.sleep(3)
    return _what_is_lost(lab, installation, wanted, kills, orphans, share)


def _what_is_lost(
    lab: Lab, installation: Installation, wanted: int, kills: int, orphans: int, share: float
) -> list[str]:
    count = {
        "findings": installation.rows("SELECT count(*) FROM monitors_finding WHERE state = 'open'")[0][0],
        "orders": installation.rows("SELECT count(*) FROM halts_haltorder")[0][0],
        "findings with an order": installation.rows("SELECT count(DISTINCT finding_id) FROM halts_haltorder")[0][0],
        "people who got theirs": len({mail.recipients[0] for mail in lab.mail}),
    }
    copies = Counter(mail.message_id for mail in lab.mail)
    ids_of: dict[str, set[str]] = {}
    for mail in lab.mail:
        ids_of.setdefault(mail.recipients[0], set()).add(mail.message_id)
    twice = sum(1 for number in copies.values() if number > 1)
    integrity = installation.rows("PRAGMA integrity_check")[0][0]
    leased = installation.rows("SELECT count(*) FROM notices_delivery WHERE state = 'due'")[0][0]
    journal = installation.manage("verify-journal", check=False)
    print(f"kill -9: {kills}; " + ", ".join(f"{name} {number}" for name, number in count.items()))
    print(f"mails accepted {len(lab.mail)}; mailed more than once {twice} ({100 * twice / wanted:.1f} %)")
    print(f"integrity {integrity}; still waiting {leased}; processes left behind {orphans}; {journal.stdout.strip()}")
    faults = [f"{number} {name} instead of {wanted}" for name, number in count.items() if number != wanted]
    if twice > share * wanted:
        faults.append(f"{twice} orders were mailed more than once; at most {share * wanted:g} may be")
    if any(len(ids) > 1 for ids in ids_of.values()):
        faults.append("a copy carries another Message-ID than the first")
    if integrity != "ok":
        faults.append(f"the database says {integrity}")
    if orphans:
        faults.append(f"{orphans} processes were left behind")
    if journal.returncode:
        faults.append(journal.stdout)
    return faults


def _what_looking_changed(lab: Lab, installation: Installation, looks: int) -> list[str]:
    """GET and HEAD requests to the links, as scanners send them."""
    paths = [link.partition(installation.url)[2] for mail in lab.mail for link in mail.links if "/halt/" in link]
    states = "SELECT state, count(*) FROM halts_haltorder GROUP BY state"
    marks = "SELECT (SELECT count(*) FROM halts_acknowledgement), (SELECT count(*) FROM notices_link)"
    before = installation.rows(states), installation.rows(marks)
    connection = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=20)
    statuses: Counter[int] = Counter()
    for number in range(looks):
        connection.request("HEAD" if number % 2 else "GET", paths[number % len(paths)])
        answer = connection.getresponse()
        answer.read()
        statuses[answer.status] += 1
    connection.close()
    print(f"{looks} GET and HEAD requests to the links: {dict(statuses)}")
    faults = [] if set(statuses) == {200} else [f"the links answered {dict(statuses)}"]
    if (installation.rows(states), installation.rows(marks)) != before:
        faults.append("looking at the links changed something")
    return faults


if __name__ == "__main__":
    sys.exit(main())
