"""List sources and the addresses added to them: more than 500 new ones of a source, counted until an exhibit covers
them, need an accepted Exhibit B (R2). Declaring is never refused: the gate says what may be mailed. What an acceptance
covers is written by covering.py."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Sum

from journal.actor import Actor
from journal.record import note, turn
from questionnaires.covering import covering, lapsed
from questionnaires.models import Acceptance, Addition, ListSource, Sheet, Submission
from questionnaires.source_codes import MOST as LONGEST
from questionnaires.source_codes import key_of, tidy
from vendors.models import Vendor

MOST = 100_000_000  # addresses in one declaration


class KeyReused(Exception):
    """The idempotency key belongs to another declaration; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A source, the letters that cover addresses of it with how many, and its `new` addresses that none covers.

    `awaiting` are letters that will count once the vendor has received them, `under_way` an Exhibit B that names it.
    `lapsed` are addresses that a letter covers by a waiver that has ended: the source is shut until the next one.
    A letter that is suspended is among those that cover: its addresses count as new until it is resumed.
    """

    source: ListSource
    new: int
    limit: int
    covered: Sequence[tuple[Acceptance, int]]
    awaiting: Sequence[Acceptance]
    under_way: Submission | None
    lapsed: int = 0

    @property
    def needs_exhibit(self) -> bool:
        return self.new > self.limit or self.lapsed > 0

    @property
    def suspended(self) -> list[Acceptance]:
        """Letters that would cover addresses of it, were they not suspended."""
        return [letter for letter, _ in self.covered if letter.state == Acceptance.State.SUSPENDED]


def source_of(vendor: Vendor, code: str, *, owner: str = "", by: Actor, at: datetime) -> ListSource:
    """The vendor's source of this code, new or as it is. Codes differ in more than case and blanks."""
    cleaned = tidy(code)
    if not cleaned or len(cleaned) > LONGEST:
        raise ValidationError({"code": f"Write the code of the source, at most {LONGEST} characters."})
    with turn():
        source = vendor.list_sources.filter(key=key_of(cleaned)).first()
        if source is None:
            source = ListSource.objects.create(vendor=vendor, code=cleaned, owner=owner[:200], created_at=at)
            note(source, "added", by=by, at=at, vendor=vendor, code=cleaned)
    return source


def declare(source: ListSource, count: int, *, by: Actor, at: datetime) -> Addition:
    """The vendor added `count` new addresses to the source."""
    return _declare(source, count, None, by, at)


def declare_once(source: ListSource, count: int, key: str, *, by: Actor, at: datetime) -> tuple[Addition, bool]:
    """The same, for a machine that may have to ask twice: the addition, and whether it is new. Raises KeyReused."""
    with turn():
        known = Addition.objects.filter(idempotency_key=key).select_related("source").first()
        if known is None:
            return _declare(source, count, key, by, at), True
    if (known.source_id, known.declared) != (source.pk, count):
        raise KeyReused(
            f"This idempotency key was already used for {known.declared:,} addresses of {known.source}. Use a new key."
        )
    return known, False


def _declare(source: ListSource, count: int, key: str | None, by: Actor, at: datetime) -> Addition:
    if not 1 <= count <= MOST:
        raise ValidationError({"count": f"Write how many addresses were added: 1 to {MOST:,}."})
    with turn():
        addition = Addition.objects.create(
            source=source, count=count, declared_at=at, declared_by=by.name, idempotency_key=key
        )
        note(source, "addresses declared", by=by, at=at, count=count)
    return addition


# ── what is covered ─────────────────────────────────────────────────────────
def uncovered(additions: QuerySet[Addition], at: datetime) -> QuerySet[Addition]:
    """Those that no accepted exhibit covers at that moment."""
    return additions.exclude(accepted_in__in=covering(at))


def counted(source: ListSource, at: datetime) -> int:
    """Its addresses that the next Exhibit B has to cover: new ones, and those whose waiver has ended."""
    [(_, new, waived)] = counted_of(source.vendor, at, [source])
    return new + waived


def counted_of(
    vendor: Vendor, at: datetime, only: Sequence[ListSource] | None = None
) -> list[tuple[ListSource, int, int]]:
    """Each source of the vendor, or `only` those, with its new addresses that no accepted exhibit covers then, and
    those that one covers by a waiver that has ended."""
    rows = list(vendor.list_sources.all()) if only is None else only
    additions = Addition.objects.filter(source__in=[source.pk for source in rows])
    counts = dict(uncovered(additions, at).values_list("source").annotate(sum=Sum("count")).order_by())
    waived = lapsed(additions, at)
    return [(source, counts.get(source.pk, 0), waived.get(source.pk, 0)) for source in rows]


def standings(vendor: Vendor, limit: int, at: datetime, only: Sequence[ListSource] | None = None) -> list[Standing]:
    """Each source of the vendor, or `only` those, as it stands at that moment; a fixed number of queries. `limit` is
    how many new addresses need no Exhibit B."""
    covered: dict[str, list[tuple[Acceptance, int]]] = defaultdict(list)
    awaiting: dict[str, list[Acceptance]] = defaultdict(list)
    standing = Acceptance.objects.standing().filter(vendor=vendor, valid_until__gt=at)
    for letter in standing.order_by("issued_at", "pk"):
        for entry in letter.scope.get("lists", ()):
            key = key_of(str(entry["code"]))
            if letter.received_at:
                covered[key].append((letter, int(entry["count"])))
            else:
                awaiting[key].append(letter)
    under_way = _under_way(vendor)
    return [
        Standing(source, new, limit, covered[source.key], awaiting[source.key], under_way.get(source.key), waived)
        for source, new, waived in counted_of(vendor, at, only)
    ]


def _under_way(vendor: Vendor) -> dict[str, Submission]:
    """By the key of a source the newest open Exhibit B that names it."""
    rows = Sheet.objects.filter(submission__vendor=vendor, submission__exhibit="B", step="sources").exclude(row="")
    open_ones = rows.filter(submission__state__in=Submission.OPEN).select_related("submission")
    named = [(str(sheet.values.get("B2.01") or ""), sheet.submission) for sheet in open_ones.order_by("submission")]
    return {key_of(code): submission for code, submission in named if code}
