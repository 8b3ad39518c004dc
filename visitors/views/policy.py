"""The policy, for everybody: the version in force, what each R5 and O1 on other pages and in letters means; and every
other version that was ever published, with its text as it is hashed and what it changed.

The pages are the same for all who ask, signed in or not, and may be kept by caches: for a while, and never past the
moment at which another version takes effect.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from policies.clauses import GROUPS, Clause
from policies.models import PolicyVersion
from policies.versions import difference, in_force, upcoming

KEPT_SECONDS = 300
TEXT_KEPT_SECONDS = 86_400


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The version in force."""
    now = timezone.now()
    return _page(request, in_force(now), now)


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Any version, in force or not, and what differs from the one before."""
    now = timezone.now()
    found = get_object_or_404(PolicyVersion.objects.published(), number=number)
    return _page(request, found, now, is_by_number=True, difference=difference(found))


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first."""
    now = timezone.now()
    rows = PolicyVersion.objects.published().order_by("-number")
    context = {"versions": rows, "in_force": in_force(now), "moment": now}
    return _cacheable(render(request, "visitors/policy_versions.html", context), now)


@require_safe
def text(request: HttpRequest, number: int) -> HttpResponse:
    """The text byte for byte as it is hashed, as a file."""
    found = get_object_or_404(PolicyVersion.objects.published(), number=number)
    response = HttpResponse(found.text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="policy-{number}.txt"'
    patch_cache_control(response, public=True, max_age=TEXT_KEPT_SECONDS)
    return response


def _page(request: HttpRequest, found: PolicyVersion, now: datetime, **context: object) -> HttpResponse:
    context |= {"version": found, "groups": grouped(found.read), "in_force": in_force(now), "upcoming": upcoming(now)}
    return _cacheable(render(request, "visitors/policy.html", context), now)


def grouped(clauses: Iterable[Clause]) -> list[tuple[str, list[Clause]]]:
    """Pairs of a group's title and its clauses."""
    return [(GROUPS[letter], list(some)) for letter, some in groupby(clauses, lambda one: one.id[0])]


def _cacheable(response: HttpResponse, now: datetime) -> HttpResponse:
    changes = [one.effective_at for one in upcoming(now) if one.effective_at]
    wait = min(((moment - now).total_seconds() for moment in changes), default=KEPT_SECONDS)
    patch_cache_control(response, public=True, max_age=int(min(wait, KEPT_SECONDS)))
    return response
