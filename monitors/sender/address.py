"""The checks of one address: every blocklist with its proof, reverse DNS, the greeting, the holder of its network."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from egress import rdap
from monitors.probes import blocklist, fcrdns, health, machine, rdap_text
from monitors.probes.entry import Blocklist, Kind, Target
from monitors.probes.fcrdns import Address
from monitors.probes.greeting import look_helo
from monitors.probes.machine import Suspicion
from monitors.probes.reading import Reading, Severity, Verdict
from monitors.registries import Registries
from monitors.sender.looking import Looking
from monitors.sender.report import Check, Group, Word


async def on_list(looking: Looking, entry: Blocklist, target: Target, *, wants_domain: bool = False) -> Check:
    """One list. What cannot be asked says why. With `wants_domain` a list of domains says how to have one looked up."""
    check = Check(entry.id, entry.name, str(target), entry.clause, entry.zone_shown, entry.lookup)
    if entry.kind is Kind.ATTESTED:
        sentence = f"{entry.name} has no DNS list to ask. A person has to look it up."
        return replace(check, word=Word.NOT_COVERED, sentence=sentence)
    if not entry.covers(target):
        sentence = blocklist.not_covered(entry, target).sentence
        sentence += " Name a domain with --domain." if wants_domain and "domain" in entry.targets else ""
        return replace(check, word=Word.NOT_COVERED, sentence=sentence)
    if not entry.is_configured:
        sentence = f"{entry.name} answers only with a key. Put one for {entry.id} into SLUICE_BLOCKLIST_KEYS."
        return replace(check, word=Word.NOT_CONFIGURED, sentence=sentence)
    return await looking.take(
        check,
        lambda path: blocklist.look(looking.ask, entry, target, path=path),
        lambda path: health.prove(looking.ask, entry, nonce=looking.nonce, path=path),
    )


async def reverse_dns(looking: Looking, address: Address, helo: str | None, own: Sequence[str] = ()) -> Check:
    """`own` are the sender's domains, in which a name is not taken for a provider's."""
    check = Check("fcrdns", "Reverse DNS", str(address), fcrdns.CLAUSE, group=Group.DNS, command=f"dig -x {address}")
    return await looking.take(check, lambda path: fcrdns.look(looking.ask, address, helo=helo, own=own, path=path))


async def greeting(looking: Looking, address: Address, helo: str) -> Check:
    rdtype = "A" if address.version == 4 else "AAAA"
    check = Check("helo", "HELO", helo, "R8", group=Group.DNS, command=f"dig {rdtype} {helo}", counts=False)
    return await looking.take(check, lambda path: look_helo(looking.ask, helo, address, path=path))


async def network(looking: Looking, registries: Registries, address: Address) -> Check:
    """Who holds the network: information for a person, never a fault."""
    check = Check("network", "Holder of the network", str(address), "R7", group=Group.HOLDER, counts=False)
    answers: list[rdap.Answer] = []

    async def look() -> Reading:
        answers.append(await registries.ask_network(address))
        return read_network(address, answers[0])

    check = await looking.once(check, look())
    if not answers or not answers[0].url:
        return check
    return replace(check, lookup=answers[0].url, facts=network_facts(answers[0]))


def read_network(address: Address, answer: rdap.Answer) -> Reading:
    if answer.outcome is not rdap.Outcome.FOUND:
        sentence = f"Who holds the network of {address} could not be seen. {answer.sentence}"
        return Reading(Verdict.UNKNOWN, str(answer.outcome), Severity.NONE, sentence, clause="R7")
    facts = network_facts(answer)
    where = f" ({facts['country']})" if facts["country"] else ""
    holder = facts["holder"] or "somebody whom the registry does not name"
    sentence = f"The network {facts['network'] or f'of {address}'} is held by {holder}{where}, says {answer.host}."
    return Reading(Verdict.CLEAR, "told", Severity.NONE, sentence, evidence=(facts,), clause="R7")


def network_facts(answer: rdap.Answer) -> Mapping[str, Any]:
    """What of the answer is kept: its name, its holder, its ends."""
    if answer.answer is None:
        return {}
    record = rdap_text.record(answer.answer)
    ends = [str(answer.answer.get(end, ""))[:50] for end in ("startAddress", "endAddress")]
    return {
        "network": record.name,
        "holder": record.registration.holder.value,
        "country": record.registration.country,
        "first": ends[0],
        "last": ends[1],
        "source": answer.url,
    }


def suspicions(address: Address, checks: Sequence[Check], entries: Sequence[Blocklist]) -> tuple[Suspicion, ...]:
    """A home computer, a hijacked machine? Of what all paths agree on."""
    reverse = next((check.reading for check in checks if check.id == "fcrdns"), None)
    return machine.suspect(str(address), listings(checks), reverse, signs(entries))


def listings(checks: Sequence[Check]) -> dict[str, Reading]:
    """The readings of the lists that were asked, by the list's id."""
    return {one.id: one.reading for one in checks if one.group is Group.LISTS and one.reading is not None}


def signs(entries: Sequence[Blocklist]) -> dict[tuple[str, str], str]:
    """What codes say about a machine, as the catalogue has it."""
    return {(entry.id, code): one.sign for entry in entries for code, one in entry.codes.items() if one.sign}
