"""What nobody needs goes after 30 days; what a snapshot or a form names stays."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from engine.cycle import Sweep
from notices import codes
from questionnaires import pruning, renewals
from questionnaires.models import Evidence, Look, Submission
from questionnaires.sweep import sweep
from tests import submissions, world
from tests.accepted import make_accepted
from tests.submissions import make_evidence
from tests.world import NOON, People
from vendors.models import AddressCode

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOON + 31 * DAY


@pytest.fixture(autouse=True)
def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "_rests_until", 0.0)
    monkeypatch.setattr(pruning, "_reached", 0)


@pytest.fixture
def people() -> People:
    return world.make_people()


@pytest.fixture
def draft(people: People) -> Submission:
    return submissions.make_filled(people.vendor_a)


def take_out(evidence: Evidence | None) -> Evidence:
    assert evidence
    Evidence.objects.filter(pk=evidence.pk).update(removed_at=NOON)
    return evidence


def lies(evidence: Evidence) -> bool:
    return (Path(settings.MEDIA_ROOT) / evidence.place).exists()


def known(evidence: Evidence) -> bool:
    return Evidence.objects.filter(pk=evidence.pk).exists()


# ── evidence ────────────────────────────────────────────────────────────────
def test_a_file_that_was_taken_out_of_a_draft_goes_after_thirty_days(draft: Submission) -> None:
    gone, kept = take_out(make_evidence(draft, "A1.13", name="old.pdf")), make_evidence(draft, "A2.02")
    before = draft.evidence.count()
    assert pruning.forget_evidence(NOON + 30 * DAY - timedelta(seconds=1)) == 0
    assert pruning.forget_evidence(NOON + 30 * DAY) == 1
    assert not lies(gone)
    assert not known(gone)
    assert lies(kept)
    assert draft.evidence.count() == before - 1


def test_what_was_signed_stays_when_it_is_taken_out_later(people: People) -> None:
    form = submissions.make_signed(people.vendor_a, people.alice)
    signed = take_out(form.evidence.first())
    assert signed.sha256 in form.signatures.get().snapshot
    assert pruning.forget_evidence(LATER) == 0
    assert pruning.forget_evidence(LATER + 400 * DAY) == 0
    assert lies(signed)
    client = Client()
    world.come_in(client, people.dana)
    answer = client.get(f"/desk/evidence/{signed.uid}/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    answer.close()


def test_a_file_that_a_later_form_carries_on_stays_for_that_one(people: People) -> None:
    accepted = make_accepted(people)
    renewal = renewals.begin_again(people.vendor_a, Submission.Reason.RENEWAL, by=people.alice.actor(), at=NOON)
    carried = take_out(renewal.evidence.first())
    assert accepted.submission.evidence.filter(place=carried.place).exists()
    pruning.forget_evidence(LATER)
    assert lies(carried)


def test_a_file_that_is_missing_already_is_no_fault(draft: Submission) -> None:
    gone = take_out(make_evidence(draft, "A1.13"))
    (Path(settings.MEDIA_ROOT) / gone.place).unlink()
    assert pruning.forget_evidence(LATER) == 1


# ── looks ───────────────────────────────────────────────────────────────────
def look(draft: Submission, kind: str, subject: str, helo: str = "") -> Look:
    return Look.objects.create(vendor=draft.vendor, kind=kind, subject=subject, helo=helo, asked_at=NOON)


def test_a_look_at_what_no_form_names_any_more_goes_and_the_others_stay(draft: Submission) -> None:
    named = set(Look.objects.values_list("pk", flat=True))
    assert {one.kind for one in Look.objects.all()} >= {"server", "domain"}
    look(draft, "domain", "typo.example")
    look(draft, "header", "typo@typo.example")
    look(draft, "server", Look.objects.get(kind="server").subject, "another.helo.example")
    header = look(draft, "header", draft.sheets.get(step="headers", row="").values["A6.01"][0]["address"].lower())
    assert pruning.forget_looks(draft.vendor, NOON + 29 * DAY) == 0
    assert pruning.forget_looks(draft.vendor, LATER) == 3
    assert set(Look.objects.values_list("pk", flat=True)) == named | {header.pk}


def test_a_look_that_somebody_is_at_stays(draft: Submission) -> None:
    under_way = look(draft, "domain", "typo.example")
    Look.objects.filter(pk=under_way.pk).update(lease_token="8c1f6f0e-6a0f-4f58-9c4c-1d6c2f5a4b11")
    assert pruning.forget_looks(draft.vendor, LATER) == 0


# ── codes, and the sweep ────────────────────────────────────────────────────
def test_codes_that_confirmed_nothing_go_and_the_others_stay_as_the_proof(people: People) -> None:
    by = people.alice.actor()
    used = codes.send_code(people.vendor_a, "a@alder.example", "notices", by=by, at=NOON)
    codes.check_code(people.vendor_a, "a@alder.example", "notices", codes.digits_of(used), by=by, at=NOON)
    codes.send_code(people.vendor_a, "b@alder.example", "notices", by=by, at=NOON)
    codes.forget(NOON)
    assert AddressCode.objects.count() == 2
    codes.forget(LATER)
    assert AddressCode.objects.get() == used
    assert codes.confirmed_at(people.vendor_a, "a@alder.example", "notices") == NOON


def test_the_sweep_goes_through_all_vendors_and_then_rests(draft: Submission, people: People) -> None:
    look(draft, "domain", "typo.example")
    Look.objects.create(vendor=people.vendor_b, kind="domain", subject="typo.example", asked_at=NOON)
    gone = take_out(make_evidence(draft, "A1.13"))
    for _ in range(2):
        state = Sweep(LATER)
        sweep(state)
        assert state.error == ""
    assert not Look.objects.filter(subject="typo.example").exists()
    assert not known(gone)
    later = look(draft, "domain", "typo.example")
    sweep(Sweep(LATER))
    assert Look.objects.filter(pk=later.pk).exists(), "it rests for an hour"
