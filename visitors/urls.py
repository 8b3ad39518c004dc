"""Addresses for everybody. The front page is `home`; the others are `visitors:…`."""

from django.urls import include, path, register_converter

from visitors.links import LinkToken
from visitors.views import health, policy
from visitors.views.contact import contact
from visitors.views.halt_order import halt_order
from visitors.views.home import home
from visitors.views.invitation import invitation
from visitors.views.receipt import receipt
from visitors.views.verify import verify
from visitors.views.welcome import welcome

register_converter(LinkToken, "token")

pages = [
    path("halt/<token:token>", halt_order, name="halt_order"),
    path("contact/<token:token>", contact, name="contact"),
    path("receipt/<token:token>", receipt, name="receipt"),
    path("verify/", verify, name="verify"),
    path("verify/<str:code>", verify, name="verify_code"),
    path("invite/<token:token>", invitation, name="invitation"),
    path("welcome/<token:token>", welcome, name="welcome"),
    path("policy/", policy.policy, name="policy"),
    path("policy/versions/", policy.versions, name="policy_versions"),
    path("policy/<int:number>/", policy.version, name="policy_version"),
    path("policy/<int:number>/text", policy.text, name="policy_text"),
    path("health/live", health.live, name="health_live"),
    path("health/engine", health.engine, name="health_engine"),
]
urlpatterns = [
    path("", home, name="home"),
    path("", include((pages, "visitors"))),
]
