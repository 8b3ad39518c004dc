"""What nobody needs any more goes, KEPT after it ended: evidence that was taken out and never signed, looks at what no
form names, codes that confirmed nothing.

What a snapshot names stays for ever, and so does what any form of the vendor names now. The journal keeps that it was.
"""

import time
from datetime import datetime, timedelta

from django.db.models import QuerySet

from journal.record import turn
from notices import codes, files
from questionnaires.models import Evidence, Look, Sheet, Signature
from questionnaires.subjects import Subject, subjects_of
from vendors.models import Vendor

KEPT = timedelta(days=30)
BATCH = 200  # files in one sweep
VENDORS = 20  # whose looks are gone through in one sweep
REST = 3600.0  # s until the next search, once nothing is left
_rests_until = 0.0  # by the monotonic clock; of this process only, because one search too many does no harm
_reached = 0  # the vendor up to which looks were gone through, likewise


def prune_at_times(now: datetime) -> int:
    """prune(), hourly, or in each sweep while there is more."""
    global _rests_until, _reached
    if time.monotonic() < _rests_until:
        return 0
    removed = forget_evidence(now) + codes.forget(now - KEPT)
    vendors = vendors_with_old_looks(now).filter(pk__gt=_reached)[:VENDORS]
    for vendor in vendors:
        removed += forget_looks(vendor, now)
        _reached = vendor.pk
    if not vendors:
        _reached = 0
        if removed < BATCH:
            _rests_until = time.monotonic() + REST
    return removed


# ── evidence ────────────────────────────────────────────────────────────────
def forget_evidence(now: datetime) -> int:
    """Delete files that were taken out of a form and that no signature names; how many. A file that another answer
    has too, carried over into a later form, stays for that one."""
    forgotten = 0
    removed = Evidence.objects.filter(removed_at__lte=now - KEPT, is_signed=None).select_related("submission")
    for evidence in removed.order_by("removed_at", "pk")[:BATCH]:
        with turn():
            if _is_signed(evidence):
                Evidence.objects.filter(pk=evidence.pk).update(is_signed=True)  # looked for once
                continue
            is_shared = Evidence.objects.filter(place=evidence.place).exclude(pk=evidence.pk).exists()
            evidence.delete()
        if not is_shared:
            files.discard(evidence.place)  # after the row: no row is ever without its file
        forgotten += 1
    return forgotten


def _is_signed(evidence: Evidence) -> bool:
    signatures = Signature.objects.filter(submission__vendor=evidence.submission.vendor_id)
    return signatures.filter(snapshot__contains=evidence.sha256).exists()


# ── looks ───────────────────────────────────────────────────────────────────
def vendors_with_old_looks(now: datetime) -> QuerySet[Vendor]:
    old = Look.objects.filter(asked_at__lte=now - KEPT)
    return Vendor.objects.filter(pk__in=old.values("vendor")).order_by("pk")


def forget_looks(vendor: Vendor, now: datetime) -> int:
    """Delete old looks at what no form of the vendor names any more; how many."""
    named = _named(vendor)
    old = Look.objects.filter(vendor=vendor, asked_at__lte=now - KEPT, lease_token=None)
    rows = old.values_list("pk", "kind", "subject", "helo")
    gone = [pk for pk, *subject in rows if tuple(subject) not in named]
    return Look.objects.filter(pk__in=gone, asked_at__lte=now - KEPT).delete()[0]


def _named(vendor: Vendor) -> set[Subject]:
    found: set[Subject] = set()
    for sheet in Sheet.objects.filter(submission__vendor=vendor).select_related("submission"):
        page = sheet.submission.definition.pages.get(sheet.step)
        if page:
            found.update(subjects_of(page, sheet.row, sheet.values, {}))  # what a row shares is named outside of it
    return found
