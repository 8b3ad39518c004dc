"""One submission as its reviewer reads it: the sections, and the answers of one of them as they were signed, beside
what the machine saw, what was answered last time, and what was said of them.

Reads and changes nothing. What is shown is the signed snapshot; only a form that is not signed is shown as it stands.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from django.core.paginator import Page as Sheets
from django.core.paginator import Paginator

from policies.difference import Segment, words
from policies.versions import in_force
from questionnaires import decisions, review, waivers
from questionnaires.definition import Answers, Section
from questionnaires.looks import looks_of
from questionnaires.models import Comment, Decision, Evidence, Return, SectionLook, Signature, Submission
from questionnaires.picture import picture_of
from questionnaires.reading import answers_of, standing_signature
from questionnaires.subjects import Subject, subjects_of
from questionnaires.waivers import Flag

GROUPS = 6  # pages or rows of the form shown at once
LONGEST_COMPARED = 6000  # characters of both answers; longer ones are shown whole, the old beside the new
FEWEST_WORDS = 3  # of each; what is shorter, such as a date or an address, is shown whole
STATES = {"clear": "open", "adverse": "shut", "unknown": "unkn", "attention": "wait"}
Drawn = Mapping[str, Any]  # one answer of a picture


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the answers are compared with. `key` stands in the address of the page."""

    key: str
    words: str
    signature: Signature
    is_default: bool = True  # somebody of the desk has read and decided it


@dataclass(frozen=True, slots=True)
class Seen:
    """What the machine saw of one subject; `at` is None while it has not looked."""

    subject: str
    at: datetime | None
    checks: list[dict[str, str]]


@dataclass(slots=True)
class Said:
    """One answer. `segments` show what changed; `was` stands for a long text that is not compared word by word."""

    key: str
    code: str
    row: str
    label: str
    said: str
    by: str
    clauses: list[str]
    change: str = ""  # "", "new" or "changed"
    segments: Sequence[Segment] = ()
    was: str = ""
    files: list[tuple[Mapping[str, Any], Evidence | None]] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    noted: Return | None = None
    earlier: list[Return] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return anchor(self.key)


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one page of the form, or of one row of it; `gone` are answers of last time that are no more."""

    title: str
    answers: list[Said]
    gone: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A section in the index. `state` is shut, wait or seen."""

    section: Section
    state: str
    look: SectionLook | None
    changed: int
    flags: list[Flag]
    returned: int

    @property
    def warns(self) -> bool:
        return any(flag.rule.level == "warn" for flag in self.flags)


def anchor(key: str) -> str:
    """The id of an answer on the page."""
    return f"q-{key.replace('@', '-')}"


