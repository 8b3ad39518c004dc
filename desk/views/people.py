"""Who can sign in: the list of everybody, and inviting. What can be done to one person is in person.py."""

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.invitations import InvitationRefused
from accounts.models import Invitation, Role, User
from accounts.rights import Right
from accounts.second_factor import factors_of
from accounts.signed_in import proved_anew
from desk.access import actor, may
from desk.access import person as signed_in
from desk.listing import asked, paged
from notices.invitations import invite_to_desk, invite_to_vendor, take_back
from vendors.forms import PersonForm
from vendors.models import Member, Vendor

COLUMNS = {
    "name": ("name", "pk"),
    "email": ("email", "pk"),
    "role": ("-role", "name", "pk"),
    "seen": ("-last_login", "pk"),
}
CHOICES = {"desk": "The desk", "vendors": "People of vendors", "closed": "Closed accounts", "all": "Everybody"}


class InviteForm(PersonForm):
    """To the desk, or as the first person of a vendor, who then invites colleagues."""

    role = forms.ChoiceField(
        label="Role",
        choices=[*Role.choices, ("owner", "Owner, for a vendor"), ("member", "Member, for a vendor")],
        help_text="Auditors read everything and change nothing. Reviewers edit vendors. IT also issues and lifts halt "
        "orders. Administrators do all of this, and manage people and tokens.",
    )
    vendor = forms.CharField(
        label="Vendor",
        required=False,
        help_text="Its number (V-0017) or its name; only for a role of a vendor.",
    )

    def clean(self) -> dict[str, object]:
        found = self.cleaned_data
        written = str(found.get("vendor", "")).strip()
        wants_vendor = found.get("role") in Member.Role.values
        if wants_vendor and not written:
            self.add_error("vendor", "Enter the vendor that this person acts for.")
        elif written and not wants_vendor:
            self.add_error("vendor", "People of the desk act for no vendor. Leave this empty, or choose another role.")
        elif written:
            found["vendor"] = vendor = _vendor(written)
            if vendor is None:
                self.add_error(
                    "vendor", f"No vendor in use has the number or the name “{written}”. Copy it from there."
                )
        return found


def _vendor(written: str) -> Vendor | None:
    number = written.upper().removeprefix("V-")
    same = Q(name__iexact=written) | (Q(pk=int(number)) if number.isdecimal() and len(number) < 16 else Q(pk=None))
    return Vendor.objects.filter(same, state=Vendor.State.ACTIVE).first()


@require_safe
@may(Right.MANAGE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    wanted = asked(request, COLUMNS, "role")
    show = request.GET.get("show", "desk")
    rows = User.objects.prefetch_related("memberships__vendor").annotate(has_factor=Exists(factors_of(OuterRef("pk"))))
    if show == "closed":
        rows = rows.filter(is_active=False)
    elif show in {"desk", "vendors"}:
        rows = rows.filter(is_active=True, **({"role": ""} if show == "vendors" else {"role__in": Role.values}))
    if wanted.q:
        rows = rows.filter(
            Q(name__icontains=wanted.q)
            | Q(email__icontains=wanted.q)
            | Q(memberships__vendor__name__icontains=wanted.q)
        )
    now = timezone.now()
    context = {
        "page": paged(request, rows, COLUMNS, wanted.sort),
        "q": wanted.q,
        "sort": wanted.sort,
        "show": show if show in CHOICES else "all",
        "choices": CHOICES,
        "invitations": Invitation.objects.open(now).select_related("invited_by")[:50],
    }
    return render(request, "desk/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.MANAGE_PEOPLE)
@proved_anew
def invite(request: HttpRequest) -> HttpResponse:
    known = {name: request.GET.get(name, "") for name in ("vendor", "role")}  # a vendor's page links here with them
    form = InviteForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            _invite(request, **form.cleaned_data)
        except InvitationRefused as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(request, f"The invitation to {form.cleaned_data['email']} is on its way. It lives 7 days.")
            return redirect("desk:people")
    return render(request, "desk/people_invite.html", {"form": form})


def _invite(request: HttpRequest, *, name: str, email: str, role: str, vendor: Vendor | str) -> None:
    user, by, now = signed_in(request), actor(request), timezone.now()
    if isinstance(vendor, Vendor):
        invite_to_vendor(vendor, email, name=name, member_role=role, user=user, by=by, at=now)
    else:
        invite_to_desk(email, name=name, role=role, user=user, by=by, at=now)


@require_POST
@may(Right.MANAGE_PEOPLE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    try:
        take_back(invitation, by=actor(request), at=timezone.now())
    except InvitationRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"The invitation to {invitation.email} is taken back. Its link opens nothing now.")
    return redirect("desk:people")
