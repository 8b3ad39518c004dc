"""The front page, and the way to the right window for who is signed in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import User
from vendors.models import Vendor


def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, User):
        return render(request, "visitors/home.html", {"optout_url": settings.OPTOUT_URL})
    if request.user.is_staff:
        return redirect("desk:overview")
    if Vendor.objects.for_actor(request.user).exists():
        return redirect("portal:home")
    return render(request, "visitors/no_place.html")