class Reading:
    """Everything that the page shows, found when it is first asked for."""

    def __init__(self, submission: Submission, at: datetime, against: str = "") -> None:
        self.submission, self.at, self._against = submission, at, against
        self.definition = submission.definition

    @cached_property
    def signature(self) -> Signature | None:
        """Of what is shown: the newest that counts."""
        return standing_signature(self.submission)

    @cached_property
    def answers(self) -> Answers:
        return answers_of(self.submission, self.at)

    @cached_property
    def picture(self) -> Mapping[str, Any]:
        if self.signature:
            return self.signature.picture
        return picture_of(self.submission, self.answers, policy=self.submission.amendment or in_force(self.at))

    @cached_property
    def files(self) -> list[tuple[Mapping[str, Any], Evidence | None]]:
        """Every file that was signed over, with where it is kept."""
        kept = {(one.code, one.row, one.sha256): one for one in self.submission.evidence.all()}
        return [(one, kept.get((one["code"], one["row"], one["sha256"]))) for one in self.picture["evidence"]]

    @cached_property
    def flags(self) -> list[Flag]:
        """The rules that speak now; none once it is decided."""
        return waivers.flags(self.submission, self.answers, self.at) if self.submission.state in Submission.OPEN else []

    @cached_property
    def obstacles(self) -> list[str]:
        return decisions.obstacles(self.submission, self.answers, self.at)

    @cached_property
    def noted(self) -> list[Return]:
        """The answers that will go back."""
        return [one for one in self._returns if one.state == Return.State.NOTED]

    @cached_property
    def comments(self) -> list[Comment]:
        return list(self.submission.comments.all())

    @cached_property
    def _returns(self) -> list[Return]:
        return list(self.submission.returns.exclude(state=Return.State.DROPPED))

    # ── compared with last time ─────────────────────────────────────────────
    @cached_property
    def baselines(self) -> list[Baseline]:
        """The rounds that were sent back, newest first, what was accepted before, then rounds that nobody decided,
        which the vendor took back."""
        signed = self.submission.signatures.order_by("-round")
        if self.signature:
            signed = signed.filter(round__lt=self.signature.round)
        decided = {one.round for one in self.submission.decisions.all() if one.kind == Decision.Kind.RETURN}
        found = [
            Baseline(f"round-{one.round}", f"round {one.round}, signed {_day(one.at)}", one)
            for one in signed
            if one.round in decided
        ]
        before = self._accepted_before()
        if before and (signature := before.signatures.last()):
            when = before.ended_at or signature.at
            found.append(Baseline(before.number, f"{before.number}, accepted {_day(when)}", signature))
        return found + [
            Baseline(f"round-{one.round}", f"round {one.round}, taken back by the vendor", one, is_default=False)
            for one in signed
            if one.round not in decided
        ]

    def _accepted_before(self) -> Submission | None:
        accepted = Submission.State.ACCEPTED
        previous = self.submission.previous
        if previous and previous.state == accepted:
            return previous
        if self.submission.exhibit != "A":
            return None
        own = Submission.objects.filter(vendor=self.submission.vendor_id, exhibit="A", state=accepted)
        return own.filter(created_at__lt=self.submission.created_at).first()

    @cached_property
    def baseline(self) -> Baseline | None:
        """The one that was asked for; else the last that somebody decided."""
        wanted = [one for one in self.baselines if one.key == self._against]
        return next(iter(wanted or [one for one in self.baselines if one.is_default]), None)

    @cached_property
    def before(self) -> Mapping[str, Drawn]:
        """The answers of last time by key."""
        return {one["key"]: one for one in self.baseline.signature.picture["answers"]} if self.baseline else {}

    @cached_property
    def changed(self) -> frozenset[str]:
        """Keys of the answers that are new or not as they were; none when there is nothing to compare with."""
        if not self.baseline:
            return frozenset()
        now = {one["key"]: one["value"] for one in self.picture["answers"]}
        was = {key: one["value"] for key, one in self.before.items()}
        return frozenset(key for key in {*now, *was} if now.get(key) != was.get(key))

    # ── the index ───────────────────────────────────────────────────────────
    @cached_property
    def lines(self) -> list[Line]:
        """Each section with something to look at."""
        looks = {look.section: look for look in self.submission.section_looks.filter(round=self._round)}
        changed: dict[str, int] = defaultdict(int)
        sections = {one["key"]: one["section"] for one in (*self.before.values(), *self.picture["answers"])}
        for key in self.changed:
            changed[sections[key]] += 1
        flags: dict[str, list[Flag]] = defaultdict(list)
        for flag in self.flags:
            flags[self.section_of(flag.rule.question)].append(flag)
        returned: dict[str, int] = defaultdict(int)
        for noted in self.noted:
            returned[self.section_of(noted.code)] += 1
        return [
            Line(
                section,
                "shut" if any(flag.stops for flag in flags[section.code]) else "seen" if look else "wait",
                look,
                changed[section.code],
                flags[section.code],
                returned[section.code],
            )
            for section in self.definition.sections
            if section.code in self._to_look_at
            for look in [looks.get(section.code)]
        ]

    @property
    def _round(self) -> int:
        return self.signature.round if self.signature else self.submission.round

    @cached_property
    def _to_look_at(self) -> set[str]:
        if self.submission.state in Submission.OPEN:
            return set(review.sections_to_look_at(self.submission, self.answers))
        has_answers = {one["section"] for one in self.picture["answers"]}
        has_files = bool(self.picture["evidence"])
        return {
            one.code
            for one in self.definition.sections
            if one.code in has_answers or one.kind == "signature" or (one.kind == "evidence" and has_files)
        }

    def section_of(self, code: str) -> str:
        return self.definition.section_of[self.definition.page_of[code].step].code

    def line(self, code: str) -> Line:
        """The section that was asked for; else the first that fails, or was not looked at, or the first."""
        return (
            next((line for line in self.lines if line.section.code == code), None)
            or next((line for line in self.lines if line.state == "shut"), None)
            or next((line for line in self.lines if line.state == "wait"), self.lines[0])
        )

    # ── the answers of one section ──────────────────────────────────────────
    def groups(self, section: str, *, only_changed: bool, page: str | None, at_key: str = "") -> "Sheets[Any]":
        """A page of groups; the one with the answer `at_key` when that is given."""
        drawn = [one for one in self.picture["answers"] if one["section"] == section]
        if only_changed:
            drawn = [one for one in drawn if one["key"] in self.changed]
        groups = [(key, list(some)) for key, some in groupby(drawn, lambda one: (one["step"], one["row"]))]
        here = {one["key"] for one in self.picture["answers"]}
        gone = [one for key, one in self.before.items() if one["section"] == section and key not in here]
        if gone and not groups:
            groups = [(("", ""), [])]
        pages = Paginator(groups, GROUPS)
        place = next((n for n, (_, some) in enumerate(groups) if any(one["key"] == at_key for one in some)), None)
        found: Sheets[Any] = pages.get_page(page if place is None else place // GROUPS + 1)
        here_shown = [(key, some) for key, some in found.object_list if some]
        shown = self._shown([one for _, some in here_shown for one in some])
        drawn_groups = [
            Group(self._title(key, some), [shown[one["key"]] for one in some], []) for key, some in here_shown
        ]
        if gone and found.number == pages.num_pages:
            rest = [(f"{one['row_name']}: {one['label']}" if one["row"] else one["label"], one["said"]) for one in gone]
            drawn_groups.append(Group("No longer answered", [], rest))
        found.object_list = drawn_groups
        return found

    def _title(self, key: tuple[str, str], some: Sequence[Drawn]) -> str:
        page = self.definition.pages.get(key[0])
        return str(some[0]["row_name"]) or (page.title if page else "")

    def _shown(self, drawn: Sequence[Drawn]) -> dict[str, Said]:
        shown: dict[str, Said] = {}
        for one in drawn:
            said = Said(one["key"], one["code"], one["row"], one["label"], one["said"], one["by"], one["clauses"])
            if one["key"] in self.changed:
                self._compare(said)
            said.files = [pair for pair in self.files if (pair[0]["code"], pair[0]["row"]) == (said.code, said.row)]
            said.flags = [f for f in self.flags if f.rule.question == said.code and f.row_uid in ("", said.row)]
            said.comments = [c for c in self.comments if (c.code, c.row) == (said.code, said.row)]
            for returned in self._returns:
                if (returned.code, returned.row) == (said.code, said.row):
                    if returned.state == Return.State.NOTED:
                        said.noted = returned
                    else:
                        said.earlier.append(returned)
            shown[said.key] = said
        self._look(drawn, shown)
        return shown

    def _compare(self, said: Said) -> None:
        was = self.before.get(said.key)
        said.change = "changed" if was else "new"
        if not was:
            return
        old = str(was["said"])
        is_text = min(len(old.split()), len(said.said.split())) >= FEWEST_WORDS
        if old == said.said or not is_text or len(old) + len(said.said) > LONGEST_COMPARED:
            said.was = old
        else:
            said.segments = words(old, said.said)

    @cached_property
    def _values(self) -> Mapping[tuple[str, str], dict[str, Any]]:
        """The values of each row by code."""
        found: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
        for one in self.picture["answers"]:
            found[one["step"], one["row"]][one["code"]] = one["value"]
        return found

    def _look(self, drawn: Sequence[Drawn], shown: Mapping[str, Said]) -> None:
        """What was seen of a row stands beside its first answer; of header addresses and pages, beside the answer with
        them."""
        wanted: list[tuple[str, Subject]] = []
        for (step, row), some in groupby(drawn, lambda one: (one["step"], one["row"])):
            page = self.definition.pages.get(step)
            if row:
                subjects = subjects_of(page, row, self._values[step, row], {}) if page else []
                first = next(some)["key"]
                wanted += [(first, subject) for subject in subjects]
            elif page:
                for one in some:
                    given = {one["code"]: one["value"]}
                    wanted += [(one["key"], subject) for subject in subjects_of(page, "", given, {})]
        if not wanted:
            return
        found = looks_of(self.submission.vendor, [subject for _, subject in wanted])
        for key, subject in wanted:
            look = found[subject]
            checks = [one | {"state": STATES.get(one["verdict"], "unkn")} for one in look.checks] if look else []
            shown[key].seen.append(Seen(subject[1], look.looked_at if look else None, checks))


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"
