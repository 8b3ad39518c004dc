"""The desk's addresses. Numbers and uids, never positions: an address keeps its meaning."""

from django.urls import path

from desk.views import (
    blocklists,
    clauses,
    deliveries,
    engine,
    findings,
    journal,
    order_new,
    orders,
    overview,
    server,
    vendor,
    vendor_edit,
    vendors,
    vendors_import,
)

app_name = "desk"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("vendors/", vendors.vendors, name="vendors"),
    path("vendors/new/", vendor_edit.vendor_new, name="vendor_new"),
    path("vendors/import/", vendors_import.vendors_import, name="vendors_import"),
    path("vendors/<uuid:uid>/", vendor.vendor, name="vendor"),
    path("vendors/<uuid:uid>/history/", vendor.history, name="vendor_history"),
    path("vendors/<uuid:uid>/edit/", vendor_edit.vendor_edit, name="vendor_edit"),
    path("vendors/<uuid:uid>/retire/", vendor_edit.vendor_retire, name="vendor_retire"),
    path("vendors/<uuid:uid>/look/", vendor.look, name="vendor_look"),
    path("vendors/<uuid:uid>/order/", order_new.order_new, name="order_new"),
    path("vendors/<uuid:uid>/servers/new/", vendor_edit.server_new, name="server_new"),
    path("vendors/<uuid:uid>/contacts/new/", vendor_edit.contact_new, name="contact_new"),
    path("servers/<uuid:uid>/", server.server, name="server"),
    path("servers/<uuid:uid>/edit/", vendor_edit.server_edit, name="server_edit"),
    path("servers/<uuid:uid>/retire/", vendor_edit.server_retire, name="server_retire"),
    path("servers/<uuid:uid>/look/", server.look, name="server_look"),
    path("contacts/<uuid:uid>/edit/", vendor_edit.contact_edit, name="contact_edit"),
    path("contacts/<uuid:uid>/remove/", vendor_edit.contact_remove, name="contact_remove"),
    path("findings/", findings.findings, name="findings"),
    path("findings/<str:number>/", findings.finding, name="finding"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("orders/<str:number>/lift/", orders.lift_order, name="order_lift"),
    path("blocklists/", blocklists.blocklists, name="blocklists"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/<uuid:uid>/", deliveries.delivery, name="delivery"),
    path("deliveries/<uuid:uid>/retry/", deliveries.retry, name="delivery_retry"),
    path("journal/", journal.journal, name="journal"),
    path("engine/", engine.engine, name="engine"),
    path("policy/", clauses.clauses, name="clauses"),
]
