"""Operations on the contacts of a vendor. What they show is personal: only tokens that may read get it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Status

from accounts.rights import Right
from api.auth import ApiRequest, Bearer, actor
from api.paging import Page, Paging, each, page
from api.rows import find_contact, find_vendor
from api.schemas.vendors import ContactChanges, ContactGiven, ContactShown
from notices.confirmations import take_back
from vendors import register
from vendors.models import Contact

router = Router(tags=["contacts"])


class ContactFilter(Paging):
    emergency: bool | None = None


@router.get("/vendors/{ref}/contacts", response=Page[ContactShown])
def list_contacts(request: ApiRequest, ref: str, asked: Query[ContactFilter]) -> dict[str, Any]:
    """The contacts of one vendor, in the order in which they were added; `rank` says in which order they are told."""
    rows = Contact.objects.filter(vendor=find_vendor(ref)).select_related("vendor").with_calls()
    if asked.emergency is not None:
        rows = rows.filter(is_emergency=asked.emergency)
    return page(request, rows, asked, each(ContactShown.of))


@router.post("/vendors/{ref}/contacts", auth=Bearer(Right.EDIT_VENDORS), response={201: ContactShown})
def add_contact(request: ApiRequest, response: HttpResponse, ref: str, body: ContactGiven) -> Status[ContactShown]:
    """Add a contact to a vendor."""
    contact = register.add_contact(
        find_vendor(ref),
        name=body.name,
        email=body.email,
        phone=body.phone,
        is_emergency=body.emergency,
        has_authority=body.authority,
        rank=body.rank,
        by=actor(request),
        at=timezone.now(),
    )
    response["Location"] = reverse("api:get_contact", args=[contact.uid])
    return Status(201, ContactShown.of(contact))


@router.get("/contacts/{ref}", response=ContactShown)
def get_contact(request: ApiRequest, ref: str) -> ContactShown:
    """One contact, by id."""
    return ContactShown.of(find_contact(ref))


@router.patch("/contacts/{ref}", auth=Bearer(Right.EDIT_VENDORS, Right.SEE), response=ContactShown)
def change_contact(request: ApiRequest, ref: str, body: ContactChanges) -> ContactShown:
    """Change a contact. What is left out stays; an empty phone removes it."""
    contact = find_contact(ref)
    register.change_contact(
        contact,
        name=body.name,
        email=body.email,
        phone=body.phone,
        is_emergency=body.emergency,
        has_authority=body.authority,
        rank=body.rank,
        by=actor(request),
        at=timezone.now(),
    )
    return ContactShown.of(contact)


@router.delete("/contacts/{ref}", auth=Bearer(Right.EDIT_VENDORS), response={204: None})
def remove_contact(request: ApiRequest, ref: str) -> Status[None]:
    """Forget a contact. Letters and answers stay, with the name and address they carried."""
    contact, by, at = find_contact(ref), actor(request), timezone.now()
    take_back(contact, "The contact was removed.", by=by, at=at)
    register.remove_contact(contact, by=by, at=at)
    return Status(204, None)
