"""The conversation about one answer, between the vendor and the desk. The desk's internal notes are not here."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portal import access
from portal.filling import page_of_row
from questionnaires import review
from questionnaires.models import Comment
from vendors.models import Vendor


class TalkForm(forms.Form):
    text = forms.CharField(label="Your comment", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def talk(request: HttpRequest, vendor: Vendor, number: str, code: str) -> HttpResponse:
    submission = access.find_submission(vendor, number)
    question = submission.definition.questions.get(code)
    row = access.row_of(request)
    if question is None or (row and not submission.sheets.filter(row=row).exists()):
        raise Http404
    page_of_form = submission.definition.page_of[code]
    form = TalkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        review.comment(
            submission,
            form.cleaned_data["text"],
            code=code,
            row=row,
            is_from_desk=False,
            by=access.actor(request),
            at=timezone.now(),
        )
        address = reverse("portal:talk", args=[submission.number, code])
        return redirect(f"{address}?row={row}" if row else address)
    back = reverse("portal:step", args=[submission.number, page_of_form.step])
    if row:
        back += f"?rows={page_of_row(submission, page_of_form, row)}#row-{row}"
    page = {
        "vendor_name": vendor.name,
        "submission": submission,
        "question": question,
        "row": row,
        "comments": submission.comments.filter(code=code, row=row, audience=Comment.Audience.SHARED),
        "returns": submission.returns.filter(code=code, row=row).exclude(state__in=["noted", "dropped"]),
        "form": form,
        "back": back,
    }
    return render(request, "portal/talk.html", page)
