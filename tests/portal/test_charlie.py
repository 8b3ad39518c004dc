"""Charlie, owner of another vendor, at every address of Alice's: nothing is there for him, whatever he sends.

The addresses come from the resolver: one that is not in OBJECTS or in OWN fails.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, reverse

from accounts.models import User
from journal.models import Entry
from monitors.models import Delisting, Document, EvidenceRequest
from notices import invitations
from portal import urls
from questionnaires.models import Acceptance, Assignment, Comment, Evidence, Save, Sheet, Submission
from tests import halted, monitored, world
from tests.acceptances import make_submission
from tests.paper_trail import make_trail
from tests.paperwork import Paperwork, make_paperwork
from vendors.models import Contact

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NOT_THERE, NO_SUCH_METHOD, SENT_ON = 404, 405, 302
Named = dict[str, Any]


class Alices:
    """All that Alice's vendor has."""

    def __init__(self, people: world.People) -> None:
        vendor, alice = people.vendor_a, people.alice
        self.papers: Paperwork = make_paperwork(vendor, alice)
        self.contact = world.make_contact(vendor)
        self.server = world.make_server(vendor)
        self.domain = world.make_domain(vendor)
        monitored.make_finding(self.server)
        self.order = halted.make_order(vendor)
        self.finding = monitored.make_finding(world.make_server(vendor))
        self.delisting = monitored.make_delisting(self.finding)
        self.trail = make_trail(vendor)
        self.invitation = invitations.invite_to_vendor(
            vendor, "eve@example.com", name="Eve", member_role="member", user=alice, by=alice.actor(), at=world.NOON
        )
        states = [state for state in Submission.State if state != Submission.State.DRAFT]
        self.submissions = [
            self.papers.draft,
            *(make_submission(vendor, exhibit="B", state=state) for state in states),
        ]


def of_form(**more: Any) -> Callable[[Alices], Iterator[Named]]:
    """Each form of hers, in whatever state."""

    def named(hers: Alices) -> Iterator[Named]:
        for submission in hers.submissions:
            yield {"number": submission.number} | {
                name: value(hers) if callable(value) else value for name, value in more.items()
            }

    return named


def one(**more: Callable[[Alices], Any]) -> Callable[[Alices], Iterator[Named]]:
    return lambda hers: iter([{name: value(hers) for name, value in more.items()}])


OBJECTS: dict[str, Callable[[Alices], Iterator[Named]]] = {
    "evidence_request": one(number=lambda hers: hers.trail.request.number),
    "document": one(uid=lambda hers: hers.trail.document.uid),
    "order": one(number=lambda hers: hers.order.number),
    "delisting": one(number=lambda hers: hers.finding.number),
    "delisting_answer": one(uid=lambda hers: hers.delisting.uid),
    "contact_edit": one(uid=lambda hers: hers.contact.uid),
    "contact_remove": one(uid=lambda hers: hers.contact.uid),
    "contact_ask": one(uid=lambda hers: hers.contact.uid),
    "contact_code": one(uid=lambda hers: hers.contact.uid),
    "contact_code_send": one(uid=lambda hers: hers.contact.uid),
    "invitation_withdraw": one(pk=lambda hers: hers.invitation.pk),
    "server_look": one(uid=lambda hers: hers.server.uid),
    "domain_look": one(uid=lambda hers: hers.domain.uid),
    "form": of_form(),
    "form_give_up": of_form(),
    "form_assign": of_form(code="A1"),
    "form_carry_over": of_form(),
    "check": of_form(),
    "sign": of_form(),
    "signed": of_form(),
    "notices_address": of_form(),
    "notices_address_send": of_form(),
    "copy_pdf": of_form(),
    "copy_json": of_form(),
    "files": of_form(code="A1.13"),
    "talk": of_form(code="A4.01"),
    "conflict": of_form(pk=lambda hers: hers.papers.lost.pk),
    "look": of_form(row=lambda hers: hers.papers.row.row),
    "sample": of_form(),
    "row_remove": of_form(step="domains"),
    "step": of_form(step="domains"),
    "file": one(uid=lambda hers: hers.papers.evidence.uid),
    "file_remove": one(uid=lambda hers: hers.papers.evidence.uid),
    "acceptance": one(number=lambda hers: hers.papers.acceptance.number),
    "paper": one(number=lambda hers: hers.papers.paper.number),
    "letter": one(number=lambda hers: hers.papers.acceptance.number),
    "acceptance_receive": one(number=lambda hers: hers.papers.acceptance.number),
}
OWN = {
    "home",
    "standing",
    "contacts",
    "contact_new",
    "colleagues",
    "forms",
    "form_begin",
    "sources",
    "evidence",
}  # each sees the own vendor's
NAMES = {pattern.name for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}


