"""Addresses for everybody. The front page is `home`; the others are `visitors:…`."""

from django.urls import include, path

from visitors.views import health
from visitors.views.halt_order import halt_order
from visitors.views.home import home
from visitors.views.invitation import invitation
from visitors.views.policy import policy
from visitors.views.welcome import welcome

pages = [
    path("halt/<str:token>", halt_order, name="halt_order"),
    path("invite/<str:token>", invitation, name="invitation"),
    path("welcome/<str:token>", welcome, name="welcome"),
    path("policy/", policy, name="policy"),
    path("health/live", health.live, name="health_live"),
    path("health/engine", health.engine, name="health_engine"),
]
urlpatterns = [
    path("", home, name="home"),
    path("", include((pages, "visitors"))),
]
