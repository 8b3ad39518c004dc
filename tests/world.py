"""The people and things that tests speak of, made by plain functions.

Alice owns vendor A, Bob is her colleague, Charlie is of vendor B, Dana is IT at the desk. Every function takes what the
test cares about and fills in the rest; moments are `NOON` unless the test says otherwise.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.test import Client

from accounts.models import Role, User
from engine.models import Cycle
from halts import orders
from halts.models import HaltOrder
from journal.actor import ENGINE, Actor
from journal.models import Entry
from journal.record import move
from monitors.models import Attestation, Delisting, Finding, Observation, Quarantine, Watch
from monitors.probes.reading import Severity, Verdict
from notices import confirmations, files, links, outbox
from notices.models import Attempt, Delivery
from policies import drafts
from policies.models import PolicyVersion
from questionnaires.definition_file import newest
from questionnaires.models import Sheet, Submission
from vendors.models import Alias, Contact, Domain, Member, SendingServer, Vendor

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PASSWORD = "seven calm otters row home"
_numbers = count(1)


def make_user(name: str = "", *, role: str = "", email: str = "", password: str = PASSWORD) -> User:
    """Somebody who can sign in with `password`; with a `role`, at the desk."""
    name = name or f"Person {next(_numbers)}"
    email = email or f"{name.lower().replace(' ', '.')}@people.example.com"
    return User.objects.create_user(email, password, name=name, role=role)


def come_in(client: Client, user: User, *, is_proved: bool = True) -> None:
    """Sign `user` in; unless told otherwise they gave their password just now."""
    client.force_login(user)
    if is_proved:
        request = HttpRequest()
        request.session = session = client.session
        record_authentication(request, user, method="password", reauthenticated=True)
        session.save()


def come(user: User) -> Client:
    """A browser in which they are signed in."""
    client = Client()
    come_in(client, user)
    return client


def make_vendor(name: str = "", *, at: datetime = NOON) -> Vendor:
    return Vendor.objects.create(name=name or f"Vendor {next(_numbers)}", created_at=at)


def make_member(vendor: Vendor, name: str = "", *, role: str = Member.Role.MEMBER) -> User:
    """Somebody new who acts for `vendor` in the portal."""
    user = make_user(name)
    Member.objects.create(vendor=vendor, user=user, role=role)
    return user


def make_contact(
    vendor: Vendor,
    name: str = "",
    *,
    email: str = "",
    phone: str = "+12125550100",
    rank: int = 1,
    at: datetime = NOON,
    proven_at: datetime | None = None,
) -> Contact:
    """An emergency abuse contact; with `proven_at`, one who confirmed address and authority then."""
    name = name or f"Contact {next(_numbers)}"
    return Contact.objects.create(
        vendor=vendor,
        name=name,
        email=email or f"{name.lower().replace(' ', '.')}@vendor{vendor.pk}.example.net",
        phone=phone,
        rank=rank,
        is_emergency=True,
        has_authority=True,
        created_at=at,
        email_confirmed_at=proven_at,
        authority_confirmed_at=proven_at,
        authority_words="I can stop all mailings." if proven_at else "",
    )


def make_contact_token(contact: Contact, *, at: datetime = NOON) -> str:
    """The token of the link by which `contact` confirms address and authority; the page is at /contact/TOKEN."""
    return links.make(
        confirmations.CONTACT,
        contact.about,
        at,
        contact=contact,
        holder_name=contact.name,
        holder_email=contact.email,
    )


def make_server(vendor: Vendor, address: str = "", *, hostname: str = "", at: datetime = NOON) -> SendingServer:
    """A sending server; without `address`, the next one of 198.18.0.0/15 (RFC 2544, for tests)."""
    number = next(_numbers)
    return SendingServer.objects.create(
        vendor=vendor,
        address=address or f"198.18.{number // 250}.{number % 250 + 1}",
        hostname=hostname,
        helo=hostname,
        created_at=at,
    )


def make_domain(
    vendor: Vendor,
    name: str = "",
    *,
    uses: Iterable[str] = (Domain.Use.HEADER,),
    is_declared: bool = True,
    at: datetime = NOON,
    **fields: Any,
) -> Domain:
    """A domain in whose name the vendor sends; without `name`, the next one below example.org."""
    name = name or f"d{next(_numbers)}.example.org"
    texts = [str(use) for use in uses]
    return Domain.objects.create(vendor=vendor, name=name, uses=texts, is_declared=is_declared, created_at=at, **fields)


def make_alias(
    vendor: Vendor, name: str, *, evidence: str = "The register of companies.", at: datetime = NOON
) -> Alias:
    return Alias.objects.create(vendor=vendor, name=name, evidence=evidence, approved_by_name="Dana", approved_at=at)


def make_watch(
    server: SendingServer | Domain | Vendor, check_id: str = "dnsbl:quarry", *, at: datetime = NOON
) -> Watch:
    """A check of a server, a domain, or a vendor itself."""
    place: dict[str, Any] = {"server": server} if isinstance(server, SendingServer) else {}
    place |= {"domain": server} if isinstance(server, Domain) else {}
    vendor = server if isinstance(server, Vendor) else server.vendor
    return Watch.objects.create(vendor=vendor, check_id=check_id, since=at, next_action_at=at, **place)


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


def make_order(
    vendor: Vendor,
    *,
    server: SendingServer | None = None,
    finding: Finding | None = None,
    reason: str = "Your server is on the blocklist Quarry.",
    by: Actor = ENGINE,
    at: datetime = NOON,
) -> HaltOrder:
    order, _ = orders.issue(vendor, server=server, finding=finding, reason=reason, by=by, at=at)
    return order


def make_order_token(order: HaltOrder, contact: Contact, *, at: datetime = NOON) -> str:
    """The token of the link that `contact` got with `order`; the page is at /halt/TOKEN."""
    return links.make(
        orders.ACKNOWLEDGE,
        order.about,
        at,
        contact=contact,
        holder_name=contact.name,
        holder_email=contact.email,
    )


@dataclass(frozen=True, slots=True)
class People:
    """Two vendors and who belongs to them; Dana, Rita, Ada and Orla are at the desk."""

    vendor_a: Vendor
    vendor_b: Vendor
    alice: User  # owner of A
    bob: User  # member of A
    charlie: User  # owner of B
    dana: User  # IT
    rita: User  # reviewer
    orla: User  # auditor
    ada: User  # administrator


def make_people() -> People:
    vendor_a, vendor_b = make_vendor("Alder Mailings"), make_vendor("Birch Direct")
    return People(
        vendor_a=vendor_a,
        vendor_b=vendor_b,
        alice=make_member(vendor_a, "Alice", role=Member.Role.OWNER),
        bob=make_member(vendor_a, "Bob"),
        charlie=make_member(vendor_b, "Charlie", role=Member.Role.OWNER),
        dana=make_user("Dana", role=Role.IT),
        rita=make_user("Rita", role=Role.REVIEWER),
        orla=make_user("Orla", role=Role.AUDITOR),
        ada=make_user("Ada", role=Role.ADMINISTRATOR),
    )


def make_quarantine(list_id: str, *watches: Watch, at: datetime = NOON) -> Quarantine:
    """A list that is held, because it newly named these."""
    return Quarantine.objects.create(
        list_id=list_id, listed=len(watches), watched=20, named=[one.pk for one in watches], began_at=at
    )


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


def make_delivery(
    order: HaltOrder,
    *,
    to: str = "abuse@alder.example.net",
    name: str = "Theo Marsh",
    state: str = Delivery.State.DUE,
    answer: str = "550 5.1.1 no such user",
    at: datetime = NOON,
) -> Delivery:
    """A letter about `order`: waiting, accepted, or given up with `answer`."""
    letter = outbox.write(
        "halt_order",
        outbox.Recipient(name, to),
        key=f"{order.about}:{next(_numbers)}",
        about=order.about,
        facts={"number": order.number},
        at=at,
        link_purpose=orders.ACKNOWLEDGE,
    )
    if state == Delivery.State.DUE:
        return letter
    accepted = state == Delivery.State.SENT
    Attempt.objects.create(
        delivery=letter, started_at=at, ended_at=at, accepted=accepted, answer="250" if accepted else answer
    )
    done = {"sent_at": at} if accepted else {"last_error": answer}
    move(letter, state, by=ENGINE, at=at, changes={"attempts": 1, "next_action_at": None} | done)
    if accepted:
        Delivery.objects.filter(pk=letter.pk).update(
            sent_subject=f"Stop: halt order {order.number}", sent_text=f"Stop now. Order {order.number}."
        )
    letter.refresh_from_db()
    return letter


def entries() -> QuerySet[Entry]:
    """What the journal holds besides the very first entry, which is about the policy that came with the product."""
    return Entry.objects.exclude(object_type="policies.policyversion", position=1)


def make_version(
    *changed: str,
    kind: str = PolicyVersion.Kind.MATERIAL,
    note: str = "Read the words in colour.",
    effective_at: datetime | None = None,
    at: datetime = NOON,
) -> PolicyVersion:
    """The next version of the policy, with one sentence more in each of the `changed` clauses."""
    draft = drafts.begin_draft(by=ENGINE, at=at, by_name="Ada")
    for clause in [one for one in draft.written if one.id in (changed or ("R5",))]:
        drafts.change_clause(draft, clause.id, clause.title, f"{clause.text} Truly.", by=ENGINE, at=at)
    drafts.publish(draft, kind=kind, note=note, effective_at=effective_at, by=ENGINE, at=at, by_name="Ada")
    return draft


def make_engine_run(at: datetime = NOON) -> None:
    """Every stage finished a sweep at `at`."""
    for stage in settings.ENGINE_STAGES:
        Cycle.objects.update_or_create(stage=stage, defaults={"started_at": at, "finished_at": at})


def make_submission(vendor: Vendor, *, exhibit: str = "A", at: datetime = NOON) -> Submission:
    """A draft of the newest definition."""
    return Submission.objects.create(
        vendor=vendor,
        exhibit=exhibit,
        version=newest(exhibit).version,
        created_at=at,
        created_by="somebody",
        touched_at=at,
    )


def make_server_row(vendor: Vendor, address: str = "93.184.215.14", helo: str = "", *, at: datetime = NOON) -> Sheet:
    """A server in a new Exhibit A."""
    return Sheet.objects.create(
        submission=make_submission(vendor, at=at),
        step="servers",
        row=uuid4().hex,
        values={"A5.01": address, "A5.04": helo},
        saved_at=at,
        saved_by="somebody",
    )
