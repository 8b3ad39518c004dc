"""The enrol stage: active servers get their watches, lists and paths their sight, as the catalogue in force has it.

What is looked at no more forgets its suspicions: the two readings that open a finding belong to one stretch of looking.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from engine.cycle import Sweep
from monitors import checks
from monitors.models import Enrolment, Sight, Watch
from vendors.models import SendingServer

BATCH = 500
FRESH: dict[str, Any] = {"faults": {}, "clear_count": 0}


def sweep(state: Sweep) -> None:
    """Enrol servers that have no watches for the catalogue in force, and take out those that are not active any more.
    New watches are due at once."""
    current = checks.fingerprint()
    enrol_sights(state.now)
    missing = SendingServer.objects.active().exclude(enrolment__catalogue=current).order_by("pk")
    for server in missing[:BATCH]:
        state.claimed += 1
        with state.each(server):
            enrol(server, current, state.now)
    gone = Enrolment.objects.exclude(server__in=SendingServer.objects.active()).order_by("pk")
    for enrolment in gone.select_related("server")[:BATCH]:
        state.claimed += 1
        with state.each(enrolment.server):
            take_out(enrolment)


def enrol(server: SendingServer, catalogue: str, now: datetime) -> None:
    """Give `server` the watches of the catalogue; those of lists that are gone stop, and keep what they saw."""
    wanted = checks.checks_of(checks.address_of(server.address))
    with transaction.atomic():
        existing = dict(Watch.objects.filter(server=server).values_list("check_id", "is_running"))
        Watch.objects.bulk_create(
            [
                Watch(server=server, check_id=check, since=now, next_action_at=now)
                for check in wanted
                if check not in existing
            ],
            ignore_conflicts=True,
        )
        Watch.objects.filter(server=server, is_running=True).exclude(check_id__in=wanted).update(is_running=False)
        Watch.objects.filter(server=server, is_running=False, check_id__in=wanted).update(
            is_running=True, next_action_at=now, **FRESH
        )
        Enrolment.objects.update_or_create(server=server, defaults={"catalogue": catalogue})


def take_out(enrolment: Enrolment) -> None:
    """The server was retired: its watches keep what they saw last, and start to count anew if it is reinstated."""
    with transaction.atomic():
        Watch.objects.filter(server=enrolment.server).update(**FRESH)
        enrolment.delete()


def enrol_sights(now: datetime) -> None:
    """One Sight for each list that can be asked, on each path; those of lists or paths that are gone are dropped."""
    wanted = {(entry.id, str(path)) for entry in checks.asked().values() for path in checks.paths()}
    rows = {(list_id, path): pk for pk, list_id, path in Sight.objects.values_list("pk", "list_id", "path")}
    if wanted == set(rows):
        return
    Sight.objects.bulk_create(
        [Sight(list_id=one, path=path, since=now, next_action_at=now) for one, path in sorted(wanted - set(rows))],
        ignore_conflicts=True,
    )
    Sight.objects.filter(pk__in=[pk for key, pk in rows.items() if key not in wanted]).delete()
