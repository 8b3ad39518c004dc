"""Signing: the policy of the exact version, the promises, the typed name, and the proof that it is you."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import second_factor
from accounts.client import ip_of
from accounts.models import User
from policies.versions import upcoming
from portal import access
from portal.views.check import by_section
from questionnaires import designated, shown, signing
from questionnaires.amendments import policy_of, waiting_for
from questionnaires.definition import Kind, Question
from questionnaires.models import Acceptance, Submission
from questionnaires.picture import picture_of
from questionnaires.reading import answers_of
from questionnaires.signing import Signer, SigningRefused
from vendors.models import Vendor

AGENT_LIMIT = 300  # characters of a browser's name that are kept


class SignForm(forms.Form):
    """The promises of the signature section, and the name. Nothing is ticked or filled in beforehand."""

    title = forms.CharField(label="Your title", max_length=200)
    name = forms.CharField(
        label="Type your full name",
        max_length=200,
        help_text="This counts as your signature. We record the time, your account and a fingerprint of these answers.",
    )

    def __init__(self, data: Mapping[str, str] | None, promises: list[Question]) -> None:
        super().__init__(data)
        for promise in promises:
            self.fields[promise.code] = forms.BooleanField(
                label=promise.label, error_messages={"required": f"Tick this to sign: {_first_sentence(promise)}"}
            )
        self.order_fields([*(promise.code for promise in promises), "name", "title"])


def _first_sentence(promise: Question) -> str:
    return promise.label.partition(". ")[0].removesuffix(".") + "."


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def sign(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponse:
    """GET shows what is signed; POST signs that, as its `seen` names it, and nothing else. With the `seen` of another
    page, GET says what changed since. Who has not just proved that it is them does so first, and comes back."""
    submission = access.find_submission(vendor, number)
    now = timezone.now()
    answers = answers_of(submission, now)
    if obstacles := signing.obstacles(submission, answers):
        messages.warning(request, " ".join(obstacles))
        return redirect("portal:form", submission.number)
    promises = promises_of(submission)
    policy = policy_of(submission, now)
    picture = picture_of(submission, answers, policy=policy)
    proof = second_factor.fresh_proof(request, within=signing.PROOF_LASTS, at=now)
    amendment = waiting_for(vendor, now) if submission.exhibit == "A" else None
    form = SignForm(request.POST if request.method == "POST" else None, promises)
    if request.method == "POST":
        if proof is None:
            return second_factor.ask_again(request)
        if form.is_valid():
            signer = Signer(
                user=access.person(request),
                name=" ".join(form.cleaned_data["name"].split()),
                title=" ".join(form.cleaned_data["title"].split()),
                promises={promise.code: promise.label for promise in promises},
                ip=ip_of(request),
                user_agent=" ".join(request.headers.get("User-Agent", "").split())[:AGENT_LIMIT],
                proved_at=proof.at,
                proof=proof.kind,
            )
            try:
                signing.sign(submission, signer, seen=request.POST.get("seen", ""), by=access.actor(request), at=now)
            except SigningRefused as refused:
                form.add_error(None, str(refused))
            else:
                return redirect("portal:signed", submission.number)
    elif proof is None:
        return second_factor.ask_again(request)
    signatory = signing.signatory_of(answers)
    page = {
        "vendor_name": vendor.name,
        "submission": submission,
        "definition": submission.definition,
        "policy": policy,
        "upcoming": upcoming(now),
        "amendment": amendment if amendment and amendment.version.number == policy.number else None,
        "promises": promises,
        "form": form,
        "seen": shown.line_of(picture),
        "changed": shown.changes(request.GET["seen"], picture) if request.GET.get("seen") and not form.is_bound else [],
        "sections": by_section(picture["answers"], submission.definition, submission),
        "evidence": picture["evidence"],
        "unread_address": designated.unread(submission, answers),
        "signatory": signatory.get("name", ""),
        "other_address": _other_address(signatory, access.person(request)),
    }
    return render(request, "portal/sign.html", page)


def _other_address(signatory: Mapping[str, Any], user: User) -> str:
    """The address of the one who signs, when it is not that of the account; else empty."""
    address = str(signatory.get("email", ""))
    return address if address.lower() != user.email.lower() else ""


def promises_of(submission: Submission) -> list[Question]:
    """What is ticked when signing: the promises of the signature section."""
    section = next((one for one in submission.definition.sections if one.kind == "signature"), None)
    pages = section.pages if section else ()
    return [question for page in pages for question in page.questions if question.kind is Kind.PROMISE]


@require_http_methods(["GET", "HEAD"])
@access.member
def signed(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponse:
    """What happens next, and the copies."""
    submission = access.find_submission(vendor, number)
    signature = submission.signatures.last()
    if signature is None:
        return redirect("portal:form", submission.number)
    stands = Acceptance.objects.beside(vendor, submission.exhibit)
    page = {"vendor_name": vendor.name, "submission": submission, "signature": signature, "stands": stands}
    return render(request, "portal/signed.html", page)
