"""Operations on halt orders: issue, read, lift."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, Literal, TypeVar

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Header, Query, Router, Status
from pydantic import Field

from accounts.rights import Right
from api.auth import ApiRequest, Bearer, actor
from api.paging import Page, Paging, each, page
from api.problems import Problem
from api.rows import find_order, find_server, find_vendor, orders
from api.schemas.halts import HaltGiven, HaltInFull, HaltShown, LiftGiven
from halts.orders import OrderRefused, issue, lift
from notices.models import Delivery

router = Router(tags=["halts"])
KEY_LIMIT = 150  # characters
LATEST = 100  # deliveries shown with an order
Row = TypeVar("Row")


class HaltFilter(Paging):
    state: Literal["issued", "acknowledged", "lifted"] | None = None
    vendor: str = Field("", description="A vendor's id or number.")


@router.get("/halts", response=Page[HaltShown])
def list_halts(request: ApiRequest, asked: Query[HaltFilter]) -> dict[str, Any]:
    """The halt orders, the newest first."""
    rows = orders()
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.vendor:
        rows = rows.filter(vendor=find_vendor(asked.vendor))
    return page(request, rows, asked, each(HaltShown.of), newest_first=True)


@router.post("/halts", auth=Bearer(Right.ISSUE_HALT), response={201: HaltShown, 200: HaltShown})
def issue_halt(
    request: ApiRequest,
    response: HttpResponse,
    body: HaltGiven,
    idempotency_key: Annotated[str, Header("", alias="Idempotency-Key", max_length=KEY_LIMIT)],
) -> Status[HaltShown]:
    """Order a vendor to stop mailing. The same Idempotency-Key and body again give the same order, and 200; a key
    belongs to the token that sent it."""
    vendor = _named("vendor", find_vendor, body.vendor)
    server = _named("server", find_server, body.server) if body.server else None
    if server and server.vendor_id != vendor.pk:
        raise Problem.of_field("server", f"{server} is not a server of {vendor}. Name one of its own, or none.")
    try:
        order, is_new = issue(
            vendor,
            server=server,
            reason=body.reason,
            by=actor(request),
            by_name=request.auth.name,
            at=timezone.now(),
            idempotency_key=f"{request.auth.public_id}:{key}" if (key := idempotency_key.strip()) else None,
        )
    except OrderRefused as refused:  # all else that it refuses was refused above
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", str(refused)) from refused
    if order.reason != body.reason:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "key-reused",
            f"This idempotency key was already used for {order.number}, with another reason. Use a new key.",
        )
    response["Location"] = reverse("api:get_halt", args=[order.uid])
    return Status(201 if is_new else 200, HaltShown.of(order))


@router.get("/halts/{ref}", response=HaltInFull)
def get_halt(request: ApiRequest, ref: str) -> HaltInFull:
    """One halt order, by id or number, with who was told and who answered."""
    order = find_order(ref)
    return HaltInFull.with_answers(
        order,
        order.acknowledgements.select_related("contact"),
        Delivery.objects.about(order.about)[:LATEST],
    )


@router.post("/halts/{ref}/lift", auth=Bearer(Right.LIFT_HALT), response=HaltShown)
def lift_halt(request: ApiRequest, ref: str, body: LiftGiven) -> HaltShown:
    """End a halt order and tell everybody who got it."""
    order = find_order(ref)
    lift(order, reason=body.reason, by=actor(request), at=timezone.now(), by_name=request.auth.name)
    return HaltShown.of(order)


def _named(field: str, find: Callable[[str], Row], ref: str) -> Row:
    """What a field of the body names; unlike in a path, what is not there is a fault of the body."""
    try:
        return find(ref)
    except Problem as missing:
        raise Problem.of_field(field, missing.detail) from missing
