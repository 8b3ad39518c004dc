"""Which declared additions an acceptance covers: never more than it accepted, nothing declared after the signature.

Exhibit B covers its number of new addresses, the oldest additions first; one that does not fit whole is divided. What
was accepted and never declared is noted as declared by the signature, so that additions are all there is of a source.
Exhibit A accepts so many addresses of a source in all: what other letters hold of it is part of them, and stays theirs;
the rest covers what was declared, the oldest first. When it is received, what the one before it covered goes on under
it, of the sources that it lists, and of no other. What an Exhibit B covers by a waiver that has ended goes over to the
next one when that is in force, after what nothing covers.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum

from journal.actor import Actor
from journal.record import note
from questionnaires.models import Acceptance, Addition, ListSource
from questionnaires.source_codes import key_of


def covering(at: datetime) -> QuerySet[Acceptance]:
    """Letters that cover now what they were given: from the receipt to the last moment, and not while suspended."""
    return Acceptance.objects.in_force().filter(valid_until__gt=at)


def _holding(at: datetime) -> QuerySet[Acceptance]:
    """Those, and letters that will cover once they are received or resumed: what they were given is not another's."""
    return Acceptance.objects.standing().filter(valid_until__gt=at)


def allot(counts: Sequence[int], accepted: int) -> list[int]:
    """How much of each is covered when `accepted` are, from the first on."""
    shares = []
    for count in counts:
        share = min(count, accepted)
        shares.append(share)
        accepted -= share
    return shares


def cover(source: ListSource, acceptance: Acceptance, accepted: int, *, by: Actor, at: datetime) -> None:
    """Let the acceptance cover `accepted` addresses of the source, as far as it does not yet; called within the turn
    that issues it, and again when it comes into force."""
    signed = acceptance.signature
    declared = source.additions.filter(declared_at__lte=signed.at).order_by("declared_at", "pk")
    is_held, in_all = Q(accepted_in__in=_holding(at)), acceptance.exhibit == "A"
    has = source.additions.filter(is_held) if in_all else source.additions.filter(accepted_in=acceptance)
    left = max(accepted - _sum(has), 0)
    lapsed = [] if in_all else list(declared.filter(accepted_in__in=_waived_until_now(source, at) - {acceptance.pk}))
    waiting = list(declared.filter(~is_held))
    if acceptance.state == Acceptance.State.RECEIVED:
        waiting += lapsed
    shares = allot([addition.count for addition in waiting], left)
    for addition, share in zip(waiting, shares, strict=True):
        if share:
            _take(addition, share, acceptance)
    covered = sum(shares)
    later = 0 if acceptance.state == Acceptance.State.RECEIVED else sum(addition.count for addition in lapsed)
    undeclared = 0 if in_all else max(left - covered - later, 0)
    if undeclared:
        Addition.objects.create(
            source=source, count=undeclared, declared_at=signed.at, declared_by=signed.name, accepted_in=acceptance
        )
    if count := covered + undeclared:
        note(
            source, "additions covered", by=by, at=at, acceptance=acceptance.number, count=count, undeclared=undeclared
        )  # fmt: skip


def hand_over(replaced: Acceptance, acceptance: Acceptance, at: datetime) -> None:
    """What the letter of Exhibit A covers goes on under the one that replaces it, of the sources that this lists. Of a
    letter that covers nothing, because it is suspended or past its last moment, nothing goes on."""
    listed = {key_of(str(entry["code"])) for entry in acceptance.scope.get("lists", ())}
    if covering(at).filter(pk=replaced.pk).exists():
        replaced.additions.filter(source__key__in=listed).update(accepted_in=acceptance)
    replaced.additions.update(accepted_in=None)


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


def _waived_until_now(source: ListSource, at: datetime) -> set[int]:
    """Letters that cover additions to the source by a waiver that has ended."""
    letters = (letter for _, letter in conditional(source.additions.all(), at))
    return {letter.pk for letter in letters if _is_lapsed(letter, source.key, at)}


def _is_lapsed(letter: Acceptance, key: str, at: datetime) -> bool:
    """Whether a waiver of the letter that speaks of the source has ended."""
    today = at.astimezone(UTC).date().isoformat()
    return any(one.get("is_waiver") and one["due"] < today and speaks_of(one, key) for one in letter.conditions)


def lapsed(additions: QuerySet[Addition], at: datetime) -> dict[int, int]:
    """By source how many addresses a letter of Exhibit B in force covers by a waiver that has ended: the next one has
    to cover them."""
    rows = additions.filter(accepted_in__in=covering(at).filter(exhibit="B")).exclude(accepted_in__conditions=[])
    found: dict[int, int] = defaultdict(int)
    for row in rows.select_related("accepted_in", "source"):
        if row.accepted_in and _is_lapsed(row.accepted_in, row.source.key, at):
            found[row.source_id] += row.count
    return found


def _sum(additions: QuerySet[Addition]) -> int:
    return int(additions.aggregate(sum=Sum("count"))["sum"] or 0)


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
