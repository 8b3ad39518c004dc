"""The register: every vendor, with what is known of each."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from desk.access import staff
from desk.listing import Columns, asked, paged
from desk.queries.fleet import gravity, vendor_lines
from halts.models import HaltOrder
from vendors.models import Alias, Contact, Domain, SendingServer, Vendor

SHOW = {"active": "In use", "retired": "Retired", "all": "All"}


@staff
def vendors(request: HttpRequest) -> HttpResponse:
    columns: Columns = {
        "name": [Lower("name").asc(), "pk"],  # the unique index is on the lower-case name
        "since": ["created_at", "pk"],
        "known": ["gravity", Lower("name").asc(), "pk"],
        "servers": ["servers_count", "pk"],
        "orders": ["orders_count", "pk"],
    }
    wanted = asked(request, columns, "name")
    show = request.GET.get("show", "active")
    show = show if show in SHOW else "active"
    rows = _counted(search(wanted.q), wanted.sort.removeprefix("-"))
    if show != "all":
        rows = rows.filter(state=show)
    page = paged(request, rows, columns, wanted.sort)
    return render(
        request,
        "desk/vendors.html",
        {
            "page": page,
            "lines": vendor_lines(list(page), timezone.now()),
            "q": wanted.q,
            "sort": wanted.sort,
            "show": show,
            "choices": SHOW,
        },
    )


def search(q: str) -> QuerySet[Vendor]:
    """Vendors by a name that they are known under or number, by a server's address or host name, by a domain, or by a
    contact."""
    if not q:
        return Vendor.objects.all()
    servers = SendingServer.objects.filter(Q(address__istartswith=q) | Q(hostname__icontains=q) | Q(helo__icontains=q))
    contacts = Contact.objects.filter(Q(name__icontains=q) | Q(email__icontains=q))
    found = Q(name__icontains=q) | Q(pk__in=Alias.objects.filter(name__icontains=q).values("vendor"))
    found |= Q(pk__in=Domain.objects.filter(name__icontains=q).values("vendor"))
    found |= Q(pk__in=servers.values("vendor")) | Q(pk__in=contacts.values("vendor"))
    number = q.upper().removeprefix("V-")
    if number.isascii() and number.isdigit() and len(number) < 16:
        found |= Q(pk=int(number))
    return Vendor.objects.filter(found)


def _counted(rows: QuerySet[Vendor], sort: str) -> QuerySet[Vendor]:
    """With the count that the list is sorted by; any other is fetched for the fifty shown only."""
    if sort == "known":
        return rows.annotate(gravity=gravity())
    of = {
        "servers": SendingServer.objects.filter(vendor=OuterRef("pk"), state=SendingServer.State.ACTIVE),
        "orders": HaltOrder.objects.standing().filter(vendor=OuterRef("pk")),
    }.get(sort)
    if of is None:
        return rows
    count = of.order_by().values("vendor").annotate(n=Count("pk")).values("n")
    return rows.annotate(**{f"{sort}_count": Coalesce(Subquery(count), 0)})
