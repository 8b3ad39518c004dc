"""One step of an exhibit as the wizard's form: the sheet of the page and the sheets of the rows shown, as one.

Names in HTML are "page-A1.01" and "UID OF THE ROW-A5.01", so that the whole step posts at once. It shows what applies,
what the machine answers, and the files; it stores nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict

from questionnaires import asking
from questionnaires.definition import Answers, Kind, Page, Place, Question, Row
from questionnaires.draws import Place as DrawnPlace
from questionnaires.fields import CellsField, show
from questionnaires.models import Draw, Evidence, Look, Sheet
from questionnaires.picture import row_name
from questionnaires.sheet_form import SheetForm, typed_in
from questionnaires.unlocking import MayChange

SIZES = {
    Kind.NUMBER: "w-5",
    Kind.PERCENT: "w-5",
    Kind.DATE: "w-10",
    Kind.TEL: "w-10",
    Kind.AREA: "",
    Kind.HOST: "w-20 host",
    Kind.NETWORK: "w-20 host",
    Kind.DOMAIN: "w-20 host",
}
PAGE = "page"  # the prefix of the page's own sheet


@dataclass(frozen=True, slots=True)
class Looked:
    """What the machine saw of what a row names, or a page; `row` is the row's uid or the page's step. `is_patient` is
    when it has waited long enough, and no longer asks."""

    row: str
    looks: Sequence[Look]
    is_patient: bool = False

    @property
    def is_looking(self) -> bool:
        return any(look.is_under_way for look in self.looks)

    @property
    def has_failed(self) -> bool:
        return any(check["verdict"] == "adverse" for look in self.looks for check in look.checks)


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows drawn by lot, when there are any that fit; `lacks` says what is to be done first."""

    draw: Draw | None
    places: Sequence[DrawnPlace]
    lacks: str


@dataclass(frozen=True, slots=True)
class Filling:
    """All that a step needs to know of its submission. `rows` are the sheets of the rows shown."""

    page: Page
    answers: Answers
    sheet: Sheet | None
    rows: Sequence[Sheet]
    rows_page: Any  # the paginator's page of them; None when all are here, or the page has no rows
    may_change: MayChange
    evidence: Sequence[Evidence]
    returned: Mapping[str, str]  # key of an answer that was sent back: the reviewer's comment
    talk: Mapping[str, int]  # key: how many comments
    looks: Mapping[str, Looked]  # uid of a row, "" for the page itself: what was seen of what it names
    demands: bool  # the vendor wants to go on: what is missing is an error
    sample: Sample | None = None  # on the page that asks for proof by sample


@dataclass(frozen=True, slots=True)
class Line:
    """One question as it stands on the page: a field, files, or what is known already."""

    place: Place
    kind: str  # field, files, known, signed
    bound: BoundField | None = None
    files: Sequence[Evidence] = ()
    said: str = ""
    is_locked: bool = False
    is_unconfirmed: bool = False
    comment: str = ""
    talk: int = 0
    is_missing: bool = False

    @property
    def question(self) -> Question:
        return self.place.question

    @property
    def is_of_record(self) -> bool:
        return self.question.source.startswith("record.")

    @property
    def is_contact(self) -> bool:
        return self.question.source.startswith(("record.emergency", "record.backups", "contact."))

    @property
    def size(self) -> str:
        """The class that says how wide the control is."""
        return SIZES.get(self.question.kind, "w-20")


@dataclass(frozen=True, slots=True)
class Part:
    """The page's own sheet (uid "") or one row."""

    uid: str
    name: str
    form: SheetForm
    lines: Sequence[Line]
    revision: int
    sheet: Sheet | None
    looked: "Looked | None" = None

    @property
    def prefix(self) -> str:
        return self.uid or PAGE

    @property
    def problems(self) -> int:
        return sum(1 for line in self.lines if line.bound and line.bound.errors)

    @property
    def codes(self) -> str:
        """The questions that have a field here, for the next save."""
        return " ".join(line.question.code for line in self.lines if line.kind == "field" and not line.is_locked)


