"""Is this letter genuine? By its code, and by the file itself. Says what the letter is and whether it counts now, and
nothing of what is in it."""

import hashlib
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.client import network_of
from accounts.throttle import tries
from gate.ask import clearance
from gate.reason import Reason
from questionnaires import codes
from questionnaires.models import Acceptance, Paper
from visitors.links import GUESSES_A_MINUTE

LARGEST = 10_000_000  # bytes of a file that is compared
OF_ITSELF = frozenset({"lapsed", "waiver_ended"})  # reasons of the gate
OF_EXHIBIT_A = frozenset({"not_accepted", "not_received", "suspended", "expired", "withdrawn"})


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code on the letter",
        max_length=40,
        help_text="16 letters and digits in four groups, at the foot of the letter.",
    )

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"])
        code = codes.normalise(typed)
        if code is None:
            raise forms.ValidationError(
                f"“{typed[:40]}” cannot be a code. It has 16 letters and digits, like K7QF-3M9T-XW2P-8RHA."
            )
        return code


# Nothing is changed and no cookie is needed, so none is asked for: anybody may check a letter from anywhere.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """GET shows the letter of the code; POST takes a code, or a file whose SHA-256 is compared and which is then
    forgotten."""
    now = timezone.now()
    form = CodeForm(request.POST if request.method == "POST" and "code" in request.POST else None)
    if form.is_bound and form.is_valid():
        return HttpResponseRedirect(reverse("visitors:verify_code", args=[codes.show(form.cleaned_data["code"])]))
    found = _find(code) if code else None
    page: dict[str, Any] = {"form": form, "code": code, "acceptance": found, "file": None}
    status = 200
    if request.method == "POST" and "file" in request.FILES:
        page["file"] = _compare(request, found)
        page["acceptance"] = page["file"]["acceptance"] or found
    elif request.method == "POST" and not form.is_bound:
        page["file"] = {"outcome": "none"}
    elif code and found is None:
        status = 404
        if tries("wrong-letter-code", network_of(request)) > GUESSES_A_MINUTE:
            status = 429
    page["uncounted"] = _uncounted(page["acceptance"], now)
    page["has_ended"] = page["acceptance"] and now >= page["acceptance"].valid_until
    response = render(request, "visitors/verify.html", page, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    if status == 429:
        response["Retry-After"] = "60"
    return response


def _find(written: str) -> Acceptance | None:
    code = codes.normalise(written)
    return Acceptance.objects.select_related("vendor", "policy").filter(code=code).first() if code else None


def _uncounted(acceptance: Acceptance | None, at: datetime) -> Reason | None:
    """Why a letter that was received does not count now: the policy changed, a waiver ended, or the letter of Exhibit A
    that an Exhibit B adds to does not count itself. The gate's reason; the page says of it no more than its kind."""
    if acceptance is None or acceptance.state != Acceptance.State.RECEIVED:
        return None
    kinds = OF_ITSELF if acceptance.exhibit == "A" else OF_ITSELF | OF_EXHIBIT_A
    return next((one for one in clearance(acceptance.vendor, at=at).shutting if one.id in kinds), None)


def _compare(request: HttpRequest, expected: Acceptance | None) -> dict[str, object]:
    """What the file is: exact, a paper (a decline, suspension or withdrawal), changed (it came with the code of another
    file), unknown, or too large to look at."""
    file = request.FILES.getlist("file")[0]
    if (file.size or 0) > LARGEST:
        return {"outcome": "large", "acceptance": None}
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    sha256 = digest.hexdigest()
    found = Acceptance.objects.select_related("vendor", "policy").filter(letter_sha256=sha256).first()
    if paper := Paper.objects.filter(sha256=sha256).select_related("acceptance", "submission").first():
        return {"outcome": "paper", "sha256": sha256, "acceptance": paper.acceptance, "paper": paper}
    if found is not None:
        outcome = "exact" if expected is None or expected == found else "other"
    else:
        outcome = "changed" if expected is not None else "unknown"
    return {"outcome": outcome, "sha256": sha256, "acceptance": found, "name": file.name}
