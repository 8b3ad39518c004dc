"""Operations on the domains of a vendor, and the other names that it is known under. Those are approved at the desk, by
a person who saw evidence."""

from typing import Any, Literal

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Status

from accounts.rights import Right
from api.auth import ApiRequest, Bearer, actor
from api.paging import Page, Paging, each, page
from api.problems import Problem
from api.rows import find_domain, find_vendor
from api.schemas.domains import AliasShown, DomainChanges, DomainGiven, DomainShown
from vendors import domains
from vendors.models import Alias, Domain

router = Router(tags=["domains"])


class DomainFilter(Paging):
    state: Literal["active", "retired"] | None = None
    declared: bool | None = None


@router.get("/vendors/{ref}/domains", response=Page[DomainShown])
def list_domains(request: ApiRequest, ref: str, asked: Query[DomainFilter]) -> dict[str, Any]:
    """The domains of one vendor, in the order in which they were added or met."""
    rows = Domain.objects.filter(vendor=find_vendor(ref)).select_related("vendor")
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.declared is not None:
        rows = rows.filter(is_declared=asked.declared)
    return page(request, rows, asked, each(DomainShown.of))


@router.post("/vendors/{ref}/domains", auth=Bearer(Right.EDIT_VENDORS), response={201: DomainShown})
def add_domain(request: ApiRequest, response: HttpResponse, ref: str, body: DomainGiven) -> Status[DomainShown]:
    """Declare a domain of a vendor; one that was only met in the DNS becomes a declared one. It is watched from the
    next sweep on."""
    domain = domains.add_domain(
        find_vendor(ref),
        name=body.name,
        uses=body.uses,
        selectors=body.selectors,
        opt_out_url=body.opt_out_url,
        by=actor(request),
        at=timezone.now(),
    )
    response["Location"] = reverse("api:get_domain", args=[domain.uid])
    return Status(201, DomainShown.of(domain))


@router.get("/domains/{ref}", response=DomainShown)
def get_domain(request: ApiRequest, ref: str) -> DomainShown:
    """One domain of a vendor, by id."""
    return DomainShown.of(find_domain(ref))


@router.patch("/domains/{ref}", auth=Bearer(Right.EDIT_VENDORS, Right.SEE), response=DomainShown)
def change_domain(request: ApiRequest, ref: str, body: DomainChanges) -> DomainShown:
    """Change what a domain is used for, retire or reinstate it. What is left out stays. Its name never changes: another
    name is another domain."""
    domain, by, at = find_domain(ref), actor(request), timezone.now()
    if body.name not in {None, domain.name}:
        raise Problem.of_field("name", "The name of a domain never changes. Retire this one and add another.")
    with transaction.atomic():
        domains.change_domain(
            domain, uses=body.uses, selectors=body.selectors, opt_out_url=body.opt_out_url, by=by, at=at
        )
        if body.state == "retired":
            domains.retire_domain(domain, by=by, at=at, why=body.reason)
        elif body.state == "active":
            domains.reinstate_domain(domain, by=by, at=at, why=body.reason)
    return DomainShown.of(domain)


@router.get("/vendors/{ref}/aliases", response=Page[AliasShown])
def list_aliases(request: ApiRequest, ref: str, asked: Query[Paging]) -> dict[str, Any]:
    """The other names that a vendor is known under, each with the evidence for it."""
    rows = Alias.objects.filter(vendor=find_vendor(ref)).select_related("vendor")
    return page(request, rows, asked, each(AliasShown.of))
