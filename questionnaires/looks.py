"""Looks (being built): what the machine saw of a subject."""

from collections.abc import Sequence
from datetime import datetime

from questionnaires.models import Look
from questionnaires.subjects import Subject
from vendors.models import Vendor


def ask_for(vendor: Vendor, subjects: Sequence[Subject], *, at: datetime) -> None:
    for kind, subject, helo in subjects:
        Look.objects.get_or_create(
            vendor=vendor, kind=kind, subject=subject, helo=helo, defaults={"asked_at": at, "next_action_at": at}
        )


def looks_of(vendor: Vendor, subjects: Sequence[Subject]) -> dict[Subject, Look | None]:
    seen = {(one.kind, one.subject, one.helo): one for one in Look.objects.filter(vendor=vendor)}
    return {subject: seen.get(subject) for subject in subjects}
