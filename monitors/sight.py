"""The sight stage: prove again and again that each list can be seen on each path, and tell staff once when one cannot.

A list that refuses, empties, lists the world or falls silent is first SUSPECT, then BLIND, and on PROBATION before it
is believed again: but for SEEING, nothing that it says opens or closes anything.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from engine.claim import claim, due, release
from engine.cycle import Sweep
from journal.actor import ENGINE, Actor
from journal.record import MoveRefused, move, note, turn
from monitors import checks, rounds
from monitors.models import Sight, Watch
from monitors.probes.health import Fault, Proof
from monitors.probes.reading import Verdict
from notices import outbox
from notices.models import Delivery
from notices.staff import staff

BATCH = 100
AGAIN_WHEN_BLIND = timedelta(seconds=60)
QUIET = 6  # times the patience with blindness: a list that flickers is told of once in that time, an hour by default


def proof_age() -> timedelta:
    """How old a proof may be and still let a clear answer count: one interval of the watches, at most 30 min."""
    return timedelta(seconds=min(settings.WATCH_SECONDS, 1800))


def sweep(state: Sweep) -> None:
    """Prove what is due, then tell staff of what has been blind for too long."""
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    claimed = claim(Sight.objects.all(), now=state.now, lease=lease, limit=BATCH)
    if claimed:
        proofs = rounds.prove({(sight.list_id, sight.path) for sight in claimed})
        proved_at = timezone.now()  # not before: proofs from before a blindness must not pass for later ones
        for sight in claimed:
            with state.each(sight):
                record(sight, proofs[sight.list_id, sight.path], proved_at)
    state.claimed = len(claimed)
    state.oldest_due_at = (
        due(Sight.objects.all(), state.now).order_by("next_action_at").values_list("next_action_at", flat=True).first()
    )
    tell(state.now)


def after(state: str, healthy: bool) -> str:
    """The state that a proof leads to. One that never worked is blind at once: there is nothing to hold on to."""
    to = Sight.State
    if healthy:
        return {to.BLIND: to.PROBATION}.get(to(state), to.SEEING)
    return {to.SEEING: to.SUSPECT}.get(to(state), to.BLIND)


def record(sight: Sight, proof: Proof, at: datetime) -> None:
    """Keep the proof. A change of state goes to the journal, and a fresh trouble has all other lists proved at once:
    whether one list or our own resolver is at fault shows only beside the others.

    A `sight` that the caller claimed carries its token and is given back; one that carries none is kept only while
    nobody holds it, for whoever does is proving it too. `sight.state` is afterwards what the row says.
    """
    to = after(sight.state, proof.healthy)
    if sight.state == Sight.State.PROBATION and proof.healthy and at - sight.since < min(AGAIN_WHEN_BLIND, proof_age()):
        to = Sight.State.PROBATION  # two proofs within a moment are one
    failures = 0 if proof.healthy else sight.failures + 1
    kept = {
        "proved_at": at,
        "fault": proof.fault or "",
        "sentence": proof.sentence,
        "evidence": list(proof.evidence),
        "failures": failures,
        "next_action_at": at + _rest(to, proof, failures),
    }
    if sight.state == to:
        if sight.lease_token:
            release(sight, **kept)
        else:
            Sight.objects.filter(pk=sight.pk, state=sight.state, lease_token=None).update(**kept)
        return
    held = {"lease_token": sight.lease_token}
    try:
        with turn():
            fault = {"fault": kept.pop("fault"), "sentence": kept["sentence"]}
            # Blindness counts from the proof that failed first.
            since = {} if (sight.state, to) == (Sight.State.SUSPECT, Sight.State.BLIND) else {"since": at}
            move(sight, to, by=ENGINE, at=at, why=proof.sentence, changes=since | fault, only_if=held)
            Sight.objects.filter(pk=sight.pk).update(**kept, lease_token=None, lease_until=None)
            if to == Sight.State.SEEING:
                _look_again(sight.list_id, at)
            if not proof.healthy:
                others = Sight.objects.exclude(pk=sight.pk).filter(lease_until=None, proved_at__lt=at)
                others = others.exclude(state=Sight.State.BLIND, fault=Fault.REFUSED)
                others.update(next_action_at=at)
    except MoveRefused:  # another worker proved it in the meantime; its word stands
        return


def _look_again(list_id: str, at: datetime) -> None:
    """What was asked while the list was not believed is looked at now that it is."""
    doubted = Watch.objects.running().filter(check_id=checks.DNSBL + list_id, result="list_unhealthy")
    doubted.filter(verdict=Verdict.UNKNOWN, lease_until=None, next_action_at__gt=at).update(next_action_at=at)


def rest_when_refused() -> timedelta:
    """How long a list that refused us once is left alone: an hour by default."""
    return timedelta(seconds=2 * settings.WATCH_SECONDS)


def longest_rest() -> timedelta:
    """How long at the most: a day by default."""
    return rest_when_refused() * (2 if settings.IS_FAST else 24)


def _rest(to: str, proof: Proof, failures: int) -> timedelta:
    """How long until the next proof. A list that will not answer us is left alone, longer each time: asking on is how
    one is shut out for good."""
    if to == Sight.State.SEEING:
        return proof_age()
    if proof.fault == Fault.REFUSED:
        doubled = int(2 ** min(failures - 1, 6))
        return min(rest_when_refused() * doubled, longest_rest())
    return min(AGAIN_WHEN_BLIND, proof_age())


def tell(now: datetime) -> None:
    """One letter to staff about everything that is blind, once it has lasted; not again while it lasts or flickers."""
    patience = timedelta(seconds=settings.BLIND_SECONDS)
    blind = Sight.objects.filter(state=Sight.State.BLIND)
    untold = blind.filter(since__lte=now - patience).filter(
        Q(told_at=None) | Q(told_at__lt=F("since")) & Q(told_at__lt=now - QUIET * patience)
    )
    first = untold.order_by("since", "pk").first()
    if first is None:
        return
    doubtful = Sight.objects.filter(state=Sight.State.SUSPECT, since__gt=now - timedelta(minutes=5))
    if doubtful.exists():
        return  # they are blind or well again within a minute; one letter shall name all that are blind
    if Sight.objects.exclude(proved_at__gte=first.since).exists() and now - first.since < timedelta(minutes=5):
        return  # some are not proved again yet; one letter shall name all that are blind
    names = {entry.id: entry.name for entry in checks.blocklists()}
    seen = [
        {
            "name": names.get(sight.list_id, sight.list_id),
            "path": sight.path,
            "since": f"{sight.since:%d %B %Y, %H:%M:%S} UTC",
            "sentence": sight.sentence,
        }
        for sight in blind.order_by("list_id", "path")
    ]
    facts = {
        "blind": seen,
        "all_blind": not Sight.objects.exclude(state=Sight.State.BLIND).exists(),
        "watches": Watch.objects.running().filter(check_id__in=[f"dnsbl:{one}" for one in names]).count(),
        "page": f"{settings.PUBLIC_URL}/desk/blocklists/",
    }
    with transaction.atomic():
        for one in staff():
            outbox.write(
                "blind",
                one,
                key=f"sight:{first.pk}:{first.since:%Y%m%dT%H%M%S%f}:{one.email}",
                about=f"sight:{first.pk}",
                facts=facts,
                at=now,
                priority=Delivery.Priority.STAFF,
            )
        blind.update(told_at=now)


def prove_now(*, by: Actor, at: datetime) -> int:
    """Make every proof due at once, and note who asked for it; how many there are. Those that are being made keep
    their lease."""
    with turn():
        count = Sight.objects.count()
        Sight.objects.filter(lease_until=None).update(next_action_at=at)
        note(Sight(), "prove now", by=by, at=at, sights=count)
    return count
