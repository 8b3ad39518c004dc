"""What the blocklists say of one target or of several, in as few lines as a person needs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitors.check_sender import Check as Checked
from monitors.check_sender import Word
from monitors.probes.entry import Blocklist
from monitors.probes.reading import Severity
from questionnaires.seen import ADVERSE, ATTENTION, CLEAR, UNKNOWN, Check, unseen

GRAVE = (Severity.HALT, Severity.WARN)


@dataclass(frozen=True, slots=True)
class Standing:
    """`listed` are the names of lists with a grave listing, `silent` of those that gave no answer, `asked` counts both
    and the clear ones. `is_dynamic`: a list says that the address is one of a home or changing network."""

    checks: tuple[Check, ...]
    listed: tuple[str, ...]
    silent: tuple[str, ...]
    asked: int
    is_dynamic: bool


def stand(checked: Sequence[Checked], entries: Mapping[str, Blocklist], what: str) -> Standing:
    """`checked` are looks at lists, possibly several of one list at several targets; `what` names the kind of target
    for the sentence that no list holds it, as "IPv6 addresses"."""
    asked = [one for one in checked if one.reading is not None]
    by_list: dict[str, list[Checked]] = {}
    for one in asked:
        by_list.setdefault(one.id, []).append(one)
    checks, listed, silent, clear = [], [], [], []
    is_dynamic = False
    for ident, looks in by_list.items():
        bad = [one for one in looks if one.word is Word.LISTED]
        if bad:
            check = _listing(bad, entries[ident], is_one=len(looks) == 1)
            checks.append(check)
            if check.verdict == ADVERSE:
                listed.append(bad[0].name)
            is_dynamic = is_dynamic or any(_says_dynamic(one) for one in bad)
        elif any(one.word is Word.UNKNOWN for one in looks):
            silent.append(looks[0].name)
        else:
            clear.append(looks[0].name)
    total = len(by_list)
    if silent:
        some = f"{len(silent)} of {total} lists" if total > 1 else "The one list that we asked"
        checks.append(unseen("lists-silent", f"{some} gave us no answer: {', '.join(silent)}.", "R5"))
    if clear:
        rest = "other " if listed or any(check.verdict == ATTENTION for check in checks) else ""
        count = f"{len(clear)} {rest}list{'' if len(clear) == 1 else 's'}"
        sentence = f"Not on the {count} that answered." if silent else f"Not on the {count} that we asked."
        checks.append(Check("lists", CLEAR, sentence, "R5"))
    if not total:
        checks.append(
            Check(
                "lists", UNKNOWN, f"None of the lists that we ask holds {what}, so we cannot say how it stands.", "R5"
            )
        )
    return Standing(tuple(checks), tuple(listed), tuple(silent), total, is_dynamic)


def _listing(bad: Sequence[Checked], entry: Blocklist, *, is_one: bool) -> Check:
    first = bad[0]
    readings = [one.reading for one in bad if one.reading is not None]
    is_grave = any(reading.severity in GRAVE for reading in readings)
    also = (
        f" So {'is' if len(bad) == 2 else 'are'} {len(bad) - 1} more of the addresses that we looked at."
        if len(bad) > 1
        else ""
    )
    sentence = first.sentence if is_one else f"{first.target}: {first.sentence}{also}"
    cure = "End the cause first."
    if entry.delisting:
        cure += f" How an entry ends: {entry.delisting}"
    if entry.lookup:
        cure += f" Look it up at {entry.lookup}"
    return Check(
        f"list:{entry.id}",
        ADVERSE if is_grave else ATTENTION,
        sentence,
        entry.clause,
        cure,
    )


def _says_dynamic(one: Checked) -> bool:
    """Whether the list's own meaning of its answer speaks of home or changing addresses."""
    words = " ".join(one.reading.meanings).lower() if one.reading else ""
    return any(word in words for word in ("end-user range", "residential", "home connection"))
