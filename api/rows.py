"""Where each row is found: by its id or by the number that people say. What is not there is a 404 with a sentence."""

from http import HTTPStatus
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from api.problems import Problem
from halts.models import HaltOrder, HaltOrderQuerySet
from monitors.models import Finding, FindingQuerySet
from vendors.models import Contact, Domain, SendingServer, Vendor

Row = TypeVar("Row", bound=Model)


def find_vendor(ref: str) -> Vendor:
    """By id, or by a number like V-0017."""
    return _find(Vendor.objects.all(), ref, "vendor", Vendor.objects.numbered(ref.upper()))


def find_server(ref: str) -> SendingServer:
    return _find(SendingServer.objects.select_related("vendor"), ref, "server")


def find_domain(ref: str) -> Domain:
    return _find(Domain.objects.select_related("vendor"), ref, "domain")


def find_domains(ref: str) -> QuerySet[Domain]:
    """By id, or by name: several vendors may use one."""
    found = Domain.objects.filter(_uid(ref) | Q(name=ref.lower()))
    if not found.exists():
        raise _none("domain", ref)
    return found


def find_contact(ref: str) -> Contact:
    return _find(Contact.objects.select_related("vendor"), ref, "contact")


def find_finding(ref: str) -> Finding:
    """By id, or by a number like F-2031."""
    return _find(findings(), ref, "finding", findings().numbered(ref.upper()))


def find_order(ref: str) -> HaltOrder:
    """By id, or by a number like H-2026-0041."""
    return _find(orders(), ref, "halt order", orders().numbered(ref.upper()))


def findings() -> FindingQuerySet:
    return Finding.objects.select_related("vendor", "server", "domain", "watch").prefetch_related("halt_orders")


def orders() -> HaltOrderQuerySet:
    return HaltOrder.objects.select_related("vendor", "server", "finding")


def _find(rows: QuerySet[Row], ref: str, noun: str, numbered: QuerySet[Row] | None = None) -> Row:
    row = rows.filter(_uid(ref)).first()
    if row is None and numbered is not None:
        row = numbered.first()
    if row is None:
        raise _none(noun, ref)
    return row


def _none(noun: str, ref: str) -> Problem:
    shown = ref if len(ref) <= 60 else f"{ref[:60]}…"
    return Problem(HTTPStatus.NOT_FOUND, "not-found", f"There is no {noun} {shown}.")


def _uid(ref: str) -> Q:
    try:
        return Q(uid=UUID(ref))
    except ValueError:
        return Q(pk__in=[])
