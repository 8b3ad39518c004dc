"""The demo's vendors, one in every state of onboarding, made by the product's own verbs in the past.

Those that are watched hold a written acceptance; the others are on their way to one. Letters of the past count as sent:
nothing of them leaves when the demo starts. Orders and the listing that comes are demo_story.py's.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from accounts.models import User
from journal.actor import Actor
from lab.demo_exhibit import fill_in
from lab.seed import APPLICANTS, VENDORS, SeedVendor
from notices import invitations
from notices.models import Delivery
from questionnaires import acceptances, assignments, decisions, drafts, review, shown, signing
from questionnaires.amendments import policy_of
from questionnaires.definition import Kind
from questionnaires.looks import ask_for
from questionnaires.models import Acceptance, SectionLook, Submission
from questionnaires.picture import picture_of
from questionnaires.reading import answers_of
from questionnaires.signing import Signer
from questionnaires.subjects import subjects_of
from vendors import confirmation, domains, members, register
from vendors.aliases import approve_alias
from vendors.models import Member, Vendor

DEMO = Actor("command", "demo")
DAY = timedelta(days=1)
ENDING, SUSPENDED = "Copperwick Outreach", "Ostrel Letters"
INVITED, DRAFT, WAITING, RETURNED, UNRECEIVED = (seed.name for seed in APPLICANTS)
ALIASES = {VENDORS[0].name: "Brambleford Group plc"}
OWNERS = {
    VENDORS[0].name: ("Alice Bram", "Bob Ferris"),
    DRAFT: ("Callum Fennick", "Jo Rowe"),
    WAITING: ("Beatrix Marl", "Tom Iveson"),
    RETURNED: ("Sorcha Lennox", "Hamish Orr"),
    UNRECEIVED: ("Anselm Pell", "Greta Voss"),
    ENDING: ("Remi Imbert-Vale", "Lucie Imbert"),
    SUSPENDED: ("Tomasz Ostrel", "Hanna Ostrel"),
}
STATES = {
    VENDORS[0].name: "in force",
    DRAFT: "half a draft",
    WAITING: "signed, waiting for review",
    RETURNED: "two answers sent back",
    UNRECEIVED: "accepted, letter not received",
    ENDING: "acceptance ends in 10 days",
    SUSPENDED: "suspended",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who reviews: the first and the second of four eyes."""

    rita: User
    dana: User


def settle(password: str, desk: Desk, now: datetime, web_port: int) -> tuple[dict[str, Vendor], dict[str, str]]:
    """All vendors by name, and who of them signs in with which address, by what they are. `web_port` is that of their
    websites."""
    secret = make_password(password)
    vendors: dict[str, Vendor] = {}
    people: dict[str, str] = {}
    for seed in (replace(one, web_port=web_port) for one in (*VENDORS, *APPLICANTS)):
        began = now - _age(seed.name)
        vendor = vendors[seed.name] = register.add_vendor(seed.name, by=DEMO, at=began)
        if seed.name == INVITED:
            continue
        owner, emails = _people(vendor, seed, secret, began)
        if seed.name in STATES:
            people |= {f"{role} at {seed.name} ({STATES[seed.name]})": email for role, email in emails.items()}
        with transaction.atomic():  # one commit, not fifty: each waits for the disk
            _onboard(vendor, seed, owner, desk, began, now)
    past = Delivery.objects.waiting().filter(created_at__lt=now - DAY)
    past.update(state=Delivery.State.SENT, sent_at=F("created_at"), next_action_at=None)
    seed = APPLICANTS[0]
    invitations.invite_to_vendor(
        vendors[INVITED], seed.contact_email, name=seed.contact_name, member_role=Member.Role.OWNER, user=desk.dana,
        by=desk.dana.actor(), at=now,
    )  # fmt: skip
    return vendors, people


def _age(name: str) -> timedelta:
    """How long ago the vendor was taken on."""
    ages = {ENDING: 358 * DAY, SUSPENDED: 120 * DAY, DRAFT: 5 * DAY, INVITED: timedelta(0)}
    return ages.get(name, 8 * DAY if name in {WAITING, RETURNED, UNRECEIVED} else 60 * DAY)


def _people(vendor: Vendor, seed: SeedVendor, secret: str, at: datetime) -> tuple[User, dict[str, str]]:
    owner, colleague = OWNERS.get(seed.name, (seed.contact_name, ""))
    users, emails = [], {}
    for word, name, role in (("owner", owner, Member.Role.OWNER), ("colleague", colleague, Member.Role.MEMBER)):
        if name:
            emails[word] = f"{word}@{seed.domain}"
            users.append(User.objects.create(email=emails[word], name=name, password=secret))
            members.join(vendor, users[-1], role, by=DEMO, at=at)
    return users[0], emails


