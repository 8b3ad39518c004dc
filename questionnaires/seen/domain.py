"""A domain of the vendor: is it there, does its mail arrive, who may send for it, who holds it, what do lists say?"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from egress.resolver import Ask
from monitors.check_sender import WORDS, Word
from monitors.check_sender import Check as Checked
from monitors.probes import blocklist, health, mail_records
from monitors.probes.entry import Blocklist
from monitors.probes.mail_records import Hosts
from monitors.probes.names import is_within, registrable
from monitors.probes.reading import Reading, Verdict
from monitors.probes.registered import Registered
from questionnaires.seen import ADVERSE, ATTENTION, CLEAR, Check, Seen, holder, unseen
from questionnaires.seen.reputation import Standing, stand

SPF_CURES = {
    "none": "Publish one that names your sending servers, such as v=spf1 ip4:192.0.2.1 -all.",
    "several": "Make one of them.",
    "everybody": "Name your servers in it and end it with -all.",
}
DMARC_CURES = {
    "none": "Publish one at _dmarc, to begin with v=DMARC1; p=none. Large receivers ask for it.",
    "several": "Leave one.",
    "unreadable": "Give it a policy: p=none, p=quarantine or p=reject.",
}


AskRegistry = Callable[[str], Coroutine[Any, Any, Registered]]


async def look(
    ask: Ask,
    lists: Sequence[Blocklist],
    ask_registry: AskRegistry,
    domain: str,
    *,
    company: str,
    ours: Sequence[str],
    nonce: int,
    path: int,
) -> Seen:
    """`company` is the vendor's name, `ours` the advertiser's own domains."""
    (apex, www), (mx, spf, dmarc), standing, registered = await asyncio.gather(
        asyncio.gather(
            mail_records.look_up(ask, domain, path=path), mail_records.look_up(ask, f"www.{domain}", path=path)
        ),
        asyncio.gather(
            mail_records.look_mx(ask, domain, path=path),
            mail_records.look_spf(ask, domain, path=path),
            mail_records.look_dmarc(ask, domain, registrable(domain), path=path),
        ),
        _on_lists(ask, lists, domain, nonce, path),
        ask_registry(domain),
    )
    exists = None if mx.result == "temperror" and apex.exists is None else mx.result != "nxdomain"
    checks = [_site(domain, apex, www)]
    if standing.asked:  # the built-in catalogue has no list of domains
        checks += standing.checks
    if exists is not False:
        checks += [_mail(mx), _published("spf", spf, SPF_CURES), _published("dmarc", dmarc, DMARC_CURES)]
    held, facts = holder.judge(registered, domain, company, exists)
    checks.append(held)
    if is_within(domain, ours):
        checks.append(_ours(domain))
    facts |= {
        "look.listed": list(standing.listed) if standing.asked and (standing.listed or not standing.silent) else None,
        "look.resolves": _either(apex, www),
        "look.mx": list(mx.text) if mx.verdict is not Verdict.UNKNOWN else None,
        "look.takes_mail": _known(mx),
        "look.spf": _record(spf),
        "look.dmarc": _record(dmarc),
        "look.dmarc_policy": dmarc.codes[0] if dmarc.codes else None,
    }
    return Seen.of(checks, facts)


async def _on_lists(ask: Ask, lists: Sequence[Blocklist], domain: str, nonce: int, path: int) -> Standing:
    entries = {entry.id: entry for entry in lists if entry.is_configured and entry.covers(domain)}

    async def one(entry: Blocklist) -> Checked:
        proof, seen = await asyncio.gather(
            health.prove(ask, entry, nonce=nonce, path=path), blocklist.look(ask, entry, domain, path=path)
        )
        reading = proof.vouch(seen)
        word = Word(WORDS[reading.verdict])
        return Checked(
            entry.id,
            entry.name,
            domain,
            entry.clause,
            word=word,
            sentence=reading.sentence,
            reading=reading,
            proof=proof,
        )

    return stand(await asyncio.gather(*(one(entry) for entry in entries.values())), entries, "domains")


def _site(domain: str, apex: Hosts, www: Hosts) -> Check:
    found = apex if apex.addresses else www
    if found.addresses:
        return Check("address", CLEAR, found.reading.sentence, "O8")
    if apex.exists is None or www.exists is None:
        return unseen("address", (apex if apex.exists is None else www).reading.sentence, "O8")
    if apex.exists is False:
        return Check("address", ADVERSE, apex.reading.sentence, "O8", "Correct the name, or register and publish it.")
    sentence = f"Neither {domain} nor www.{domain} has an address, so there is no website behind it."
    return Check("address", ADVERSE, sentence, "O8", "Publish an address, with a website that has an opt-out on it.")


def _mail(mx: Reading) -> Check:
    if mx.verdict is Verdict.UNKNOWN:
        return unseen("mx", mx.sentence, "O5")
    if mx.verdict is Verdict.CLEAR:
        return Check("mx", CLEAR, mx.sentence, "O5")
    cure = "Set up mail for it: abuse@ and postmaster@ of each of your domains reach a person."
    return Check("mx", ATTENTION, mx.sentence, "O5", cure)


def _published(ident: str, reading: Reading, cures: dict[str, str]) -> Check:
    if reading.verdict is Verdict.UNKNOWN:
        return unseen(ident, reading.sentence, "R8")
    if reading.verdict is Verdict.CLEAR:
        return Check(ident, CLEAR, reading.sentence, "R8")
    return Check(ident, ATTENTION, reading.sentence, "R8", cures.get(reading.result, ""))


def _ours(domain: str) -> Check:
    sentence = f"{domain} is one of our own domains."
    return Check("ours", ATTENTION, sentence, "R11", "Use a domain of yours, or ask for our written approval first.")


# ── facts ───────────────────────────────────────────────────────────────────
def _known(reading: Reading) -> bool | None:
    return None if reading.verdict is Verdict.UNKNOWN else reading.verdict is Verdict.CLEAR


def _record(reading: Reading) -> str | None:
    """The record as text, empty when there is none; None when it was not seen."""
    if reading.verdict is Verdict.UNKNOWN:
        return None
    return reading.text[0] if reading.text else ""


def _either(apex: Hosts, www: Hosts) -> bool | None:
    if apex.addresses or www.addresses:
        return True
    return None if apex.exists is None or www.exists is None else False
