"""Where each row is found: by its id or by the number that people say. What is not there is a 404 with a sentence."""

import re
from http import HTTPStatus
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from api.problems import Problem
from halts.models import HaltOrder
from monitors.models import Finding
from vendors.models import Contact, SendingServer, Vendor

Row = TypeVar("Row", bound=Model)


def find_vendor(ref: str) -> Vendor:
    """By id, or by a number like V-0017."""
    return _find(Vendor.objects.all(), ref, "vendor", r"V-(\d{1,15})")


def find_server(ref: str) -> SendingServer:
    return _find(SendingServer.objects.select_related("vendor"), ref, "server")


def find_contact(ref: str) -> Contact:
    return _find(Contact.objects.select_related("vendor"), ref, "contact")


def find_finding(ref: str) -> Finding:
    """By id, or by a number like F-2031."""
    return _find(findings(), ref, "finding", r"F-(\d{1,15})")


def find_order(ref: str) -> HaltOrder:
    """By id, or by a number like H-2026-0041."""
    return _find(orders(), ref, "halt order", r"H-\d{4}-(\d{1,15})")


def findings() -> QuerySet[Finding]:
    return Finding.objects.select_related("vendor", "server", "watch").prefetch_related("halt_orders")


def orders() -> QuerySet[HaltOrder]:
    return HaltOrder.objects.select_related("vendor", "server", "finding")


def _find(rows: QuerySet[Row], ref: str, noun: str, number: str = "") -> Row:
    row = rows.filter(_uid(ref)).first()
    if row is None and (found := re.fullmatch(number, ref.upper(), re.ASCII)):
        row = rows.filter(pk=int(found[1])).first()
        row = row if str(getattr(row, "number", "")) == ref.upper() else None  # a wrong year is a wrong number
    if row is None:
        shown = ref if len(ref) <= 60 else f"{ref[:60]}…"
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", f"There is no {noun} {shown}.")
    return row


def _uid(ref: str) -> Q:
    try:
        return Q(uid=UUID(ref))
    except ValueError:
        return Q(pk__in=[])
