"""Who may come in, who may do what, and where each page finds its row.

Anonymous visitors are sent to sign in; people of vendors get 404, because the desk is not theirs to know about; staff
without the right to an action get 403. Rows are found here and nowhere else in the desk.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from accounts.rights import Right, has_right
from accounts.signed_in import actor as actor
from accounts.signed_in import person as person
from halts.models import HaltOrder
from journal.models import Entry
from monitors import checks, list_entries
from monitors.models import (
    Attestation,
    Delisting,
    Document,
    EvidenceRequest,
    Finding,
    Grant,
    ListEntry,
    Quarantine,
)
from monitors.probes.entry import Blocklist
from notices.models import Delivery
from policies import versions
from policies.clauses import Clause
from policies.models import PolicyVersion
from questionnaires.models import Acceptance, Evidence, HeaderApproval, Paper, Return, Submission, Waiver
from vendors.models import Alias, Contact, Domain, SendingServer, Vendor

View = Callable[..., HttpResponseBase]


def staff(view: View) -> View:
    """A page that everybody at the desk may read."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def may(right: Right) -> Callable[[View], View]:
    """A page that only staff with this right may open or send."""

    def guard(view: View) -> View:
        @staff
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not has_right(person(request), right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


# ── rows ────────────────────────────────────────────────────────────────────


def find_vendor(uid: UUID) -> Vendor:
    return get_object_or_404(Vendor, uid=uid)


def find_server(uid: UUID) -> SendingServer:
    return get_object_or_404(SendingServer.objects.select_related("vendor"), uid=uid)


def find_domain(uid: UUID) -> Domain:
    return get_object_or_404(Domain.objects.select_related("vendor"), uid=uid)


def find_alias(uid: UUID) -> Alias:
    return get_object_or_404(Alias.objects.select_related("vendor"), uid=uid)


def find_contact(uid: UUID) -> Contact:
    return get_object_or_404(Contact.objects.select_related("vendor"), uid=uid)


def find_finding(number: str) -> Finding:
    """By the number that people say: F-2031."""
    return get_object_or_404(Finding.objects.select_related("vendor", "server", "watch").numbered(number))


def find_attestation(uid: UUID) -> Attestation:
    return get_object_or_404(Attestation, uid=uid)


def find_delisting(uid: UUID) -> Delisting:
    return get_object_or_404(Delisting.objects.select_related("finding__vendor", "finding__server"), uid=uid)


def find_evidence_request(number: str) -> EvidenceRequest:
    """By the number that people say: E-0012."""
    return get_object_or_404(EvidenceRequest.objects.select_related("domain__vendor").numbered(number))


def find_document(uid: UUID) -> Document:
    return get_object_or_404(Document, uid=uid)


def find_grant(uid: UUID) -> Grant:
    return get_object_or_404(Grant.objects.select_related("domain__vendor", "request"), uid=uid)


def find_order(number: str) -> HaltOrder:
    """By the number that people say: H-2026-0041."""
    return get_object_or_404(HaltOrder.objects.select_related("vendor", "server", "finding").numbered(number))


def find_list(list_id: str) -> Blocklist:
    """A list of the catalogue as it is this moment, also one that is left out."""
    list_entries.look_again()
    found = next((one for one in checks.known() if one.id == list_id), None)
    if found is None:
        raise Http404
    return found


def find_list_entry(list_id: str) -> ListEntry:
    """What was changed of it at the desk; also of a list that is only there, and fits no more."""
    return get_object_or_404(ListEntry, list_id=list_id)


def find_quarantine(list_id: str) -> Quarantine:
    """The one that stands."""
    return get_object_or_404(Quarantine.objects.standing(), list_id=list_id)


def find_delivery(uid: UUID) -> Delivery:
    return get_object_or_404(Delivery.objects.select_related("contact"), uid=uid)


def find_entry(position: int) -> Entry:
    return get_object_or_404(Entry, position=position)


def find_submission(number: str) -> Submission:
    """By the number that people say: S-2026-0125."""
    return get_object_or_404(Submission.objects.select_related("vendor", "previous", "amendment").numbered(number))


def find_return(number: str, pk: int) -> Return:
    submission = find_submission(number)
    return get_object_or_404(Return.objects.select_related("submission"), submission=submission, pk=pk)


def find_waiver(number: str, pk: int) -> Waiver:
    submission = find_submission(number)
    return get_object_or_404(Waiver.objects.select_related("submission"), submission=submission, pk=pk)


def find_evidence(uid: UUID) -> Evidence:
    return get_object_or_404(Evidence, uid=uid)


def find_acceptance(number: str) -> Acceptance:
    """By the number that people say: A-2026-0012."""
    return get_object_or_404(Acceptance.objects.select_related("vendor", "submission", "policy").numbered(number))


def find_paper(number: str) -> Paper:
    """By the number that people say: P-2026-0007."""
    return get_object_or_404(Paper.objects.numbered(number))


def find_approval(uid: UUID) -> HeaderApproval:
    return get_object_or_404(HeaderApproval.objects.select_related("vendor"), uid=uid)


def find_draft() -> PolicyVersion:
    """The next version of the policy, while somebody writes one."""
    draft = versions.draft()
    if draft is None:
        raise Http404
    return draft


def find_clause(draft: PolicyVersion, ident: str) -> Clause:
    """A clause of it, as it is edited."""
    found = next((one for one in draft.written if one.id == ident), None)
    if found is None:
        raise Http404
    return found
