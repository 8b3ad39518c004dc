"""A sending server: its reverse name, its greeting, the blocklists. Of a range, a sample, and it says so."""

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from egress.resolver import Ask
from monitors import check_sender
from monitors.check_sender import Report
from monitors.probes import mail_records
from monitors.probes.entry import Blocklist
from monitors.probes.fcrdns import Address, is_host_name
from monitors.probes.reading import Reading, Verdict
from questionnaires.seen import ADVERSE, ATTENTION, CLEAR, UNKNOWN, Check, Seen, unseen
from questionnaires.seen.reputation import stand

Network = IPv4Network | IPv6Network
SPREAD = 6  # addresses looked at between a range's first and last
CURES = {
    "fail_no_ptr": "Ask the provider of the address to give it a reverse name, best the one in HELO.",
    "fail_mismatch": "Make that name lead back to the address, or ask the provider to set the reverse name anew.",
    "fail_ptr_target_missing": "Publish an address for that name, or ask the provider to set the reverse name anew.",
    "bad_ptr": "Ask the provider to set a reverse name of letters, digits and hyphens, such as mail.example.com.",
}
ADVICE = {
    "warn_many_ptr": "Ask the provider to leave one reverse name.",
    "warn_ptr_cname_target": "Let the reverse name be the host's own name, not an alias.",
    "warn_generic": "Ask the provider for a reverse name of your own. Receivers distrust names that a machine made.",
    "warn_helo_mismatch": "This is allowed, but receivers may refuse it. Let the server greet with its reverse name.",
}