def _onboard(vendor: Vendor, seed: SeedVendor, owner: User, desk: Desk, began: datetime, now: datetime) -> None:
    """As far as the vendor's state says."""
    by, name = owner.actor(), seed.name
    contact = register.add_contact(
        vendor, name=seed.contact_name, email=seed.contact_email, phone=seed.contact_phone, has_authority=True,
        by=DEMO, at=began,
    )  # fmt: skip
    words = "\n".join(confirmation.promises(contact))
    confirmation.confirm_authority(contact, words, by=Actor("link", contact.name), at=began + DAY / 4)
    confirmation.confirm_email(contact, by=Actor("link", contact.name), at=began + DAY / 4)
    submission = drafts.begin(vendor, "A", by=by, at=began + DAY)
    fill_in(submission, seed, owner.name, by=by, at=began + DAY, last="servers" if name == DRAFT else "")
    if name in {DRAFT, WAITING}:
        _look(vendor, submission, now)
    if name == DRAFT:
        colleague = vendor.members.exclude(user=owner).get().user
        assignments.assign(submission, "A7", colleague, by=by, at=began + DAY)
        return
    _sign(submission, owner, began + 2 * DAY)
    if name == WAITING:
        return
    review.take_up(submission, by=desk.rita.actor(), at=began + 3 * DAY)
    if name == RETURNED:
        _send_back(submission, desk.rita, began + 4 * DAY)
        return
    _accept(vendor, seed, submission, owner, desk, began + 4 * DAY, now)


def _look(vendor: Vendor, submission: Submission, now: datetime) -> None:
    """The form looks by itself as soon as the demo runs, as it does for who types."""
    pages, sheets = submission.definition.pages, list(submission.sheets.all())
    whole = {code: value for sheet in sheets if not sheet.row for code, value in sheet.values.items()}
    named = [subjects_of(pages[sheet.step], sheet.row, sheet.values, whole) for sheet in sheets]
    ask_for(vendor, [subject for subjects in named for subject in subjects], now)


def _sign(submission: Submission, owner: User, at: datetime) -> None:
    section = next(one for one in submission.definition.sections if one.kind == "signature")
    promises = {one.code: one.label for page in section.pages for one in page.questions if one.kind is Kind.PROMISE}
    picture = picture_of(submission, answers_of(submission, at), policy=policy_of(submission, at))
    signer = Signer(
        user=owner, name=owner.name, title="Managing director", promises=promises, ip="192.0.2.201",
        user_agent="A browser of the demo", proved_at=at, proof="password",
    )  # fmt: skip
    signing.sign(submission, signer, seen=shown.line_of(picture), by=owner.actor(), at=at)


def _send_back(submission: Submission, rita: User, at: datetime) -> None:
    by = rita.actor()
    server = submission.sheets.filter(step="servers").exclude(row="").get()
    review.mark_return(submission, "A13.06", "", "Say whether weekends count in these hours.", by=by, at=at)
    review.mark_return(
        submission, "A5.07", server.row, "Which version? The reply of the server names none.", by=by, at=at
    )
    decisions.send_back(submission, "Two answers, then we can go on.", user=rita, by=by, at=at)


def _know_domain(vendor: Vendor, seed: SeedVendor, by: Actor, at: datetime) -> None:
    """What the desk learnt after the letter: under which selectors the mail is signed, and a name in a register."""
    if seed.selectors:
        domain = vendor.domains.get(name=seed.domain)
        domains.change_domain(domain, uses=[*domain.uses, "dkim"], selectors=seed.selectors, by=by, at=at)
    if name := ALIASES.get(seed.name):
        evidence = "Entry 0771 of the company register, seen on the day of the letter."
        approve_alias(vendor, name=name, evidence=evidence, by=by, by_name=by.name, at=at)


def _accept(
    vendor: Vendor, seed: SeedVendor, submission: Submission, owner: User, desk: Desk, at: datetime, now: datetime
) -> None:
    """Two people accept, and the vendor receives the letter, when that is its state."""
    sections = review.sections_to_look_at(submission, answers_of(submission, at))
    SectionLook.objects.bulk_create(
        SectionLook(submission=submission, section=one, round=1, remark="Read and in order.", at=at, by=desk.rita.name)
        for one in sections
    )
    decisions.recommend(submission, [], user=desk.rita, by=desk.rita.actor(), at=at)
    issued = now - 355 * DAY if vendor.name == ENDING else at + DAY / 8
    acceptance = acceptances.accept(submission, [], user=desk.dana, by=desk.dana.actor(), at=issued)
    _know_domain(vendor, seed, desk.dana.actor(), issued)
    if vendor.name == UNRECEIVED:
        return
    receipt = Acceptance.Receipt.PORTAL
    acceptances.receive(acceptance, receipt, owner.name, by=owner.actor(), at=issued + DAY / 8)
    if vendor.name == SUSPENDED:
        why = "Two of your readers say that they never signed up. We ask for the proof of consent first."
        acceptances.suspend(acceptance, why, by=desk.dana.actor(), at=now - 2 * DAY)