class StepForm(forms.Form):
    """The form class of every step."""

    def __init__(
        self,
        data: MultiValueDict[str, str] | None = None,
        files: Any = None,
        prefix: str | None = None,
        initial: Any = None,
        *,
        filling: Filling,
    ) -> None:
        super().__init__(data, files, prefix=prefix)
        self.filling = filling
        answers, page = filling.answers, filling.page
        applying = list(asking.applying(page, answers))
        known_rows = {row.uid: row for row in answers.rows.get(page.step, ())}
        self.parts = [
            self._part(sheet, known_rows.get(sheet.row) or Row(sheet.row, {}), applying) for sheet in filling.rows
        ]
        if any(place.row is None for place in applying):
            self.parts.append(self._part(filling.sheet, None, applying))

    def _part(self, sheet: Sheet | None, row: Row | None, applying: Sequence[Place]) -> Part:
        filling = self.filling
        uid = row.uid if row else ""
        places = [place for place in applying if (place.row.uid if place.row else "") == uid]
        questions = filling.page.of_row() if row else filling.page.of_page()
        asked = {place.question.code for place in places if asking.is_asked(place, filling.answers)}
        locked = {question.code for question in questions if not filling.may_change(question.code, uid)}
        form = SheetForm(
            questions,
            self._typed(uid, sheet),
            prefix=uid or PAGE,
            initial=self._initial(places) | _as_signed(sheet, locked),
            demanded={q.code for q in questions if q.required and q.code in asked - locked} if filling.demands else (),
            locked=locked,
        )
        self._offer(form, places)
        lines = [self._line(place, form, sheet, locked) for place in places]
        return Part(
            uid=uid,
            name=row_name(filling.page, row, filling.answers) if row else "",
            form=form,
            lines=[line for line in lines if line is not None],
            revision=sheet.revision if sheet else 0,
            sheet=sheet,
            looked=filling.looks.get(uid),
        )

    def _offer(self, form: SheetForm, places: Sequence[Place]) -> None:
        """Where a column offers what the machine knows, that is chosen from a list."""
        for place in places:
            field = form.fields.get(place.question.code)
            for column in place.question.columns:
                known = self.filling.answers.known(column.offers, place.row) if column.offers else None
                if known and isinstance(field, CellsField):
                    field.offer(column.name, known)

    def _typed(self, uid: str, sheet: Sheet | None) -> Mapping[str, list[str]] | None:
        if self.data:
            posted = typed_in(cast("MultiValueDict[str, str]", self.data), uid or PAGE)
            if "revision" in posted:
                kept = dict(sheet.typed) if sheet else {}
                shown = set(" ".join(posted.get("codes", ())).split())
                typed = {name: of for name, of in kept.items() if name.partition("-")[0] not in shown}
                return typed | {name: of for name, of in posted.items() if name not in {"revision", "codes"}}
        return (
            sheet.typed
            if sheet and (sheet.revision or self.filling.demands)
            else ({} if self.filling.demands else None)
        )

    def _initial(self, places: Sequence[Place]) -> dict[str, Any]:
        """What the vendor's record says, in fields that may still change it."""
        return {
            place.question.code: value
            for place in places
            if place.question.carried and (value := asking.value_at(place, self.filling.answers)) is not None
        }

    def _line(self, place: Place, form: SheetForm, sheet: Sheet | None, locked: set[str]) -> Line | None:
        question, filling = place.question, self.filling
        common: dict[str, Any] = {
            "is_locked": question.code in locked,
            "is_unconfirmed": bool(sheet and question.code in sheet.unconfirmed),
            "comment": filling.returned.get(place.key, ""),
            "talk": filling.talk.get(place.key, 0),
        }
        uid = place.row.uid if place.row else ""
        asked = asking.is_asked(place, filling.answers)
        if question.kind is Kind.FILE and asked:
            files = [one for one in filling.evidence if (one.code, one.row) == (question.code, uid)]
            is_missing = filling.demands and question.required and not files
            return Line(place, "files", files=files, is_missing=is_missing, **common)
        value = asking.value_at(place, filling.answers)
        if (asked or question.carried) and question.code in form.fields:
            if question.code in locked:
                return Line(place, "signed", said=show(question, value), **common)
            return Line(place, "field", bound=form[question.code], said=show(question, value), **common)
        if value is None or (
            uid and uid in filling.looks and question.source.startswith("look.") and not common["talk"]
        ):
            return None  # what was seen of a row stands beside it
        return Line(place, "known", said=show(question, value), **common)

    @property
    def last_is_row(self) -> bool:
        return bool(self.parts) and bool(self.parts[-1].uid)

    @property
    def shown(self) -> str:
        """A fingerprint of the questions on the page and how each stands there, to tell whether an open page is still
        the right one."""
        lines = [f"{line.place.key} {line.kind}" for part in self.parts for line in part.lines]
        return sha256("\n".join(lines).encode()).hexdigest()[:16]

    @property
    def saved_at(self) -> datetime | None:
        return max((part.sheet.saved_at for part in self.parts if part.sheet and part.sheet.revision), default=None)

    # ── what the wizard asks of a form ──────────────────────────────────────
    def is_valid(self) -> bool:
        return not self.problems()

    @property
    def errors(self) -> Any:
        """For base.html, which says "Error" in the title."""
        return self.problems() if self.filling.demands else []

    def problems(self) -> list[tuple[str, str]]:
        """Each as (anchor, sentence); rows by their name."""
        return list(self._problems())

    def _problems(self) -> Iterator[tuple[str, str]]:
        page = self.filling.page
        if page.rows and len(self.filling.answers.rows.get(page.step, ())) < page.rows.least:
            yield "add", f"Add at least one {page.rows.noun}."
        if self.filling.sample and self.filling.sample.lacks and self.filling.demands:
            yield "draw", self.filling.sample.lacks
        for part in self.parts:
            for line in part.lines:
                said = f"{part.name.partition(',')[0]}: " if part.name else ""
                if line.bound:
                    for error in line.bound.errors:
                        yield line.bound.id_for_label or line.bound.auto_id, f"{said}{error}"
                elif line.is_missing:
                    yield f"files-{line.place.key}", f"{said}Add a file: {line.question.label}"
                if self.filling.demands and line.is_unconfirmed and not line.is_locked:
                    yield f"still-{line.place.key}", f"{said}Say whether this is still right: {line.question.label}"


def _as_signed(sheet: Sheet | None, locked: set[str]) -> dict[str, Any]:
    """What fields show that may not be changed: Django takes the value of a disabled field from here."""
    return {code: value for code, value in (sheet.values if sheet else {}).items() if code in locked}
