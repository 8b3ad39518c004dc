"""The yardstick: a bare Django page with three queries and fifty rows. Settings, address and view in one module.

The middleware is what `startproject` gives, so that the yardstick is no easier to reach than an ordinary Django page.
"""

import os

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine, Template
from django.urls import path

SECRET_KEY = "the bench's own"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "bench.bare_accounts.Accounts",
    "journal",
    "engine",
    "vendors",
]
AUTH_USER_MODEL = "accounts.User"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["BENCH_DATABASE"]}}
ROOT_URLCONF = "bench.bare"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PAGE = """<!doctype html><title>Vendors</title><h1>{{ count }} vendors</h1>
<table>{% for vendor in vendors %}<tr>
<td><a href="/{{ vendor.pk }}/">{{ vendor.name }}</a></td><td>{{ vendor.state }}</td>
<td>{{ vendor.servers }}</td><td>{{ vendor.created_at }}</td></tr>{% endfor %}</table>"""


def bare(request: HttpRequest) -> HttpResponse:
    """Count them, fetch fifty, count their servers."""
    from django.db.models import Count

    from vendors.models import SendingServer, Vendor

    count = Vendor.objects.count()
    vendors = list(Vendor.objects.order_by("name")[:50])
    servers = dict(
        SendingServer.objects.filter(vendor__in=vendors).order_by().values_list("vendor").annotate(Count("pk"))
    )
    rows = [
        {"pk": one.pk, "name": one.name, "state": one.state, "servers": servers[one.pk], "created_at": one.created_at}
        for one in vendors
    ]
    return HttpResponse(TEMPLATE.render(Context({"count": count, "vendors": rows})))


TEMPLATE = Template(PAGE, engine=Engine())
urlpatterns = [path("", bare)]
