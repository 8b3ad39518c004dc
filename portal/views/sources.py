"""The vendor's list sources: which letters cover them, how many new addresses each got, and whether those need Exhibit
B."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from policies.versions import in_force
from portal import access
from questionnaires import source_codes, sources
from questionnaires.models import Acceptance
from vendors.models import Vendor


class DeclareForm(forms.Form):
    """New addresses of one source."""

    code = forms.CharField(
        label="Code of the source",
        max_length=source_codes.MOST,
        help_text="The word or number that you store with every address of it. Case and blanks make no difference.",
        error_messages={
            "required": "Write the code of the source.",
            "max_length": f"A code has at most {source_codes.MOST} characters.",
        },
    )
    count = forms.IntegerField(
        label="New addresses",
        min_value=1,
        max_value=sources.MOST,
        help_text="Added since the last time you told us. Those of a form that you signed are counted already.",
        error_messages={
            "required": "Write how many addresses were added.",
            "invalid": "Write how many addresses were added, in digits.",
            "min_value": "Write how many addresses were added, 1 or more.",
            "max_value": f"One declaration holds at most {sources.MOST:,} addresses.",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def list_sources(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    """GET lists; POST declares additions."""
    now = timezone.now()
    limit = in_force(now).limits.new_addresses
    form = DeclareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by, count = access.actor(request), form.cleaned_data["count"]
        try:
            source = sources.source_of(vendor, form.cleaned_data["code"], by=by, at=now)
            sources.declare(source, count, by=by, at=now)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            [standing] = sources.standings(vendor, limit, now, [source])
            _say(request, standing, count)
            return redirect("portal:sources")
    page = {
        "vendor_name": vendor.name,
        "form": form,
        "sources": sources.standings(vendor, limit, now),
        "limit": limit,
        "may_begin": Acceptance.objects.in_force().filter(vendor=vendor, exhibit="A").exists(),
    }
    return render(request, "portal/sources.html", page)


def _say(request: HttpRequest, standing: sources.Standing, count: int) -> None:
    addresses = "address" if count == 1 else "addresses"
    noted = f"{count:,} new {addresses} of {standing.source.code} noted, {standing.new:,} in all."
    if standing.needs_exhibit:
        messages.warning(request, f"{noted} That needs an accepted Exhibit B before anybody mails this source.")
    else:
        messages.success(request, f"{noted} Up to {standing.limit:,} need no Exhibit B.")
