"""An observation's raw answers as text, with the deciding parts marked: those of the DNS as its tools print them, all
others (pages, registrations, what an SPF record came to) as one fact a line."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from monitors.models import Observation
from monitors.probes.reading import Verdict


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text; `hit` when it is what decided."""

    text: str
    hit: bool = False


def parts(observation: Observation) -> list[Part]:
    """All answers of one observation. Where there are none, nothing was asked or nothing came back."""
    decided = set(observation.codes) | set(observation.text) if observation.verdict == Verdict.ADVERSE else set()
    return raw(observation.evidence, decided)


def raw(evidence: Iterable[Mapping[str, Any]], decided: Set[str] = frozenset()) -> list[Part]:
    """Answers one below the other; of a proof each says what was tested by it."""
    found: list[Part] = []
    for answer in evidence:
        if found:
            found.append(Part("\n\n"))
        if test := answer.get("test"):
            found.append(Part(f"; this {test}\n"))
        found.extend(_answer(answer, decided) if "rdtype" in answer else _facts(answer))
    return found


def _answer(answer: Mapping[str, Any], decided: Set[str]) -> Iterator[Part]:
    over = "TCP" if answer.get("tcp") else "UDP"
    tries = answer.get("tries") or 1
    again = f", {tries} tries" if tries > 1 else ""
    yield Part(f"; {answer.get('server', '?')}, {over}, {(answer.get('elapsed') or 0) * 1000:.0f} ms{again}\n")
    owner = answer.get("canonical") or answer.get("name")
    ttl = answer.get("ttl")
    rdtype = answer.get("rdtype", "")
    records = answer.get("records") or ()
    if not records:
        yield Part(f"; asked {answer.get('name')}. {rdtype}\n")
    for record in records:
        quoted = f'"{record}"' if rdtype == "TXT" else str(record)
        yield Part(f"{owner}. {'' if ttl is None else f'{ttl} '}IN {rdtype} ")
        yield Part(quoted, hit=record in decided)
        yield Part("\n")
    status = answer.get("rcode") or "no answer"
    outcome = str(answer.get("outcome", "")).upper()
    yield Part(f"; {status}{'' if outcome in (status, 'ANSWER') else f', {outcome.lower()}'}, {_records(len(records))}")


def _facts(seen: Mapping[str, Any]) -> Iterator[Part]:
    """What is empty is left out; what came word for word stands last."""
    lines = [line for name, value in seen.items() if name != "raw" for line in _lines(name, value)]
    raw = str(seen.get("raw") or "")
    yield Part("\n".join([*lines, *(["", raw] if raw else [])]))


def _lines(name: str, value: Any, depth: int = 0) -> list[str]:
    label = f"{'  ' * depth}{name.replace('_', ' ')}:"
    match value:
        case None | "" | []:
            return []
        case dict():
            return [label, *(line for key, one in value.items() for line in _lines(key, one, depth + 1))]
        case list() if all(isinstance(one, dict) for one in value):
            return [line for number, one in enumerate(value, 1) for line in _lines(f"{name} {number}", one, depth)]
        case list():
            return [
                f"{label} {', '.join(' '.join(map(str, one)) if isinstance(one, list) else str(one) for one in value)}"
            ]
        case bool():
            return [f"{label} {'yes' if value else 'no'}"]
        case _:
            return [f"{label} {value}"]


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count} records" if count else "no record"


@dataclass(frozen=True, slots=True)
class Round:
    """One observation with its raw answers ready to print."""

    observation: Observation
    parts: list[Part]


def rounds_of(observations: Iterable[Observation]) -> list[Round]:
    return [Round(one, parts(one)) for one in observations]
