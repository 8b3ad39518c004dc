"""Which declared additions an acceptance covers: never more than it accepted, nothing declared after the signature.

Exhibit B covers its number of new addresses, the oldest additions first; one that does not fit whole is divided. What
was accepted and never declared is noted as declared by the signature, so that additions are all there is of a source.
Exhibit A accepts so many addresses of a source in all: what other letters hold of it is part of them, and stays theirs;
the rest covers what was declared, the oldest first. What an Exhibit B covers by a waiver that has ended is free for the
next one.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum

from journal.actor import Actor
from journal.record import note
from questionnaires.models import Acceptance, Addition, ListSource
from questionnaires.source_codes import key_of

REPLACED = Q(state=Acceptance.State.SUPERSEDED, received_at__isnull=False)  # one that counted; the letter since goes on


def covering(at: datetime) -> QuerySet[Acceptance]:
    """Letters that cover now what they were given: from the receipt to the last moment, and on when another replaced
    them; not while they are suspended."""
    counts = Q(state=Acceptance.State.RECEIVED, valid_until__gt=at)
    return Acceptance.objects.filter(counts | REPLACED)


def _holding(at: datetime) -> QuerySet[Acceptance]:
    """Those, and letters that will cover once they are received or resumed: what they were given is not another's."""
    return Acceptance.objects.filter(Q(state__in=Acceptance.STANDING, valid_until__gt=at) | REPLACED)


def allot(counts: Sequence[int], accepted: int) -> list[int]:
    """How much of each is covered when `accepted` are, from the first on."""
    shares = []
    for count in counts:
        share = min(count, accepted)
        shares.append(share)
        accepted -= share
    return shares


def cover(source: ListSource, acceptance: Acceptance, accepted: int, *, by: Actor, at: datetime) -> None:
    """Let the acceptance cover additions to the source; called within the turn that issues it."""
    signed = acceptance.signature
    declared = source.additions.filter(declared_at__lte=signed.at).order_by("declared_at", "pk")
    is_held, in_all = Q(accepted_in__in=_holding(at)), acceptance.exhibit == "A"
    if in_all:
        accepted -= source.additions.filter(is_held).aggregate(sum=Sum("count"))["sum"] or 0
    is_free = ~is_held if in_all else ~is_held | Q(accepted_in__in=_waived_until_now(source, at))
    waiting = list(declared.filter(is_free))
    shares = allot([addition.count for addition in waiting], max(accepted, 0))
    for addition, share in zip(waiting, shares, strict=True):
        if share:
            _take(addition, share, acceptance)
    covered = sum(shares)
    undeclared = 0 if in_all else accepted - covered
    if undeclared:
        Addition.objects.create(
            source=source, count=undeclared, declared_at=signed.at, declared_by=signed.name, accepted_in=acceptance
        )
    if count := covered + undeclared:
        note(
            source, "additions covered", by=by, at=at, acceptance=acceptance.number, count=count, undeclared=undeclared
        )  # fmt: skip


def conditional(additions: QuerySet[Addition], at: datetime) -> set[tuple[int, Acceptance]]:
    """Received letters of Exhibit B that hold some of the additions under conditions: each with every source of
    theirs."""
    holding = _holding(at).filter(exhibit="B", received_at__isnull=False)
    covered = additions.filter(accepted_in__in=holding)
    rows = covered.exclude(accepted_in__conditions=[]).select_related("accepted_in")
    return {(row.source_id, row.accepted_in) for row in rows if row.accepted_in}


def speaks_of(condition: Mapping[str, Any], key: str) -> bool:
    """Whether a condition is about the source of this key; one that names none is about all that its letter covers."""
    return not condition.get("source") or key_of(str(condition["source"])) == key


def _waived_until_now(source: ListSource, at: datetime) -> list[int]:
    """Letters that cover additions to the source by a waiver that has ended."""
    today = at.astimezone(UTC).date().isoformat()
    return [
        letter.pk
        for _, letter in conditional(source.additions.all(), at)
        if any(one.get("is_waiver") and one["due"] < today and speaks_of(one, source.key) for one in letter.conditions)
    ]


def _take(addition: Addition, share: int, acceptance: Acceptance) -> None:
    if share < addition.count:
        Addition.objects.create(
            source_id=addition.source_id,
            count=addition.count - share,
            declared_at=addition.declared_at,
            declared_by=addition.declared_by,
            part_of=addition.part_of or addition,
            accepted_in=addition.accepted_in,
        )
    Addition.objects.filter(pk=addition.pk).update(count=share, accepted_in=acceptance)
