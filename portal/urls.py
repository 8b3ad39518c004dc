"""The portal's addresses. None names a vendor: whose pages they are is decided by who is signed in."""

from django.urls import path

from portal.views.colleagues import colleagues, withdraw
from portal.views.contact_code import code, code_sent
from portal.views.contacts import ask, contact_edit, contact_new, contact_remove, contacts
from portal.views.home import home
from portal.views.order import order

app_name = "portal"
urlpatterns = [
    path("", home, name="home"),
    path("orders/<str:number>/", order, name="order"),
    path("contacts/", contacts, name="contacts"),
    path("contacts/new/", contact_new, name="contact_new"),
    path("contacts/<uuid:uid>/", contact_edit, name="contact_edit"),
    path("contacts/<uuid:uid>/remove/", contact_remove, name="contact_remove"),
    path("contacts/<uuid:uid>/ask/", ask, name="contact_ask"),
    path("contacts/<uuid:uid>/code/", code, name="contact_code"),
    path("contacts/<uuid:uid>/code/send/", code_sent, name="contact_code_send"),
    path("colleagues/", colleagues, name="colleagues"),
    path("colleagues/<int:pk>/withdraw/", withdraw, name="invitation_withdraw"),
]
