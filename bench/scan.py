"""Measures `blocklist-scan` against aiodns and dnspython's own resolver, and prints the ratios.

    make bench-scan                       or: python -m bench.scan [--rounds N] [--python-server]

First a local authoritative server without any latency, 10,000 addresses x 8 zones x 200,000 entries, 100
lookups in flight: how much work is a lookup? Then the same server behind a line with 30 ms delay that loses
1 % of the queries, 500 in flight: how well is waiting done? The clients take turns, each run is a process of
its own, and every row is checked. Only ratios of one run say something; the rates are the machine's.
"""

import argparse
import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.lists import Lists

DELAY, LOSS = 0.030, 0.01
SAMPLE = 1_000  # addresses for dns.asyncresolver, which would need half a minute for all

Result = dict[str, Any]


def free_port() -> int:
    """A UDP port that nobody uses at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def started(*command: str, ready: str) -> Iterator[subprocess.Popen[str]]:
    """A server process, once it has said that it is ready; ended afterwards."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout
    for line in process.stdout:
        if ready in line:
            break
    else:
        raise SystemExit(f"{command[0]} ended before it was ready.")
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


@contextmanager
def serving(lists: Lists, folder: Path, with_python: bool) -> Iterator[int]:
    """The port of an authoritative server for the lists: rbldnsd where it is installed, else our own."""
    files = lists.write_entries(folder)
    port = free_port()
    rbldnsd = None if with_python else shutil.which("rbldnsd") or shutil.which("/usr/sbin/rbldnsd")
    if rbldnsd:
        zones = [f"{zone}:ip4set:{file.name}" for zone, file in files.items()]
        command = [rbldnsd, "-n", "-c", "0", "-b", f"127.0.0.1/{port}", "-w", str(folder), *zones]
    else:
        zones = [f"{zone}={file}" for zone, file in files.items()]
        command = [sys.executable, "-m", "bench.server", str(port), str(os.cpu_count() or 1), *zones]
    print(f"Server: {rbldnsd or 'bench.server, in Python'}")
    with started(*command, ready="rbldnsd version" if rbldnsd else "ready") as process:
        os.set_blocking(process.stdout.fileno(), False)  # type: ignore[union-attr]  # piped, see started()
        yield port


def run(client: str, port: int, in_flight: int, files: tuple[Path, Path], lists: Lists) -> Result:
    """One client's report, with what is wrong in its rows."""
    out = files[0].parent / f"{client}.csv"
    command = [
        sys.executable,
        "-m",
        "bench.clients",
        client,
        str(port),
        str(in_flight),
        *map(str, files),
        str(out),
    ]
    result: Result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    result["rate"] = result["lookups"] / result["seconds"]
    result["cpu_ms"] = 1e6 * result["cpu"] / result["lookups"]
    with out.open(newline="", encoding="utf-8") as rows:
        found = {(row["address"], row["zone"]): row for row in csv.DictReader(rows)}
    asked = set(files[0].read_text().split())
    due = {pair: said for pair, said in lists.truth.items() if pair[0] in asked}
    result["unresolved"] = sum(row["verdict"] == "unknown" for row in found.values())
    said = {pair: (row["codes"], row["reason"]) for pair, row in found.items() if row["verdict"] == "listed"}
    result["wrong"] = sum(said.get(pair) != due.get(pair) for pair in said.keys() | due.keys())
    return result


def table(results: dict[str, list[Result]]) -> None:
    """One line a client: the median, and the span of its rounds."""
    heads = f"{'lookups/s':>10} {'(min..max)':>18} {'CPU ms/1000':>12}"
    print(f"  {'client':14} {heads} {'peak MB':>8} {'wrong':>6} {'unres.':>6}")
    for client, rounds in results.items():
        rates = sorted(result["rate"] for result in rounds)
        print(
            f"  {client:14} {median(rates):10,.0f} {f'({rates[0]:,.0f}..{rates[-1]:,.0f})':>18} "
            f"{median(r['cpu_ms'] for r in rounds):12.1f} {max(r['megabytes'] for r in rounds):8.0f} "
            f"{sum(r['wrong'] for r in rounds):6} {sum(r['unresolved'] for r in rounds):6}"
        )


