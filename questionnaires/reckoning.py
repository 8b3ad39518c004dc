"""What follows from the answers of an Exhibit B: sums, spans of time, and limits kept or broken. Pure.

The facts are named "derived.*", those of one source "derived.*@uid". A sum with a part missing is not known, and so is
not among them: unknown is neither right nor wrong. Nothing is stored or refused here; the rules of the definition say
what a fact means.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from ipaddress import ip_network
from typing import Any

from questionnaires.definition import Answers, Row
from questionnaires.source_codes import key_of

SAMPLE = 30  # rows drawn by lot; without a failure, fewer than one address in ten lacks proof (95 % confidence)
WIDER_SAMPLE = 60  # of a list with less behind it, and after a failure; one in twenty
DOUBTFUL = frozenset({"bought", "coregistration", "referral"})


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the accepted Exhibit A and the policy let through. `None` where that is not known."""

    suppress_hours: int
    complaint_hours: int
    servers: Collection[str] | None = None  # addresses or networks
    from_addresses: Collection[str] | None = None
    proof_hours: int | None = None  # how long the slowest proof takes, as Exhibit A said (A13.03)
    per_hour: Mapping[str, int] = field(default_factory=dict)  # messages, by provider as B7.04 names them


def reckon(answers: Answers, *, today: date, allowed: Allowed) -> dict[str, Any]:
    """The facts; those that cannot be told yet are left out."""
    sources = answers.rows.get("sources", ())
    facts: dict[str, Any] = {
        "derived.new_addresses": _total(sources),
        "derived.sample_size": WIDER_SAMPLE if _is_doubtful(sources) else SAMPLE,
        "derived.lives_abroad": _lives_abroad(sources),
        "derived.cleaning_adds_up": _cleaning_adds_up(answers, sources),
        "derived.download_is_old": _download_is_old(answers, allowed),
        "derived.start_has_passed": _compared(_day(answers.known("B7.01")), today),
        "derived.senders": "all" if _is_one(allowed.servers) and _is_one(allowed.from_addresses) else None,
        "derived.proof_hours": allowed.proof_hours,
        "derived.has_foreign_sender": _has_foreign_sender(answers, allowed),
        "derived.is_over_ceiling": _is_over_ceiling(answers, allowed),
        "derived.paper_is_slow": _above(answers.known("B3b.04"), allowed.complaint_hours),
        "derived.proof_is_slow": _above(_either(answers.known("B9.02"), allowed.proof_hours), allowed.complaint_hours),
    }
    for source in sources:
        facts |= {f"derived.{name}@{source.uid}": value for name, value in _of_source(source, sources, today).items()}
    return {name: value for name, value in facts.items() if value is not None}


def _of_source(source: Row, sources: Collection[Row], today: date) -> dict[str, Any]:
    period = source.values.get("B2.03") or {}
    first, last = _day(period.get("first")), _day(period.get("last"))
    spans = None if first is None or last is None else (first.year, first.month) != (last.year, last.month)
    months, shares = source.values.get("B2.09"), source.values.get("B2.05")
    new = source.values.get("B2.02")
    return {
        "spans_months": spans,
        "consent_in_order": None if first is None or last is None else first <= last,
        "consent_age_days": (today - first).days if first else None,
        "months_add_up": _sum(months, "count") == new if spans and months and new is not None else None,
        "shares_add_up": _sum(shares, "share") == 100 if shares else None,
        "code_stands_twice": _code(source) in [_code(other) for other in sources if other.uid != source.uid]
        if _code(source)
        else None,
    }


def _code(source: Row) -> str:
    return key_of(str(source.values.get("B2.01") or ""))


def _total(sources: Collection[Row]) -> int | None:
    counts = [source.values.get("B2.02") for source in sources]
    return sum(counts) if counts and None not in counts else None  # type: ignore[arg-type]


def _is_doubtful(sources: Collection[Row]) -> bool:
    return any(
        source.values.get("B2.06") is False or DOUBTFUL.intersection(source.values.get("B2.07") or ())
        for source in sources
    )


def _lives_abroad(sources: Collection[Row]) -> bool | None:
    shares = [share for source in sources for share in source.values.get("B2.05") or ()]
    return any(share.get("region") != "us" and share.get("share") for share in shares) if shares else None


def _cleaning_adds_up(answers: Answers, sources: Collection[Row]) -> bool | None:
    cleaned, total = answers.known("B6.01"), _total(sources)
    if not cleaned or total is None:
        return None
    counts = [cleaned.get(name) for name in ("duplicates", "unusable", "worn", "unfit", "left")]
    return None if None in counts else sum(counts) == total


def _download_is_old(answers: Answers, allowed: Allowed) -> bool | None:
    fetched, start = _day((answers.known("B6.02") or {}).get("on")), _day(answers.known("B7.01"))
    if fetched is None or start is None:
        return None
    return start - fetched > timedelta(hours=allowed.suppress_hours)  # both are whole days: never stricter than it is


def _has_foreign_sender(answers: Answers, allowed: Allowed) -> bool | None:
    senders = answers.known("B7.09")
    if answers.known("B7.03") != "some" or not senders or allowed.servers is None or allowed.from_addresses is None:
        return None
    accepted = [ip_network(server) for server in allowed.servers]
    written = {address.casefold() for address in allowed.from_addresses}
    for sender in senders:
        if str(sender.get("from", "")).casefold() not in written:
            return True
        asked = ip_network(sender["server"])
        if not any(asked.version == one.version and asked.subnet_of(one) for one in accepted):  # type: ignore[arg-type]
            return True
    return False


def _is_over_ceiling(answers: Answers, allowed: Allowed) -> bool | None:
    """A day is 24 hours at full speed, and no more. Lines of one day and provider count together."""
    days: dict[tuple[int, str], int] = {}
    for line in answers.known("B7.04") or ():
        key = line["day"], line["provider"]
        days[key] = days.get(key, 0) + line["messages"]
    known = [(sent, allowed.per_hour[provider]) for (_, provider), sent in days.items() if provider in allowed.per_hour]
    return any(sent > 24 * ceiling for sent, ceiling in known) if known else None


def _sum(lines: Collection[Mapping[str, Any]] | None, name: str) -> int:
    return sum(line.get(name) or 0 for line in lines or ())


def _is_one(accepted: Collection[str] | None) -> bool:
    """Where there is but one, it need not be chosen."""
    return accepted is not None and len(accepted) == 1


def _either(written: int | None, on_record: int | None) -> int | None:
    return on_record if written is None else written


def _above(value: int | None, limit: int) -> bool | None:
    return None if value is None else value > limit


def _compared(day: date | None, today: date) -> bool | None:
    return None if day is None else day <= today


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
