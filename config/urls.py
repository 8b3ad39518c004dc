"""Which window answers which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("visitors.urls")),
    path("account/", include("accounts.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("portal/", include("portal.urls")),
    path("desk/", include("desk.urls")),
    path("api/v1/", include("api.urls")),
]
