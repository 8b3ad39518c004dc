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

from policies.clauses import GROUPS
from policies.models import PolicyVersion
from policies.versions import difference, in_force, upcoming

KEPT_SECONDS = 300
TEXT_KEPT_SECONDS = 86_400


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The version in force."""
    return _page(request, None)


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Any version, in force or not, and what differs from the one before."""
    return _page(request, get_object_or_404(PolicyVersion.objects.published(), number=number))


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first."""
    now = timezone.now()
    rows = PolicyVersion.objects.published().order_by("-number").defer("text", "clauses")
    response = render(request, "visitors/policy_versions.html", {"versions": rows, "in_force": in_force(now)})
    return _cacheable(response, upcoming(now), now)


@require_safe
def text(request: HttpRequest, number: int) -> HttpResponse:
    """The text byte for byte as it is hashed, as a file."""
    found = get_object_or_404(PolicyVersion.objects.published(), number=number)
    response = HttpResponse(found.text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="policy-{number}.txt"'
    patch_cache_control(response, public=True, max_age=TEXT_KEPT_SECONDS)
    return response


def _page(request: HttpRequest, found: PolicyVersion | None) -> HttpResponse:
    now = timezone.now()
    current, coming = in_force(now), upcoming(now)
    shown = found or current
    context = {
        "version": shown,
        "groups": [(GROUPS[letter], list(some)) for letter, some in groupby(shown.read, lambda one: one.id[0])],
        "in_force": current,
        "upcoming": coming,
        "is_by_number": found is not None,
        "difference": difference(found) if found else None,
    }
    return _cacheable(render(request, "visitors/policy.html", context), coming, now)


def _cacheable(response: HttpResponse, coming: Iterable[PolicyVersion], now: datetime) -> HttpResponse:
    waits = [(one.effective_at - now).total_seconds() for one in coming if one.effective_at]
    patch_cache_control(response, public=True, max_age=int(min([KEPT_SECONDS, *waits])))
    return response
