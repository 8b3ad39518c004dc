"""What the monitors hold about a vendor: watches and what was seen, findings, and what somebody did about them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from monitors.models import Attestation, Delisting, Finding, Observation, Quarantine, Watch
from monitors.probes.reading import Severity, Verdict
from notices import files
from tests.world import NOON
from vendors.models import Domain, SendingServer, Vendor


def make_watch(
    server: SendingServer | Domain | Vendor, check_id: str = "dnsbl:quarry", *, at: datetime = NOON
) -> Watch:
    """A check of a server, a domain, or a vendor itself."""
    place: dict[str, Any] = {"server": server} if isinstance(server, SendingServer) else {}
    place |= {"domain": server} if isinstance(server, Domain) else {}
    vendor = server if isinstance(server, Vendor) else server.vendor
    return Watch.objects.create(vendor=vendor, check_id=check_id, since=at, next_action_at=at, **place)


def make_observation(
    watch: Watch,
    *,
    verdict: str = Verdict.ADVERSE,
    result: str = "listed",
    code: str = "127.0.0.2",
    text: str = "spam source",
    at: datetime = NOON,
    path: str = "192.0.2.53:53",
) -> Observation:
    """A reading with the raw answers that belong to it: an A record, and the list's own words when it is adverse."""
    adverse = verdict == Verdict.ADVERSE
    address = watch.server.address if watch.server else "192.0.2.1"
    name = f"{'.'.join(reversed(address.split('.')))}.bl.example.org"
    records = {"A": [code] if adverse else [], "TXT": [text] if adverse else []}
    evidence = [
        {
            "name": name,
            "rdtype": rdtype,
            "outcome": "answer" if adverse else "nxdomain",
            "records": found,
            "ttl": 300,
            "rcode": "NOERROR" if adverse else "NXDOMAIN",
            "server": "192.0.2.53:53",
            "at": at.isoformat(),
            "elapsed": 0.011,
            "tries": 1,
            "tcp": False,
            "canonical": name,
        }
        for rdtype, found in records.items()
        if found or rdtype == "A"
    ]
    watch.observations.filter(path=path).update(is_latest=False)
    return Observation.objects.create(
        watch=watch,
        first_at=at,
        last_at=at,
        likeness=str(watch.observations.count()),
        verdict=verdict,
        result=result,
        severity=Severity.HALT if adverse else Severity.NONE,
        sentence="Listed on Quarry: spam source (127.0.0.2)." if adverse else "Not listed on Quarry.",
        is_proved=True,
        codes=[code] if adverse else [],
        text=[text] if adverse else [],
        path=path,
        evidence=evidence,
    )


def make_finding(
    server: SendingServer,
    *,
    check_id: str = "dnsbl:quarry",
    kind: str = "listed",
    severity: str = Severity.HALT,
    sentence: str = "",
    at: datetime = NOON,
) -> Finding:
    """An open finding on a watch of `server`, which is made when it is missing."""
    watch = server.watches.filter(check_id=check_id).first() or make_watch(server, check_id, at=at)
    Watch.objects.filter(pk=watch.pk).update(verdict=Verdict.ADVERSE, result=kind, since=at, looked_at=at, seen_at=at)
    return Finding.objects.create(
        watch=watch,
        server=server,
        vendor=server.vendor,
        kind=kind,
        severity=severity,
        clause="R5",
        sentence=sentence or f"{server.address} is on the blocklist Quarry.",
        first_seen_at=at,
        opened_at=at,
    )


def make_quarantine(list_id: str, *watches: Watch, at: datetime = NOON) -> Quarantine:
    """A list that is held, because it newly named these."""
    return Quarantine.objects.create(
        list_id=list_id, listed=len(watches), watched=20, named=[one.pk for one in watches], began_at=at
    )


def make_delisting(
    finding: Finding, *, party: str = Delisting.Party.VENDOR, name: str = "Alice", at: datetime = NOON
) -> Delisting:
    """Somebody asked for the end of the entry, and waits for an answer."""
    return Delisting.objects.create(
        finding=finding,
        party=party,
        asked_by_name=name,
        how="By the list's form.",
        asked_at=at,
        noted_at=at,
        noted_by_name=name,
    )


def make_attestation(
    server: SendingServer,
    *,
    check_id: str = "attested:trendmicro-ers-standard",
    content: bytes = b"%PDF-1.7\n/Root\n%%EOF\n",
    at: datetime = NOON,
) -> Attestation:
    """Somebody looked the server up by hand and saw nothing negative; the row alone, and its file."""
    watch = server.watches.filter(check_id=check_id).first() or make_watch(server, check_id, at=at)
    return Attestation.objects.create(
        watch=watch,
        key=uuid4().hex,
        outcome="none",
        meaning="the page says: None",
        severity=Severity.NONE,
        looked_up=[server.address],
        file_name="page.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256="0" * 64,
        place=files.store("attestations", content),
        by_name="Dana",
        at=at,
        expires_at=at + timedelta(days=7),
    )
