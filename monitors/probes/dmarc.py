"""What does a domain ask receivers to do with mail that poses as its own (DMARC, RFC 7489)?

`find` follows section 6.6.3: the domain's own record, else that of its organisational domain. `look_policy` reads all
of it, `mail_records.look_dmarc` only whether it is there. The RFC's successor walks up the tree instead: a record that
only such a walk finds is told as advice.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from egress.answer import Answer
from egress.resolver import Ask
from monitors.probes import tags
from monitors.probes.names import is_within, registrable
from monitors.probes.reading import Ground, Reading, Severity, Verdict
from monitors.probes.unseen import ask_if_askable, is_telling, unseen

CLAUSE = "R8"
POLICIES = ("none", "quarantine", "reject")  # mildest first
LONGEST_WALK = 7  # names asked above a domain
MOST_TARGETS = 5  # report addresses whose own domain is asked
LONGEST = 500  # characters kept of a record
REPORT = re.compile(
    r"mailto:(?P<address>[^@\s!,;]+@(?P<domain>[a-z0-9.-]+\.[a-z0-9-]+))(?:![0-9]+[kmgt]?)?", re.IGNORECASE
)
WORDS = {
    "none": "do nothing with forged mail",
    "quarantine": "set forged mail aside",
    "reject": "refuse forged mail",
}


@dataclass(frozen=True, slots=True)
class Found:
    """The records of the first of the names that has any, and all answers. `is_blind` when the DNS did not say."""

    name: str
    records: tuple[str, ...]
    answers: tuple[Answer, ...]
    is_blind: bool = False


async def find(ask: Ask, names: Sequence[str], *, path: int = 0) -> Found:
    """Asks one name after the other, and stops at the first that has a record or does not answer."""
    answers: list[Answer] = []
    for name in names:
        answer = await ask_if_askable(ask, f"_dmarc.{name}", "TXT", path=path)
        if answer is None:
            continue
        answers.append(answer)
        records = tuple(text for text in answer.records if is_dmarc(text))
        if records or not is_telling(answer):
            return Found(name, records, tuple(answers), is_blind=not records)
    return Found("", (), tuple(answers))


def is_dmarc(text: str) -> bool:
    """Whether the first tag is v=DMARC1, in this case of letters (section 6.3)."""
    return text.split(";", 1)[0].replace(" ", "") == "v=DMARC1"


async def look_policy(ask: Ask, domain: str, organisational: str = "", *, path: int = 0) -> Reading:
    """The check "dmarc": CLEAR when a policy holds for the domain, whichever it is.

    Results: pass; none; several; unreadable; temperror. The first of `codes` is the policy, the others are advice:
    dmarc_monitors_only, dmarc_policy_unreadable, dmarc_sp_weaker, dmarc_np_weaker, dmarc_pct, dmarc_no_reports,
    dmarc_rua_unreadable, dmarc_rua_unauthorised, dmarc_tree_walk. `text` is the record. Never graver than WARN.
    """
    direct = list(dict.fromkeys(name for name in (domain, organisational) if name))
    found = await find(ask, direct, path=path)
    if not found.records and not found.is_blind:
        above = [name for name in _above(domain) if name not in direct]
        walked = await find(ask, above, path=path)
        found = Found(walked.name, walked.records, (*found.answers, *walked.answers), walked.is_blind)
    if found.is_blind:
        return unseen(f"The DMARC record of {found.name}", *found.answers, clause=CLAUSE)
    if not found.records:
        sentence = (
            f"{domain} publishes no DMARC record. Publish one at _dmarc.{domain}, to begin with v=DMARC1; p=none."
        )
        return _adverse("none", sentence, found)
    if len(found.records) > 1:
        sentence = f"{found.name} publishes {len(found.records)} DMARC records. Receivers ignore them all; leave one."
        return _adverse("several", sentence, found)
    return await _read(ask, domain, found, found.name not in direct, path)


async def _read(ask: Ask, domain: str, found: Found, is_walked: bool, path: int) -> Reading:
    tag, _ = tags.read(found.records[0])
    tag = {name.lower(): value.lower() for name, value in tag.items()}
    is_own = found.name == domain
    policy = tag.get("p", "") if is_own else tag.get("sp", tag.get("p", ""))
    reports = [REPORT.fullmatch(uri.strip()) for uri in tag.get("rua", "").split(",") if uri.strip()]
    targets = [one for one in reports if one]
    advice: dict[str, str] = {}
    if policy not in POLICIES:
        if not targets:
            sentence = (
                f"The DMARC record of {found.name} has no policy that receivers understand. Give it p=none or more."
            )
            return _adverse("unreadable", sentence, found)
        policy = "none"  # section 6.6.3, step 6
        advice["dmarc_policy_unreadable"] = "Its policy cannot be read, so receivers take it for p=none. Correct it."
    elif policy == "none":
        advice["dmarc_monitors_only"] = (
            "It asks receivers to do nothing (p=none). Once its reports look right, go on to quarantine and reject."
        )
    advice |= _weaknesses(tag, policy)
    if is_walked:
        advice["dmarc_tree_walk"] = (
            f"Only receivers that walk up the tree find it at {found.name}. Publish one at _dmarc.{domain} too."
        )
    if not reports:
        advice["dmarc_no_reports"] = "It names no address for reports (rua=), so that nobody sees who sends as you."
    elif len(targets) < len(reports):
        advice["dmarc_rua_unreadable"] = (
            "An address for reports cannot be read. Write rua=mailto:you@your.example, with commas between several."
        )
    answers = list(found.answers)
    domains = dict.fromkeys(one["domain"].rstrip(".") for one in targets)
    asked = await asyncio.gather(*(_may_report_to(ask, found.name, one, path) for one in list(domains)[:MOST_TARGETS]))
    for target, answer in zip(domains, asked, strict=False):
        if answer is None:
            continue
        answers.append(answer)
        if is_telling(answer) and not any(is_dmarc(text) for text in answer.records):
            advice.setdefault(
                "dmarc_rua_unauthorised",
                f"{target} has not said that it takes reports about {found.name}, so receivers send none there. "
                f"It has to publish v=DMARC1 at {answer.name} (TXT).",
            )
    where = "" if is_own else f", through {found.name}"
    return Reading(
        Verdict.CLEAR,
        "pass",
        Severity.NONE,
        f"{domain} asks receivers to {WORDS[policy]}{where} (DMARC: {policy}).",
        codes=(policy, *advice),
        meanings=("policy", *advice.values()),
        text=(found.records[0][:LONGEST],),
        evidence=tuple(answer.evidence() for answer in answers),
        clause=CLAUSE,
    )


def _weaknesses(tag: dict[str, str], policy: str) -> dict[str, str]:
    """What the record takes back of its own policy: for names below, for names that do not exist, for a share."""
    advice = {}
    if "sp" in tag and _is_weaker(tag["sp"], policy):
        advice["dmarc_sp_weaker"] = f"For names below it asks for less (sp={tag['sp'][:20]}). Leave sp= out."
    if "np" in tag and _is_weaker(tag["np"], policy):
        advice["dmarc_np_weaker"] = (
            f"For names that do not exist it asks for less (np={tag['np'][:20]}). Leave np= out."
        )
    share = tag.get("pct", "100")
    if share != "100":
        told = f"for {share} % of forged mail" if share.isascii() and share.isdigit() and len(share) < 3 else "unclear"
        advice["dmarc_pct"] = f"Its pct= makes it count {told}, and newer receivers pass over pct=. Leave it out."
    return advice


def _is_weaker(one: str, than: str) -> bool:
    return one in POLICIES and POLICIES.index(one) < POLICIES.index(than)


async def _may_report_to(ask: Ask, about: str, target: str, path: int) -> Answer | None:
    """The word of another domain that it takes our reports (section 7.1); None when it need not give one."""
    if is_within(target, [registrable(about) or about]):
        return None
    return await ask_if_askable(ask, f"{about}._report._dmarc.{target}", "TXT", path=path)


def _above(domain: str) -> list[str]:
    """The names above a domain, nearest first; of a very long one the last few."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(1, len(labels))][-LONGEST_WALK:]


def _adverse(result: str, sentence: str, found: Found) -> Reading:
    return Reading(
        Verdict.ADVERSE,
        result,
        Severity.WARN,
        sentence,
        text=tuple(text[:LONGEST] for text in found.records[:3]),
        evidence=tuple(answer.evidence() for answer in found.answers),
        clause=CLAUSE,
        grounds=(Ground(f"dmarc:{result}", Severity.WARN, sentence),),
    )
