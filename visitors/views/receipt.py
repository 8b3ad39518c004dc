"""The page behind the link in an acceptance's mail: the letter, and one button that says it was received."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.client import ip_of
from journal.actor import Actor
from notices import links
from notices.attachment import attachment
from notices.models import Link
from questionnaires import acceptances
from questionnaires.acceptances import RECEIPT, AcceptanceRefused
from questionnaires.models import Acceptance
from visitors.links import behind_link, unknown_link


# No CSRF cookie is asked for, for the reasons of the halt order's page: the address is the secret and the authority.
@csrf_exempt
@behind_link
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, and changes nothing; POST records the receipt, as often as it is sent. `?letter` is the file."""
    now = timezone.now()
    link = links.find(token, RECEIPT, now)
    acceptance = _acceptance_of(link)
    if link is None or acceptance is None:
        return unknown_link(request, "visitors/receipt_unknown.html")
    if "letter" in request.GET and request.method != "POST":
        return attachment(acceptance.letter_place, f"{acceptance.number}.pdf", "application/pdf")  # type: ignore[return-value]
    sentence = ""
    if request.method == "POST":
        by = Actor("link", link.holder_name or link.holder_email, ip_of(request))
        who = link.holder_name or link.holder_email
        try:
            acceptances.receive(acceptance, Acceptance.Receipt.LINK, who, by=by, at=now)
        except AcceptanceRefused as refused:
            sentence = str(refused)
        else:
            return HttpResponseRedirect(request.path, status=303)
    stands = Acceptance.objects.beside(acceptance.vendor, acceptance.exhibit)
    page = {"acceptance": acceptance, "holder": link.holder_name, "sentence": sentence, "stands": stands}
    return render(request, "visitors/receipt.html", page, status=409 if sentence else 200)


def _acceptance_of(link: Link | None) -> Acceptance | None:
    if link is None:
        return None
    return Acceptance.objects.about(link.about).select_related("vendor").first()
