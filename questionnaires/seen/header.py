"""A header address: can its domain take the mail that comes back, and whose domain is it?"""

import asyncio
from collections.abc import Sequence
from typing import Any

from egress.resolver import Ask
from monitors.probes import mail_records
from monitors.probes.mailbox import is_anybodys
from monitors.probes.names import is_within
from monitors.probes.reading import Verdict
from questionnaires.seen import ADVERSE, ATTENTION, CLEAR, Check, Seen, unseen

MOST_HOSTS = 5  # mail servers whose addresses are looked up
CURES = {
    "nxdomain": "Correct the address.",
    "null_mx": "Use an address that takes mail: answers and bounces come back to it.",
    "no_mx": "Publish a mail server (MX) for the domain, or use another address.",
}


async def look(ask: Ask, address: str, *, ours: Sequence[str], path: int) -> Seen:
    """`ours` are the advertiser's own domains. Whether the mailbox itself exists is not tried."""
    domain = address.rpartition("@")[2].lower()
    mx = await mail_records.look_mx(ask, domain, path=path)
    if mx.verdict is Verdict.UNKNOWN:
        checks = [unseen("mx", mx.sentence, "R10")]
    elif mx.verdict is Verdict.ADVERSE:
        checks = [Check("mx", ADVERSE, mx.sentence, "R10", CURES.get(mx.result, ""))]
    else:
        checks = [Check("mx", CLEAR, mx.sentence, "R10")]
    is_ours, is_free_mail = is_within(domain, ours), is_anybodys(domain)
    if is_ours:
        sentence = f"{domain} is one of our own domains."
        cure = "Use a domain of yours, or attach the written approval of our IT department."
        checks.append(Check("ours", ATTENTION, sentence, "R11", cure))
    if is_free_mail:
        sentence = f"{domain} gives a mailbox to anybody. Only its own servers may send for it, and it names nobody."
        checks.append(Check("free-mail", ATTENTION, sentence, "R8", "Use an address in a domain of your company."))
    facts: dict[str, Any] = {
        "look.mx": list(mx.text) if mx.verdict is not Verdict.UNKNOWN else None,
        "look.takes_mail": None if mx.verdict is Verdict.UNKNOWN else mx.verdict is Verdict.CLEAR,
        "look.mx_addresses": await _taken_in_at(ask, domain, mx.text, path) if mx.verdict is Verdict.CLEAR else None,
        "look.free_mail": is_free_mail,
        "look.advertiser_domain": is_ours,
    }
    return Seen.of(checks, facts)


async def _taken_in_at(ask: Ask, domain: str, hosts: Sequence[str], path: int) -> list[str] | None:
    """The addresses of the mail servers; None unless all could be looked up."""
    names = [host for host in hosts if "\\" not in host][:MOST_HOSTS] or [domain]
    found = await asyncio.gather(*(mail_records.look_up(ask, name, path=path) for name in names))
    if any(hosts.exists is None for hosts in found):
        return None
    return sorted({address for hosts in found for address in hosts.addresses})
