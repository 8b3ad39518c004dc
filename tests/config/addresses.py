"""Every address that the resolver knows, and something for each to be about."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts import tokens
from accounts.models import Role, User
from config.management.commands.serve import FIRST_ADMINISTRATOR
from halts.orders import ACKNOWLEDGE
from monitors.models import ListEntry
from notices import invitations, links
from policies import drafts
from tests import halted, monitored, world
from tests.paper_trail import Trail, make_trail
from tests.paperwork import Paperwork, make_paperwork
from visitors.views.welcome import WELCOME


def addresses(resolver: URLResolver | None = None, route: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Name and route of every address, as the resolver has them."""
    for entry in (resolver or get_resolver()).url_patterns:
        inner = route + str(entry.pattern).lstrip("^")
        if isinstance(entry, URLResolver):
            yield from addresses(entry, inner, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", inner


class Rows:
    """Something of vendor A for each address to be about."""

    def __init__(self) -> None:
        now = timezone.now()
        self.people = world.make_people()
        vendor = self.people.vendor_a
        self.vendor = vendor
        self.server = world.make_server(vendor)
        self.domain = world.make_domain(vendor)
        self.alias = world.make_alias(vendor, "Alder Group")
        self.contact = world.make_contact(vendor)
        self.finding = monitored.make_finding(self.server)
        self.delisting = monitored.make_delisting(self.finding)
        self.attestation = monitored.make_attestation(self.server)
        self.order = halted.make_order(vendor, server=self.server)
        self.delivery = halted.make_delivery(self.order)
        self.quarantine = monitored.make_quarantine("spamcop")
        ListEntry.objects.create(list_id="spamcop", fields={"per_second": 2}, changed_at=now)
        alice = self.people.alice
        self.invitation = invitations.invite_to_vendor(
            vendor, "eve@example.com", name="Eve", member_role="member", user=alice, by=alice.actor(), at=now
        )
        ada = self.people.ada
        self.token, _ = tokens.create(role=Role.IT, name="CRM", by=ada.actor(), at=now, lifetime=timedelta(days=1))
        drafts.begin_draft(by=ada.actor(), at=now)
        about = {"halt": self.order.about, "invite": self.invitation.about, "welcome": FIRST_ADMINISTRATOR}
        self.contact_token = world.make_contact_token(self.contact)
        self.links = {purpose: links.make(purpose, about[purpose], now) for purpose in about}

    @cached_property
    def forms(self) -> Paperwork:
        return make_paperwork(self.vendor, self.people.alice)

    @cached_property
    def trail(self) -> Trail:
        return make_trail(self.vendor)

    def who(self) -> list[User | None]:
        p = self.people
        return [None, p.alice, p.bob, p.charlie, p.orla, p.rita, p.dana, p.ada]

    def arguments(self, route: str) -> dict[str, Any]:
        """What stands in the brackets of a route."""
        kinds: dict[str, Callable[[], dict[str, Any]]] = {
            "halt/": lambda: {"token": self.links[ACKNOWLEDGE]},
            "contact/": lambda: {"token": self.contact_token},
            "invite/": lambda: {"token": self.links[invitations.INVITE]},
            "welcome/": lambda: {"token": self.links[WELCOME]},
            "account/password/reset/key/": lambda: {"uidb36": "1", "key": "set-password"},
            "account/2fa/webauthn/keys/": lambda: {"pk": 999_999},
            "portal/evidence/files/": lambda: {"uid": self.trail.document.uid},
            "portal/evidence/": lambda: {"number": self.trail.request.number},
            "portal/orders/": lambda: {"number": self.order.number},
            "portal/findings/": lambda: {"number": self.finding.number},
            "portal/delistings/": lambda: {"uid": self.delisting.uid},
            "portal/standing/servers/": lambda: {"uid": self.server.uid},
            "portal/standing/domains/": lambda: {"uid": self.domain.uid},
            "portal/contacts/": lambda: {"uid": self.contact.uid},
            "portal/colleagues/": lambda: {"pk": self.invitation.pk},
            "portal/forms/": lambda: self.forms.arguments(route),
            "portal/files/": lambda: {"uid": self.forms.evidence.uid},
            "portal/acceptances/": lambda: {"number": self.forms.acceptance.number},
            "portal/papers/": lambda: {"number": self.forms.paper.number},
            "receipt/": lambda: {"token": self.forms.receipt},
            "verify/": lambda: {"code": self.forms.acceptance.code_shown},
            "desk/vendors/": lambda: {"uid": self.vendor.uid},
            "desk/policy/draft/clauses/": lambda: {"ident": "R5"},
            "policy/": lambda: {"number": 1},
            "desk/submissions/": lambda: self.forms.at_the_desk(route),
            "desk/evidence/": lambda: {"uid": self.forms.evidence.uid},
            "desk/acceptances/": lambda: {"number": self.forms.acceptance.number},
            "desk/papers/": lambda: {"number": self.forms.paper.number},
            "desk/header-approvals/": lambda: {"uid": self.forms.approval.uid},
            "desk/domains/": lambda: {"uid": self.trail.domain.uid},
            "desk/evidence-requests/": lambda: {"number": self.trail.request.number},
            "desk/documents/": lambda: {"uid": self.trail.document.uid},
            "desk/grants/": lambda: {"uid": self.trail.grant.uid},
            "desk/servers/": lambda: {"uid": self.server.uid},
            "desk/aliases/": lambda: {"uid": self.alias.uid},
            "desk/contacts/": lambda: {"uid": self.contact.uid},
            "desk/lookups/": lambda: {"list_id": "spamhaus-rokso"},
            "desk/attestations/": lambda: {"uid": self.attestation.uid},
            "desk/delistings/": lambda: {"uid": self.delisting.uid},
            "desk/findings/": lambda: {"number": self.finding.number},
            "desk/orders/": lambda: {"number": self.order.number},
            "desk/blocklists/": lambda: {"list_id": self.quarantine.list_id},
            "desk/deliveries/": lambda: {"uid": self.delivery.uid},
            "desk/journal/": lambda: {"position": 1},
            "desk/people/invitations/": lambda: {"pk": self.invitation.pk},
            "desk/people/": lambda: {"pk": self.people.rita.pk},
            "desk/tokens/": lambda: {"public_id": self.token.public_id},
            "api/v1/vendors/": lambda: {"ref": self.vendor.uid} | ({"code": "GARDEN"} if "code" in route else {}),
            "api/v1/servers/": lambda: {"ref": self.server.uid},
            "api/v1/domains/": lambda: {"ref": self.domain.uid},
            "api/v1/contacts/": lambda: {"ref": self.contact.uid},
            "api/v1/findings/": lambda: {"ref": self.finding.number},
            "api/v1/clearance/": lambda: {"ref": self.vendor.number},
            "api/v1/halts/": lambda: {"ref": self.order.number},
        }
        return kinds[next(start for start in kinds if route.startswith(start))]()
