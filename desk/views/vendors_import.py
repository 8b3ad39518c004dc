"""Vendors from a CSV file: first what it would add, then, with one more press, all of it or nothing.

The file is read twice: what was shown is kept on the page as text and sent back, so that nothing is stored between.
"""

from io import BytesIO

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.rights import Right
from desk.access import actor, may
from desk.forms import FileForm
from vendors.csv_file import FileRefused
from vendors.csv_import import COLUMNS, OPTIONAL, Plan, apply, read

FAULTS = 100  # shown at most; a file with more has the same few faults again and again


@may(Right.EDIT_VENDORS)
def vendors_import(request: HttpRequest) -> HttpResponse:
    looked_at = request.POST.get("looked_at", "")
    form = FileForm(request.POST, request.FILES) if request.method == "POST" and not looked_at else FileForm()
    text = looked_at.encode() or (form.cleaned_data["file"] if form.is_valid() else b"")
    plan: Plan | None = None
    refused: FileRefused | None = None
    if text:
        try:
            plan = read(BytesIO(text))
            if "apply" in request.POST and not plan.is_empty:
                apply(plan, by=actor(request), at=timezone.now())
                messages.success(request, f"Added {plan}.")
                return redirect("desk:vendors")
        except FileRefused as refusal:
            plan, refused = None, refusal
    return render(
        request,
        "desk/vendors_import.html",
        {
            "form": form,
            "plan": plan,
            "text": text.decode("utf-8", "replace"),
            "refused": refused,
            "faults": refused.faults[:FAULTS] if refused else [],
            "columns": COLUMNS,
            "optional": OPTIONAL,
        },
    )
