"""Who else acts for the vendor. Owners invite colleagues, and take invitations back."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.invitations import InvitationRefused
from accounts.models import Invitation
from notices.invitations import invite_to_vendor, take_back
from portal import access
from vendors.forms import PersonForm
from vendors.models import Member, Vendor


class ColleagueForm(PersonForm):
    """A colleague, and what they may do."""

    member_role = forms.ChoiceField(
        label="Role",
        help_text="Owners can invite others.",
        choices=Member.Role.choices,
        initial=Member.Role.MEMBER,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def colleagues(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    """GET lists members and open invitations; POST by an owner invites somebody."""
    now = timezone.now()
    is_owner = access.is_owner(request, vendor)
    form = ColleagueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        access.demand_owner(request, vendor)
        if form.is_valid():
            try:
                invite_to_vendor(
                    vendor, **form.cleaned_data, user=access.person(request), by=access.actor(request), at=now
                )
            except InvitationRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, f"The invitation to {form.cleaned_data['email']} is on its way.")
                return redirect("portal:colleagues")
    page = {
        "vendor_name": vendor.name,
        "members": vendor.members.select_related("user").filter(user__is_active=True).order_by("user__name"),
        "invitations": Invitation.objects.open(now).filter(vendor_uid=vendor.uid),
        "form": form if is_owner else None,
    }
    return render(request, "portal/colleagues.html", page)


@require_POST
@access.member
def withdraw(request: HttpRequest, vendor: Vendor, pk: int) -> HttpResponse:
    """Take an open invitation back."""
    access.demand_owner(request, vendor)
    invitation = access.find_invitation(vendor, pk)
    try:
        take_back(invitation, by=access.actor(request), at=timezone.now())
    except InvitationRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"The invitation to {invitation.email} is taken back. Its link opens nothing now.")
    return redirect("portal:colleagues")
