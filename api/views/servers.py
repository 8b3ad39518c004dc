"""Operations on the sending servers of a vendor."""

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
from api.rows import find_server, find_vendor
from api.schemas.vendors import ServerChanges, ServerGiven, ServerShown
from vendors import register
from vendors.models import SendingServer

router = Router(tags=["servers"])


class ServerFilter(Paging):
    state: Literal["active", "retired"] | None = None


@router.get("/vendors/{ref}/servers", response=Page[ServerShown])
def list_servers(request: ApiRequest, ref: str, asked: Query[ServerFilter]) -> dict[str, Any]:
    """The sending servers of one vendor, in the order in which they were added."""
    rows = SendingServer.objects.filter(vendor=find_vendor(ref)).select_related("vendor")
    if asked.state:
        rows = rows.filter(state=asked.state)
    return page(request, rows, asked, each(ServerShown.of))


@router.post("/vendors/{ref}/servers", auth=Bearer(Right.EDIT_VENDORS), response={201: ServerShown})
def add_server(request: ApiRequest, response: HttpResponse, ref: str, body: ServerGiven) -> Status[ServerShown]:
    """Add a sending server to a vendor. It is watched from the next sweep on."""
    server = register.add_server(
        find_vendor(ref),
        address=body.address,
        hostname=body.hostname,
        helo=body.helo,
        by=actor(request),
        at=timezone.now(),
    )
    response["Location"] = reverse("api:get_server", args=[server.uid])
    return Status(201, ServerShown.of(server))


@router.get("/servers/{ref}", response=ServerShown)
def get_server(request: ApiRequest, ref: str) -> ServerShown:
    """One sending server, by id."""
    return ServerShown.of(find_server(ref))


@router.patch("/servers/{ref}", auth=Bearer(Right.EDIT_VENDORS, Right.SEE), response=ServerShown)
def change_server(request: ApiRequest, ref: str, body: ServerChanges) -> ServerShown:
    """Change the names of a server, retire or reinstate it. Its address never changes: another address is another
    server."""
    server, by, at = find_server(ref), actor(request), timezone.now()
    if body.address not in {None, server.address}:
        raise Problem.of_field("address", "The address of a server never changes. Retire this one and add another.")
    with transaction.atomic():
        register.change_server(server, hostname=body.hostname, helo=body.helo, by=by, at=at)
        if body.state == "retired":
            register.retire_server(server, by=by, at=at, why=body.reason)
        elif body.state == "active":
            register.reinstate_server(server, by=by, at=at, why=body.reason)
    return ServerShown.of(server)