@pytest.fixture
def hers(people: world.People) -> Alices:
    return Alices(people)


def signed_in(user: User | None) -> Client:
    client = Client()
    if user:
        world.come_in(client, user)
    return client


def body(hers: Alices) -> dict[str, Any]:
    """Everything that any of the pages would take, about what is hers."""
    row = hers.papers.row.row
    return {
        "row": row,
        "wizard-current_step": "domains",
        f"{row}-revision": "1",
        f"{row}-codes": "A4.01",
        f"{row}-A4.01": "stolen.example",
        "page-revision": "0",
        "page-codes": "A4.01",
        "editor": "somebody",
        "goto": f"remove domains {row}",
        "A4.01": "mine",
        "revision": "1",
        "user": "1",
        "text": "Charlie was here.",
        "name": "Charlie",
        "email": "charlie@birch.example.com",
        "phone": "+12125550199",
        "rank": "1",
        "title": "Owner",
        "code": "123456",
        "exhibit": "A",
        "count": "501",
        "elements": "name",
        "note": "Charlie was here.",
        "files": SimpleUploadedFile("proof.pdf", b"%PDF-1.7\n/Root\n%%EOF\n"),
    }


def ask(client: Client, method: str, path: str, hers: Alices) -> int:
    query = f"{path}?row={hers.papers.row.row}"
    response = client.post(query, body(hers)) if method == "POST" else client.generic(method, query)
    b"".join(response)  # a file, perhaps: read to its end, the test client closes it and keeps the connection
    if response.status_code == SENT_ON:
        assert response["Location"].startswith("/account/login/"), (path, response["Location"])
    return int(response.status_code)


def kept() -> list[object]:
    """All that a stranger's hand could have changed."""
    return [
        sorted(Submission.objects.values_list("pk", "state", "round", "touched_at")),
        sorted(Sheet.objects.values_list("pk", "revision", "saved_by")),
        sorted(EvidenceRequest.objects.values_list("pk", "state")),
        Document.objects.count(),
        sorted(Acceptance.objects.values_list("pk", "state")),
        sorted(Contact.objects.values_list("pk", "name", "email", "phone")),
        sorted(Evidence.objects.values_list("pk", flat=True).filter(removed_at=None)),
        sorted(Delisting.objects.values_list("pk", "outcome")),
        [Save.objects.count(), Comment.objects.count(), Assignment.objects.count(), Entry.objects.count()],
    ]


def test_every_address_of_the_portal_is_in_this_walk() -> None:
    assert {*OBJECTS, *OWN} == NAMES


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_charlie_finds_nothing_of_alices(name: str, people: world.People, hers: Alices) -> None:
    client, before = signed_in(people.charlie), kept()
    for named in OBJECTS[name](hers):
        path = reverse(f"portal:{name}", kwargs=named)
        got = {method: ask(client, method, path, hers) for method in METHODS}
        assert set(got.values()) <= {NOT_THERE, NO_SUCH_METHOD}, (path, got)
        assert NOT_THERE in {got["GET"], got["POST"]}, (path, got)
    assert kept() == before


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_a_stranger_is_sent_to_sign_in_and_staff_find_nothing(name: str, people: world.People, hers: Alices) -> None:
    named = next(OBJECTS[name](hers))
    path, before = reverse(f"portal:{name}", kwargs=named), kept()
    for user, wanted in ((None, SENT_ON), (people.dana, NOT_THERE), (people.ada, NOT_THERE), (people.orla, NOT_THERE)):
        got = {method: ask(signed_in(user), method, path, hers) for method in METHODS}
        assert set(got.values()) <= {wanted, NO_SUCH_METHOD}, (str(user), path, got)
        assert wanted in {got["GET"], got["POST"]}, (str(user), path, got)
    assert kept() == before


