"""Which declared additions an acceptance covers: never more than it accepted, nothing declared after the signature.

Exhibit B covers its number of new addresses, the oldest additions first; one that does not fit whole is divided. What
was accepted and never declared is noted as declared by the signature, so that additions are all there is of a source.
Exhibit A covers what its lists hold: everything declared of them until it was signed.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from journal.actor import Actor
from journal.record import note
from questionnaires.models import Acceptance, Addition, ListSource

ENDED = Q(accepted_in__state__in=[Acceptance.State.EXPIRED, Acceptance.State.WITHDRAWN])
NEVER_COUNTED = Q(accepted_in__state=Acceptance.State.SUPERSEDED, accepted_in__received_at=None)


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
    if acceptance.exhibit == "A":
        declared.update(accepted_in=acceptance)
        return
    waiting = list(_free(declared))
    shares = allot([addition.count for addition in waiting], accepted)
    for addition, share in zip(waiting, shares, strict=True):
        if share:
            _take(addition, share, acceptance)
    if undeclared := accepted - sum(shares):
        Addition.objects.create(
            source=source, count=undeclared, declared_at=signed.at, declared_by=signed.name, accepted_in=acceptance
        )
    note(source, "additions covered", by=by, at=at, acceptance=acceptance.number, count=accepted, undeclared=undeclared)


def _free(additions: QuerySet[Addition]) -> QuerySet[Addition]:
    """Those that no letter covers, nor will when it is received."""
    return additions.filter(Q(accepted_in=None) | ENDED | NEVER_COUNTED)


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
