"""The clauses that findings, orders and letters cite."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from desk.access import staff
from policies.clauses import clauses as table


@staff
def clauses(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/clauses.html", {"clauses": list(table().values())})