@pytest.mark.parametrize("name", sorted(OWN))
def test_on_his_own_pages_charlie_reads_nothing_of_alices(name: str, people: world.People, hers: Alices) -> None:
    client = signed_in(people.charlie)
    secrets = [
        "Alder Mailings",
        hers.contact.email,
        hers.order.number,
        hers.finding.number,
        hers.server.address,
        hers.domain.name,
        hers.trail.request.number,
        hers.papers.acceptance.number,
        *(submission.number for submission in hers.submissions),
    ]
    response = client.get(reverse(f"portal:{name}"), {"row": hers.papers.row.row})
    assert response.status_code in {200, NO_SUCH_METHOD}
    page = response.content.decode()
    assert [secret for secret in secrets if secret in page] == []


class TestCharliesOwnFormWithWhatIsAlices:
    """His number, her row, her file, her save: what is not in his form is nowhere."""

    @pytest.fixture
    def his(self, people: world.People, hers: Alices) -> Paperwork:
        return make_paperwork(people.vendor_b, people.charlie)

    @pytest.fixture
    def charlie(self, people: world.People, his: Paperwork) -> Client:
        return signed_in(people.charlie)

    def test_her_save_is_none_of_his_conflicts(self, charlie: Client, his: Paperwork, hers: Alices) -> None:
        path = f"/portal/forms/{his.draft.number}/conflicts/{hers.papers.lost.pk}/"
        before = kept()
        assert [charlie.get(path).status_code, charlie.post(path, body(hers)).status_code] == [404, 404]
        assert kept() == before

    def test_her_row_has_no_files_comments_or_looks_in_his_form(
        self, charlie: Client, his: Paperwork, hers: Alices
    ) -> None:
        row, before = hers.papers.row.row, kept()
        for place in ("files/A4.11", "comments/A4.01"):
            path = f"/portal/forms/{his.draft.number}/{place}/"
            assert charlie.get(path, {"row": row}).status_code == 404, place
            assert charlie.post(path, body(hers)).status_code == 404, place
        assert charlie.get(f"/portal/forms/{his.draft.number}/looks/{row}/").status_code == 404
        assert kept() == before

    def test_her_row_is_not_removed_from_his_form(self, charlie: Client, his: Paperwork, hers: Alices) -> None:
        row = hers.papers.row
        charlie.post(f"/portal/forms/{his.draft.number}/domains/remove/", {"row": row.row})
        assert Sheet.objects.filter(pk=row.pk).exists()

    def test_her_row_is_not_saved_by_his_page(self, charlie: Client, his: Paperwork, hers: Alices) -> None:
        row = hers.papers.row
        data = body(hers) | {"later": "1"}
        charlie.post(f"/portal/forms/{his.draft.number}/domains/", data)
        row.refresh_from_db()
        assert row.typed == {"A4.01": ["fieldnote.example"]}
        assert not his.draft.sheets.filter(row=row.row).exists()

    def test_a_section_of_his_is_not_given_to_alice(
        self, charlie: Client, his: Paperwork, hers: Alices, people: world.People
    ) -> None:
        path = f"/portal/forms/{his.draft.number}/assign/A1/"
        assert charlie.post(path, {"user": str(people.alice.pk)}).status_code == 404
        assert not Assignment.objects.exists()

    @pytest.mark.parametrize(
        "number",
        ["S-2026-9999999999999999999999", "S-2026-0", "S-1999-0001", "S-2026-٠٠٠١", "s-2026-0001", "..", "%00"],
    )
    def test_numbers_that_are_none_are_not_found(self, charlie: Client, number: str) -> None:
        assert charlie.get(f"/portal/forms/{number}/").status_code == 404
        assert charlie.get(f"/portal/acceptances/{number}/").status_code == 404