def sample(network: Network) -> list[Address]:
    """The addresses to look at: all of a small range, else the first and last that a host may have, and six between."""
    first, last = int(network.network_address), int(network.broadcast_address)
    if last - first >= 3 and network.version == 4:
        first, last = first + 1, last - 1  # the network's own and the broadcast address are no hosts
    elif last - first >= 3:
        first += 1  # the subnet-router anycast address (RFC 4291 section 2.6.1)
    count = last - first + 1
    if count <= SPREAD + 2:
        numbers = list(range(first, last + 1))
    else:
        numbers = [first + step * (count - 1) // (SPREAD + 1) for step in range(SPREAD + 2)]
    kind = type(network.network_address)
    return [kind(number) for number in numbers]


async def look(ask: Ask, lists: Sequence[Blocklist], subject: str, helo: str, *, nonce: int, path: int) -> Seen:
    """`subject` is an address or a CIDR range, `helo` the name in HELO or empty. ValueError for no such subject."""
    network = ip_network(subject, strict=False)
    addresses = sample(network)
    is_range = network.num_addresses > 1
    entries = {entry.id: entry for entry in lists if "domain" not in entry.targets and entry.is_configured}
    named = helo if helo and is_host_name(helo) and not is_range else None
    reports, greeting = await asyncio.gather(
        asyncio.gather(
            *(
                check_sender.check(ask, list(entries.values()), address, helo=named, nonce=nonce, path=path)
                for address in addresses
            )
        ),
        _greeting(ask, helo, network, path),
    )
    names = [(report.address, reading) for report in reports if (reading := _reverse(report))]
    standing = stand(
        [check for report in reports for check in report.checks if check.id in entries],
        entries,
        f"IPv{network.version} addresses",
    )
    reverse = _of_range(network, names) if is_range else _of_one(names, greeting)
    checks = [*standing.checks, *reverse, *([greeting] if greeting else [])]
    facts: dict[str, Any] = _facts(names, is_range) | {
        "look.listed": list(standing.listed) if standing.listed or not standing.silent else None,
        "look.lists_asked": standing.asked,
        "look.lists_silent": list(standing.silent),
        "look.helo_resolves": _resolves(greeting),
        "look.sampled": [str(address) for address in addresses] if is_range else None,
        "look.dynamic": standing.is_dynamic or None,  # no list says of an address that it is none of a home
    }
    return Seen.of(checks, facts)


def _reverse(report: Report) -> Reading | None:
    return next((check.reading for check in report.checks if check.id == "fcrdns"), None)


def _of_one(names: list[tuple[str, Reading]], greeting: Check | None) -> list[Check]:
    (_, reading), *_ = names
    if reading.verdict is Verdict.UNKNOWN:
        return [unseen("reverse", reading.sentence, "R7")]
    if reading.verdict is Verdict.ADVERSE:
        checks = [Check("reverse", ADVERSE, reading.sentence, "R7", CURES.get(reading.result, ""))]
    else:
        checks = [Check("reverse", CLEAR, reading.sentence, "R7")]
    for code, meaning in zip(reading.codes, reading.meanings, strict=True):
        if code == "warn_helo_mismatch" and (greeting is None or greeting.verdict != CLEAR):
            continue  # said by the greeting's own line
        clause = "R9" if code == "warn_generic" else "R7"
        checks.append(Check(code.replace("_", "-"), ATTENTION, meaning, clause, ADVICE.get(code, "")))
    return checks


def _of_range(network: Network, names: list[tuple[str, Reading]]) -> list[Check]:
    looked, most = len(names), network.num_addresses
    checks = []
    if looked < most:
        shown = ", ".join(address for address, _ in names)
        count = f"{most:,}" if most < 1_000_000 else "many"
        checks.append(
            Check(
                "range",
                UNKNOWN,
                f"We looked at {looked} of the {count} addresses of {network}: {shown}. "
                "Of the others we know nothing yet.",
                "R7",
                "Name single servers in place of a range, and we look at each.",
                word="Part",
            )
        )
    bad = [(address, reading) for address, reading in names if reading.verdict is Verdict.ADVERSE]
    blind = [(address, reading) for address, reading in names if reading.verdict is Verdict.UNKNOWN]
    if bad:
        reading = bad[0][1]
        more = f" {len(bad)} of the {looked} that we looked at fail." if len(bad) > 1 else ""
        checks.append(Check("reverse", ADVERSE, f"{reading.sentence}{more}", "R7", CURES.get(reading.result, "")))
    if blind:
        checks.append(unseen("reverse-unseen", f"{blind[0][1].sentence}", "R7"))
    if len(bad) + len(blind) < looked:
        good = looked - len(bad) - len(blind)
        says = "has a reverse name that leads" if good == 1 else "have reverse names that lead"
        checks.append(Check("reverse-clear", CLEAR, f"{good} of the {looked} that we looked at {says} back.", "R7"))
    return checks


async def _greeting(ask: Ask, helo: str, network: Network, path: int) -> Check | None:
    if not helo:
        return None
    if not is_host_name(helo):
        sentence = f"The server greets as {helo}, which cannot be a host name."
        return Check("helo", ADVERSE, sentence, "R7", "Let it greet with a full host name, such as mail.example.com.")
    hosts = await mail_records.look_up(ask, helo, path=path)
    if hosts.exists is None:
        return unseen("helo", hosts.reading.sentence, "R7")
    if not hosts.addresses:
        cure = "Publish an address for it, or let the server greet with a name that has one."
        return Check("helo", ADVERSE, f"The server greets as {helo}. {hosts.reading.sentence}", "R7", cure)
    where = str(network.network_address) if network.num_addresses == 1 else str(network)
    if any(ip_address(address) in network for address in hosts.addresses):
        return Check("helo", CLEAR, f"{helo}, the name in HELO, leads to {where}.", "R7")
    sentence = f"{helo}, the name in HELO, leads to {hosts.addresses[0]}, not to {where}."
    cure = "This is allowed, but receivers may refuse it. Let the server greet with its own name."
    return Check("helo", ATTENTION, sentence, "R7", cure)


def _resolves(greeting: Check | None) -> bool | None:
    if greeting is None or greeting.verdict == UNKNOWN:
        return None
    return greeting.verdict != ADVERSE


def _facts(names: list[tuple[str, Reading]], is_range: bool) -> dict[str, Any]:
    verdicts = {reading.verdict for _, reading in names}
    leads_back = False if Verdict.ADVERSE in verdicts else None if Verdict.UNKNOWN in verdicts else True
    hosts = [(address, name) for address, reading in names for name in _names(reading)]
    is_known = Verdict.UNKNOWN not in verdicts
    return {
        "look.fcrdns": leads_back,
        "look.ptr": hosts[0][1] if hosts and not is_range else None,
        "look.hosts": (", ".join(f"{name} ({address})" for address, name in hosts) or None) if is_known else None,
    }


def _names(reading: Reading) -> list[str]:
    """The name that leads back, or all that do not."""
    if not reading.evidence:
        return []
    records = [str(name) for name in reading.evidence[0]["records"]]
    if reading.verdict is Verdict.CLEAR:
        return [name for name in records if f" {name}," in reading.sentence][:1]
    return records[:3]
