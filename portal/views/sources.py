"""The vendor's list sources: how many new addresses each got, and whether that needs Exhibit B."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from policies.versions import in_force
from portal import access
from questionnaires import sources
from vendors.models import Vendor


class DeclareForm(forms.Form):
    """New addresses of one source."""

    code = forms.CharField(
        label="Source", max_length=100, help_text="The code that you store with every address of this source."
    )
    count = forms.IntegerField(label="New addresses", min_value=1, help_text="Since the last time you told us.")


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def list_sources(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    """GET lists; POST declares additions."""
    now = timezone.now()
    form = DeclareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = access.actor(request)
        try:
            source = sources.source_of(vendor, form.cleaned_data["code"], by=by, at=now)
            sources.declare(source, form.cleaned_data["count"], by=by, at=now)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"{form.cleaned_data['count']:,} new addresses of {source} are noted.")
            return redirect("portal:sources")
    limit = in_force(now).limits.new_addresses
    listed = [(source, count, count > limit) for source, count in sources.counted_of(vendor)]
    page = {"vendor_name": vendor.name, "form": form, "sources": listed, "limit": limit}
    return render(request, "portal/sources.html", page)
