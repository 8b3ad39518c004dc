"""A report for people: on a terminal in its width and colours, in a pipe one line a check. Looks at nothing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from monitors.probes.machine import Suspicion
from monitors.sender import report as values
from monitors.sender.report import Check, DomainReport, Report, Word

STYLE = {
    Word.CLEAR: "green",
    Word.LISTED: "bold red",
    Word.FAILED: "bold red",
    Word.SUSPECTED: "bold yellow",
    Word.UNKNOWN: "yellow",
    Word.NOT_COVERED: "dim",
    Word.NOT_CONFIGURED: "dim",
}
HEADINGS = {
    values.Group.LISTS: "Blocklists",
    values.Group.DNS: "DNS",
    values.Group.HOLDER: "Who holds it",
    values.Group.WEBSITE: "Website",
}
WIDEST = 140  # columns; longer lines are hard to follow
MOST = 6  # lines of evidence of one check
LONGEST = 160  # characters of one


# ── in a pipe ───────────────────────────────────────────────────────────────
def lines(report: Report) -> str:
    """One line a check, its parts between tabs: word, name, sentence, where to see it. The summary is the last line."""
    found = [_line(check, check.name) for check in (*report.checks, *report.further)]
    printed = {(check.id, check.target) for check in report.checks}
    for domain in report.domains:
        rest = [check for check in domain.checks if (check.id, check.target) not in printed]
        found += [_line(check, f"{check.name} of {domain.name}") for check in rest]
    found += ["\t".join((_word(one), one.kind.capitalize(), one.sentence, "")) for one in report.suspicions]
    return "\n".join((*found, *_notes(report), report.summary))


def _line(check: Check, name: str) -> str:
    return "\t".join((check.word, name, check.sentence, check.lookup or check.command))


def _word(suspicion: Suspicion) -> str:
    return "Suspected" if suspicion.is_borne_out else "One sign"


def _notes(report: Report) -> list[str]:
    """What is to be known beside the checks."""
    notes = [
        " ".join(filter(None, (one.diagnosis.sentence, one.diagnosis.cure)))
        for one in report.resolvers
        if not one.is_fine
    ]
    if report.left_out:
        notes.append(f"Too many domains; not looked at: {', '.join(report.left_out)}. Name them with --domain.")
    return notes


# ── on a terminal ───────────────────────────────────────────────────────────
def show(report: Report, console: Console) -> None:
    """Print it: the address by groups, each domain, what kind of machine it looks like, and the summary."""
    width = min(console.width, WIDEST)
    through = f"{report.seconds:.1f} s, through {' and '.join(one.path for one in report.resolvers)}"
    console.print(Text.assemble((report.address, "bold"), "  ", (through, "dim")), width=width)
    _show_groups(console, width, (*report.checks, *report.further))
    for domain in report.domains:
        _show_domain(console, width, domain)
    for sentence in _notes(report):
        console.print(Text(f"\n{sentence}", "yellow"), width=width)
    if report.suspicions:
        _heading(console, "What kind of machine")
        rows = [
            (Text(_word(one), "bold yellow" if one.is_borne_out else "dim"), one.sentence) for one in report.suspicions
        ]
        console.print(_table([(word, Text(""), Text(said)) for word, said in rows]), width=width)
    console.print(Text(f"\n{report.address}: {report.summary}", "bold"), width=width)
    for domain in report.domains:
        console.print(Text(f"{domain.name}: {domain.summary}"), width=width)


def _show_domain(console: Console, width: int, domain: DomainReport) -> None:
    console.print()
    met = f"met in {', '.join(domain.origins)}" if not domain.is_given else "named by you"
    console.print(Text.assemble((domain.name, "bold"), "  ", (met, "dim")), width=width)
    _show_groups(console, width, domain.checks)


def _show_groups(console: Console, width: int, checks: Sequence[Check]) -> None:
    for group, heading in HEADINGS.items():
        some = [check for check in checks if check.group is group]
        if some:
            _heading(console, heading)
            console.print(_table([_row(check) for check in some]), width=width)


def _heading(console: Console, text: str) -> None:
    console.print(Text(f"\n{text}", "bold underline"))


def _table(rows: Sequence[tuple[Text, Text, Any]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True, min_width=14)
    table.add_column(min_width=18 if any(name for _, name, _ in rows) else 0, max_width=28)
    table.add_column(ratio=1)
    for row in rows:
        table.add_row(*row)
    return table


def _row(check: Check) -> tuple[Text, Text, Any]:
    said = Text(check.sentence)
    if proved := _proved(check):
        said.append(f"  {proved}", "dim")
    shown: list[RenderableType] = [
        said,
        *(Padding(Text(line, "dim", overflow="fold"), (0, 0, 0, 2)) for line in evidence(check)),
    ]
    return Text(check.word, STYLE[check.word]), Text(check.name), Group(*shown)


def _proved(check: Check) -> str:
    """Through how many paths the list was shown to work."""
    proofs = [seen.proof for seen in check.paths if seen.proof]
    if not proofs:
        return ""
    healthy = sum(proof.healthy for proof in proofs)
    of = f"on {healthy} of {len(proofs)} resolvers" if len(proofs) > 1 else "by its test entries" if healthy else ""
    return f"(proved {of})" if healthy or len(proofs) > 1 else "(not proved)"


# ── evidence in short ───────────────────────────────────────────────────────
def evidence(check: Check) -> list[str]:
    """A few lines: what was answered, and where a person sees the same. Of a list that is clear, none."""
    if check.group is values.Group.LISTS and check.word in (Word.CLEAR, *values.NOT_ASKED):
        return []
    found = [_cut(line) for line in _told(check)]
    shown = found[:MOST]
    if len(found) > MOST:
        shown.append(f"… and {len(found) - MOST} more with --json")
    where = check.lookup or check.command
    return [*shown, where] if where else shown


def _told(check: Check) -> Iterator[str]:
    match check.id:
        case "registration":
            yield from _of_registration(check.facts)
        case "network":
            if check.facts:
                yield f"{check.facts['first']} to {check.facts['last']}"
        case "website":
            yield from check.reading.text if check.reading else ()
            yield from check.reading.meanings if check.reading else ()
        case _:
            yield from (f'"{text}"' for text in (check.reading.text if check.reading else ()))
            for seen in check.paths:
                if not (check.word is Word.CLEAR and seen.path != check.paths[0].path):
                    yield from _of_path(seen, len(check.paths) > 1)


def _of_path(seen: values.Seen, is_one_of_many: bool) -> Iterator[str]:
    """What one path answered: the question that decided, and what is wrong with the list's test entries."""
    name = f"{seen.path}: " if is_one_of_many else ""
    answers = [part for part in seen.reading.evidence if "rdtype" in part and "test" not in part]
    for part in answers[:2]:
        yield f"{name}{_answer(part)}"
    if seen.proof and not seen.proof.healthy:
        yield f"{name}test entries: {'; '.join(_answer(part) for part in seen.proof.evidence[:3])}"


def _answer(part: Mapping[str, Any]) -> str:
    said = ", ".join(part.get("records", ())) or part.get("rcode") or part.get("outcome")
    ttl = f" ({part['ttl']} s)" if part.get("ttl") is not None else ""
    return f"{part['name']} {part['rdtype']} → {said}{ttl}"


def _of_registration(facts: Mapping[str, Any]) -> Iterator[str]:
    for one in facts.get("elements", ()):
        yield f"{one['element']}: {one['state'].replace('_', ' ')}. {one['sentence']}"
    days = [
        f"{word} {facts[key]}" for word, key in (("since", "created_on"), ("until", "expires_on")) if facts.get(key)
    ]
    if facts.get("registrar") or days:
        registrar = [f"registrar {facts['registrar']}"] if facts.get("registrar") else []
        yield ", ".join([*registrar, *days])
    yield from (f"{one['server']}: {one['sentence']}" for one in facts.get("asked", ()) if not facts.get("source"))


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
