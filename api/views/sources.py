"""Operations on list sources: what a vendor's systems report of the growth of its lists."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from django.utils import timezone
from ninja import Header, Query, Router, Status

from accounts.rights import Right
from api.auth import ApiRequest, Bearer, actor
from api.paging import Page, Paging, page
from api.problems import Problem
from api.rows import find_vendor
from api.schemas.sources import AdditionGiven, AdditionNoted, AdditionShown, SourceShown
from policies.versions import in_force
from questionnaires import sources
from questionnaires.models import ListSource
from questionnaires.sources import KeyReused
from vendors.models import Vendor

router = Router(tags=["sources"])
KEY_LIMIT = 150  # characters


@router.get("/vendors/{ref}/sources", response=Page[SourceShown])
def list_sources(request: ApiRequest, ref: str, asked: Query[Paging]) -> dict[str, Any]:
    """The list sources of one vendor, in the order in which they were first named."""
    vendor, now = find_vendor(ref), timezone.now()
    return page(request, ListSource.objects.filter(vendor=vendor), asked, lambda rows: _shown(vendor, rows, now))


@router.post(
    "/vendors/{ref}/sources/{path:code}/additions",
    auth=Bearer(Right.EDIT_VENDORS),
    response={201: AdditionNoted, 200: AdditionNoted},
)
def add_addresses(
    request: ApiRequest,
    ref: str,
    code: str,
    body: AdditionGiven,
    idempotency_key: Annotated[str, Header("", alias="Idempotency-Key", max_length=KEY_LIMIT)],
) -> Status[AdditionNoted]:
    """Report addresses that were added to a source, by its code; a code that is new makes a source. It is never refused
    for its size: the answer says whether an Exhibit B is needed before the source is mailed. The same Idempotency-Key
    and body again are noted once, and answered with 200; a key belongs to the token that sent it."""
    vendor, by, now = find_vendor(ref), actor(request), timezone.now()
    source = sources.source_of(vendor, code, by=by, at=now)
    is_new = True
    if key := idempotency_key.strip():
        try:
            addition, is_new = sources.declare_once(
                source, body.count, f"{request.auth.public_id}:{key}", by=by, at=now
            )
        except KeyReused as refused:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", str(refused)) from refused
    else:
        addition = sources.declare(source, body.count, by=by, at=now)
    (shown,) = _shown(vendor, [source], now)
    return Status(201 if is_new else 200, AdditionNoted(addition=AdditionShown.of(addition), source=shown))


def _shown(vendor: Vendor, rows: Sequence[ListSource], at: datetime) -> list[SourceShown]:
    limit = in_force(at).limits.new_addresses
    return [SourceShown.of(standing) for standing in sources.standings(vendor, limit, at, rows)]
