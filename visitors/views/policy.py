"""The clause table, for everybody: what each R5 and O1 on other pages and in letters means."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from policies.clauses import clauses

GROUPS = {
    "D": "What the words mean",
    "L": "Legitimate mail",
    "S": "What is never allowed",
    "O": "Opting out",
    "R": "What every sender must do",
    "C": "Complaints",
    "N": "Changes of the policy",
    "U": "Mailings to the members of an institution",
    "M": "Tracking and privacy",
}


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    groups = [(GROUPS[letter], list(some)) for letter, some in groupby(clauses().values(), lambda clause: clause.id[0])]
    return render(request, "visitors/policy.html", {"groups": groups})
