"""Addresses for everybody. The front page has its plain name; the others are `public:…`."""

from django.urls import include, path

from visitors.views.halt_order import halt_order

pages = [
    path("halt/<str:token>", halt_order, name="halt_order"),
]
urlpatterns = [
    path("", include((pages, "public"))),
]
