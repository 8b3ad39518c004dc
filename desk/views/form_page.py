"""What pages of one form and one verb share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from desk.access import actor
from vendors.models import Domain


@contextmanager
def refusals_on(form: forms.Form, *kinds: type[Exception]) -> Iterator[None]:
    """Put what a verb refuses beside the fields it speaks of, so that the page shows it with what was typed. `kinds`
    are exceptions that are one sentence to people; they stand above the form."""
    try:
        yield
    except ValidationError as refused:
        form.add_error(None, refused)
    except kinds as refused:
        form.add_error(None, str(refused))


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when nothing was filled in: a form of it is refused or takes its defaults."""
    return request.POST if request.method == "POST" else None


def stamp(request: HttpRequest) -> dict[str, Any]:
    """Who does it and when, as every verb asks."""
    return {"by": actor(request), "at": timezone.now()}


def form_page(request: HttpRequest, form: forms.Form, **context: Any) -> HttpResponse:
    """A page with one form; what else it shows is told in desk/form.html."""
    return render(request, "desk/form.html", {"form": form, **context})


def registration_form_page(
    request: HttpRequest, form: forms.Form, domain: Domain, *, title: str, lede: str, button: str, **more: Any
) -> HttpResponse:
    """A page with one form about a domain's registration; `more` is told in desk/registration_form.html."""
    page = {"form": form, "domain": domain, "vendor": domain.vendor, "title": title, "lede": lede, "button": button}
    return render(request, "desk/registration_form.html", page | more, status=422 if form.errors else 200)
