"""/api/v1/: the operations, and the document that describes them at openapi.json. There is no page of documentation:
the usual ones need inline scripts, which our content security policy refuses."""

from django.urls import path

from accounts.rights import Right
from api import problems
from api.auth import Bearer
from api.document import DescribedAPI
from api.views import clearance, contacts, deliveries, domains, halts, monitors, servers, sources, vendors

api = DescribedAPI(
    title="Sluice",
    version="1",
    description="Vendors, what was seen of their servers, the halt orders they got, and whether they may mail now. "
    "Send a token of `manage.py create-token` as `Authorization: Bearer …`.",
    urls_namespace="api",
    docs_url=None,
    auth=Bearer(Right.SEE),  # whatever says nothing else only shows
)
problems.install(api)
for noun in (vendors, servers, domains, sources, contacts, monitors, halts, deliveries, clearance):
    api.add_router("", noun.router)

urlpatterns = [path("", api.urls)]
