"""List sources and the addresses added to them: more than 500 new ones of a source, counted until an exhibit covers
them, need an accepted Exhibit B (R2). Declaring is never refused: the gate says what may be mailed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet, Sum

from journal.actor import Actor
from journal.record import note
from questionnaires.models import Acceptance, Addition, ListSource
from vendors.models import Vendor

MOST = 100_000_000  # addresses in one declaration


def source_of(vendor: Vendor, code: str, *, owner: str = "", by: Actor, at: datetime) -> ListSource:
    """The vendor's source of this code, new or as it is. Codes differ in more than their case."""
    cleaned = " ".join(code.split())
    if not cleaned or len(cleaned) > 100:
        raise ValidationError({"code": "Write the code of the source, at most 100 characters."})
    with transaction.atomic():
        source = ListSource.objects.filter(vendor=vendor, code__iexact=cleaned).first()
        if source is None:
            source = ListSource.objects.create(vendor=vendor, code=cleaned, owner=owner[:200], created_at=at)
            note(source, "added", by=by, at=at, vendor=vendor, code=cleaned)
    return source


def declare(source: ListSource, count: int, *, by: Actor, at: datetime) -> Addition:
    """The vendor added `count` new addresses to the source."""
    if not 1 <= count <= MOST:
        raise ValidationError({"count": f"Write how many addresses were added: 1 to {MOST:,}."})
    with transaction.atomic():
        addition = Addition.objects.create(source=source, count=count, declared_at=at, declared_by=by.name)
        note(source, "addresses declared", by=by, at=at, count=count)
    return addition


def uncovered(additions: QuerySet[Addition]) -> QuerySet[Addition]:
    """Those that no accepted exhibit covers. A letter covers from its receipt on, also while it is suspended and
    after a later one replaced it; one that was withdrawn or has ended covers none."""
    standing = [Acceptance.State.RECEIVED, Acceptance.State.SUSPENDED, Acceptance.State.SUPERSEDED]
    return additions.exclude(accepted_in__received_at__isnull=False, accepted_in__state__in=standing)


def counted(source: ListSource) -> int:
    """New addresses that no accepted exhibit covers yet."""
    return int(uncovered(source.additions.all()).aggregate(sum=Sum("count"))["sum"] or 0)


def counted_of(vendor: Vendor) -> list[tuple[ListSource, int]]:
    """Each source of the vendor with its new addresses that no accepted exhibit covers yet, in two queries."""
    open_ones = uncovered(Addition.objects.filter(source__vendor=vendor))
    counts = dict(open_ones.values_list("source").annotate(sum=Sum("count")).order_by())
    return [(source, counts.get(source.pk, 0)) for source in vendor.list_sources.all()]
