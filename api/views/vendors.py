"""Operations on vendors."""

from typing import Any, Literal

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Status
from pydantic import Field

from accounts.rights import Right
from api.auth import ApiRequest, Bearer, actor
from api.paging import Page, Paging, each, page
from api.rows import find_vendor
from api.schemas.vendors import VendorChanges, VendorGiven, VendorShown
from vendors import register
from vendors.models import Vendor

router = Router(tags=["vendors"])


class VendorFilter(Paging):
    state: Literal["active", "retired"] | None = None
    name: str = Field("", description="Part of the name, in any case.")


@router.get("/vendors", response=Page[VendorShown])
def list_vendors(request: ApiRequest, asked: Query[VendorFilter]) -> dict[str, Any]:
    """The vendors, in the order in which they were added."""
    rows = Vendor.objects.filter(name__icontains=asked.name)
    if asked.state:
        rows = rows.filter(state=asked.state)
    return page(request, rows, asked, each(VendorShown.of))


@router.post("/vendors", auth=Bearer(Right.EDIT_VENDORS), response={201: VendorShown})
def add_vendor(request: ApiRequest, response: HttpResponse, body: VendorGiven) -> Status[VendorShown]:
    """Add a vendor. Names differ in more than their case."""
    vendor = register.add_vendor(body.name, by=actor(request), at=timezone.now())
    response["Location"] = reverse("api:get_vendor", args=[vendor.uid])
    return Status(201, VendorShown.of(vendor))


@router.get("/vendors/{ref}", response=VendorShown)
def get_vendor(request: ApiRequest, ref: str) -> VendorShown:
    """One vendor, by id or number."""
    return VendorShown.of(find_vendor(ref))


@router.patch("/vendors/{ref}", auth=Bearer(Right.EDIT_VENDORS, Right.SEE), response=VendorShown)
def change_vendor(request: ApiRequest, ref: str, body: VendorChanges) -> VendorShown:
    """Rename, retire or reinstate a vendor. What is left out stays."""
    vendor, by, at = find_vendor(ref), actor(request), timezone.now()
    with transaction.atomic():
        if body.name is not None:
            register.rename_vendor(vendor, body.name, by=by, at=at)
        if body.state == "retired":
            register.retire_vendor(vendor, by=by, at=at, why=body.reason)
        elif body.state == "active":
            register.reinstate_vendor(vendor, by=by, at=at, why=body.reason)
    return VendorShown.of(vendor)
