"""The portal's addresses. None names a vendor: whose pages they are is decided by who is signed in."""

from django.urls import path

from portal.views.colleagues import colleagues, withdraw
from portal.views.home import home
from portal.views.order import order

app_name = "portal"
urlpatterns = [
    path("", home, name="home"),
    path("orders/<str:number>/", order, name="order"),
    path("colleagues/", colleagues, name="colleagues"),
    path("colleagues/<int:pk>/withdraw/", withdraw, name="invitation_withdraw"),
]