def verdict(what: str, value: float, limit: float, *, at_most: bool = False) -> bool:
    """Prints one promise and whether it was kept."""
    kept = value <= limit if at_most else value >= limit
    bound = "at most" if at_most else "at least"
    print(f"  {'ok  ' if kept else 'MISS'} {what}: {value:,.2f} ({bound} {limit:,g})")
    return kept


def without_latency(lists: Lists, port: int, folder: Path, rounds: int) -> list[bool]:
    """How much work a lookup is."""
    print("\nNo latency, 10,000 addresses x 8 zones x 200,000 entries, A then TXT, 100 in flight")
    files = lists.write_questions(folder)
    sample = folder / "sample.txt"
    sample.write_text("\n".join(lists.targets[:SAMPLE]) + "\n", encoding="ascii")
    results: dict[str, list[Result]] = {"sluice": [], "aiodns": [], "asyncresolver": []}
    for _ in range(rounds):
        for client, rows in results.items():
            asked = (sample, files[1]) if client == "asyncresolver" else files
            rows.append(run(client, port, 100, asked, lists))
    table(results)
    ours = results["sluice"]

    def ratio(other: str) -> float:
        return float(median(a["rate"] / b["rate"] for a, b in zip(ours, results[other], strict=True)))

    return [
        verdict("times the lookups/s of aiodns", ratio("aiodns"), 2.5),
        verdict("times the lookups/s of dns.asyncresolver", ratio("asyncresolver"), 25),
        verdict("wrong or unresolved rows", sum(r["wrong"] + r["unresolved"] for r in ours), 0, at_most=True),
        verdict("peak memory, MB", max(r["megabytes"] for r in ours), 100, at_most=True),
    ]


def over_a_bad_line(lists: Lists, port: int, folder: Path, rounds: int) -> list[bool]:
    """How well waiting is done."""
    print("\n30 ms delay, 1 % loss, 2,500 addresses x 8 zones (20,000 A), 500 in flight")
    targets = folder / "fewer.txt"
    targets.write_text("\n".join(lists.targets[:2_500]) + "\n", encoding="ascii")
    results: dict[str, list[Result]] = {"sluice": [], "aiodns": []}
    for seed in range(rounds):
        for client, rows in results.items():
            front = free_port()
            line = (str(front), str(port), str(DELAY), str(LOSS), str(seed))
            overruns = dropped_at(port)
            with started(sys.executable, "-m", "bench.relay", *line, ready="ready") as relay:
                result = run(client, front, 500, (targets, folder / "zones.txt"), lists)
                relay.send_signal(signal.SIGTERM)
                assert relay.stdout
                counted = json.loads(relay.stdout.read())
            result["lost"] = counted["lost"] + dropped_at(port) - overruns
            result["resent"] = counted["queries"] - counted["different"]
            rows.append(result)
    table(results)
    for client, rows in results.items():
        seen = ", ".join(f"{r['seconds']:.2f} s {r['resent']}/{r['lost']}" for r in rows)
        print(f"  {client}: wall, re-sends/losses: {seen}")
    ours, theirs = results["sluice"], results["aiodns"]
    wall = median(a["seconds"] / b["seconds"] for a, b in zip(ours, theirs, strict=True))
    return [
        verdict("times the wall time of aiodns", wall, 1.3, at_most=True),
        verdict("re-sends for each loss", median(r["resent"] / r["lost"] for r in ours), 2, at_most=True),
        verdict("wrong or unresolved rows", sum(r["wrong"] + r["unresolved"] for r in ours), 0, at_most=True),
    ]


def dropped_at(port: int) -> int:
    """How many packets the kernel has thrown away because the server was too slow to read them (Linux)."""
    with Path("/proc/net/udp").open(encoding="ascii") as lines:
        next(lines)
        rows = [line.split() for line in lines]
    return sum(int(row[-1]) for row in rows if row[1].endswith(f":{port:04X}"))


def main() -> None:
    """Runs both parts; exits with 1 when a promise was not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each client runs (default 3)")
    parser.add_argument("--python-server", action="store_true", help="use bench.server even if rbldnsd is here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-scan-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # rbldnsd leaves the root user behind before it reads
        lists = Lists(10_000)
        with serving(lists, folder, options.python_server) as port:
            kept = without_latency(lists, port, folder, options.rounds)
            kept += over_a_bad_line(lists, port, folder, options.rounds)
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
