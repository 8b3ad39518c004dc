"""Confirming the address for notices (A2.06), or another of the form, by the six digits that we mailed there."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from notices.codes import CodeRefused
from portal import access
from portal.views.contact_code import CodeForm
from questionnaires import designated
from questionnaires.definition import Answers
from questionnaires.models import Submission
from questionnaires.reading import answers_of
from vendors.models import Vendor


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def notices_address(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponse:
    """GET shows the field and changes nothing; POST checks what was typed. `?address=` names another of the form's."""
    submission = access.find_submission(vendor, number)
    now = timezone.now()
    answers = answers_of(submission, now)
    address = _address(request, submission, answers)
    others = designated.others(answers)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            designated.confirm(vendor, address, form.cleaned_data["code"], by=access.actor(request), at=now)
        except CodeRefused as refused:
            form.add_error("code", str(refused))
        else:
            messages.success(request, f"{address} is confirmed.")
            return redirect("portal:form", submission.number)
    confirmed = designated.confirmed(vendor, [address, *others])
    asked_for = {"address": address} if "address" in request.GET else None
    page = {
        "vendor_name": vendor.name,
        "submission": submission,
        "definition": submission.definition,
        "address": address,
        "is_confirmed": address in confirmed,
        "is_designated": asked_for is None,
        "others": [(one, one in confirmed) for one in others if one != address],
        "sent": designated.code_under_way(vendor, address),
        "send_url": reverse("portal:notices_address_send", args=[submission.number], query=asked_for),
        "form": form,
    }
    return render(request, "portal/notices_address.html", page)


@require_POST
@access.member
def code_sent(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponse:
    """Mail a code to the address, which the form must name now."""
    submission = access.find_submission(vendor, number)
    address = _address(request, submission, answers_of(submission, timezone.now()))
    try:
        designated.send_code(vendor, address, by=access.actor(request), at=timezone.now())
    except CodeRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"A code is on its way to {address}.")
    page = reverse("portal:notices_address", args=[submission.number])
    return redirect(f"{page}?{request.GET.urlencode()}" if request.GET else page)


def _address(request: HttpRequest, submission: Submission, answers: Answers) -> str:
    """The designated one, or the one that is asked for. Only Exhibit A names any."""
    address = designated.address_of(answers)
    if "address" in request.GET:
        address = next((one for one in designated.others(answers) if one == request.GET["address"]), "")
    if submission.exhibit != "A" or not address:
        raise Http404
    return address
