"""The vendor's own standing: what is wrong and how to cure it, each check of each server and domain over 90 days, and
"check again now"."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import throttle
from monitors.models import Watch, WatchQuerySet
from monitors.standing import Strip, Told, by_check, told_of
from monitors.watches import look_now
from notices.clockface import write_moment
from portal import access
from portal.faults import faults, looks_to_end
from vendors.models import Domain, SendingServer, Vendor

SUBJECTS = 8  # on a page
PAUSE = timedelta(minutes=10)  # between two looks at one subject that a vendor asks for
A_DAY = 20  # looks that a vendor may ask for on one day (UTC)
Subject = SendingServer | Domain | Vendor


@dataclass(frozen=True, slots=True)
class Stands:
    """One server or domain, or the vendor itself, with its checks. `look` is where another look is asked for, "" when
    only a person can look."""

    ident: str
    subject: Subject
    strips: Sequence[Strip]
    look: str

    @property
    def is_server(self) -> bool:
        return isinstance(self.subject, SendingServer)

    @property
    def is_unseen(self) -> bool:
        """Whether we cannot see some of it now."""
        return any(one.stands and not one.stands.is_seen for one in self.strips)


@require_safe
@access.member
def standing(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    now = timezone.now()
    told = told_of(Watch.objects.running().filter(vendor=vendor), now)
    own: dict[Subject, list[Told]] = defaultdict(list)
    for one in told:
        own[one.watch.subject].append(one)
    page = Paginator(_subjects(vendor, vendor in own), SUBJECTS).get_page(request.GET.get("page"))
    whole = Strip("whole", "All checks", told, now)
    return render(
        request,
        "portal/standing.html",
        {
            "vendor_name": vendor.name,
            "vendor": vendor,
            "faults": faults(vendor),
            "looks_to_end": looks_to_end(),
            "whole": whole,
            "month": whole.last(30),
            "page": page,
            "stands": [_stands(one, own[one], now) for one in page],
        },
    )


@require_POST
@access.member
def server_look(request: HttpRequest, vendor: Vendor, uid: UUID) -> HttpResponse:
    server = access.find_server(vendor, uid)
    return _look(request, vendor, server, Watch.objects.running().filter(server=server))


@require_POST
@access.member
def domain_look(request: HttpRequest, vendor: Vendor, uid: UUID) -> HttpResponse:
    domain = access.find_domain(vendor, uid)
    return _look(request, vendor, domain, Watch.objects.running().filter(domain=domain))


def _look(
    request: HttpRequest, vendor: Vendor, subject: SendingServer | Domain, watches: WatchQuerySet
) -> HttpResponse:
    now = timezone.now()
    ident = _ident(subject)
    if again_at := throttle.paused_until("vendor-look", ident, PAUSE, now):
        messages.warning(
            request,
            f"{subject} was asked for a short while ago, and is being looked at. "
            f"You can ask again from {write_moment(again_at, 'minute')} on.",
        )
    elif again_at := throttle.spent_until("vendor-look", f"vendor-{vendor.pk}", A_DAY, now):
        messages.warning(
            request,
            f"You asked {A_DAY} times today, which is as often as we can. We go on looking by ourselves. "
            f"You can ask again from {write_moment(again_at, 'minute')} on.",
        )
    elif count := look_now(watches, subject, by=access.actor(request), at=now):
        checks = "one check" if count == 1 else f"{count} checks"
        messages.success(
            request, f"Asked for {checks} of {subject}. Come back in a few minutes: this page shows what was seen."
        )
    else:
        messages.warning(request, f"Nothing of {subject} is watched now, so there was nothing to look at.")
    number = request.POST.get("page", "")
    query = f"?page={number}" if number.isascii() and number.isdecimal() and len(number) < 6 else ""
    return redirect(f"{reverse('portal:standing')}{query}#{ident}")


def _subjects(vendor: Vendor, has_own: bool) -> list[Subject]:
    """Servers, then domains, then the vendor itself if anything is looked up of it."""
    servers = vendor.servers.filter(state=SendingServer.State.ACTIVE)
    domains = vendor.domains.filter(state=Domain.State.ACTIVE).order_by("-is_declared", "name")
    return [*servers, *domains, *([vendor] if has_own else [])]


def _stands(subject: Subject, told: Sequence[Told], now: datetime) -> Stands:
    look = ""
    if isinstance(subject, SendingServer | Domain) and told:
        page = "server_look" if isinstance(subject, SendingServer) else "domain_look"
        look = reverse(f"portal:{page}", args=[subject.uid])
    return Stands(_ident(subject), subject, by_check(told, now), look)


def _ident(subject: Subject) -> str:
    return f"{type(subject).__name__.lower()}-{subject.uid}"
