"""The policy in force, clause by clause, as findings, orders and letters cite it; and the way to the next version."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.rights import Right, has_right
from desk.access import person, staff
from policies import versions
from policies.models import PolicyVersion


@staff
def clauses(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    version = versions.in_force(now)
    context = {
        "version": version,
        "clauses": version.read,
        "upcoming": versions.upcoming(now),
        "versions": PolicyVersion.objects.published().order_by("-number").defer("text", "clauses"),
        "may_publish": has_right(person(request), Right.PUBLISH_POLICY),
        "draft": versions.draft(),
    }
    return render(request, "desk/clauses.html", context)
