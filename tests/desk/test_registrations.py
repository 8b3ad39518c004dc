"""Registrations at the desk: what they show and why, requests and their documents, exceptions, websites to look at."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from journal.actor import ENGINE
from monitors import evidence
from monitors.models import Document, EvidenceRequest, Grant, Watch
from notices.models import Delivery
from tests import world
from tests.desk.conftest import Desk, SignIn
from tests.desk.pages import heading, text
from tests.paper_trail import RECORD, Trail, make_domain, make_reading, make_trail
from tests.questionnaires.files import pdf
from tests.world import NOON

UNTIL = "2027-06-30"


@pytest.fixture(autouse=True)
def at_noon(settings: Settings) -> Iterator[None]:
    settings.FOUR_EYES = False
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def trail(desk: Desk) -> Trail:
    return make_trail(desk.vendor)


def page(trail: Trail, tail: str = "") -> str:
    return f"/desk/evidence-requests/{trail.request.number}/{tail}"


def registration(trail: Trail, tail: str = "") -> str:
    return f"/desk/domains/{trail.domain.uid}/registration/{tail}"


class TestTheRegistration:
    def test_each_element_has_its_state_its_reason_and_its_cure(self, desk: Desk, dana: Client) -> None:
        domain = make_domain(desk.vendor)
        make_reading(domain, {"name": "valid", "email": "missing"}, result="not_met")
        said = text(dana.get(f"/desk/domains/{domain.uid}/registration/"))
        assert "Holder's name Shown the name The holder's name is shown." in said
        assert "Mail address Missing none The registration has no mail address, and nothing says that one is" in said
        assert "Enter a mail address of a role in a domain of your company." in said
        assert (
            "Telephone number Withheld none The telephone number is withheld, says the registry's RDAP server." in said
        )

    def test_the_answers_stand_word_for_word_with_server_and_time(self, trail: Trail, dana: Client) -> None:
        said = text(dana.get(registration(trail)))
        assert "The registry's RDAP server rdap.example 2026-11-21 12:00:00 UTC rdap.example knows the name." in said
        assert '{"objectClassName": "domain", "ldhName": "alder.example"}' in said
        assert "Registrar Lab Registrar Ltd" in said

    def test_a_stranger_s_markup_is_text(self, desk: Desk, dana: Client) -> None:
        domain = make_domain(desk.vendor)
        make_reading(domain, raw="<script>alert(1)</script>")
        answer = dana.get(f"/desk/domains/{domain.uid}/registration/").content.decode()
        assert "<script>alert(1)</script>" not in answer
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer

    def test_a_look_that_saw_nothing_says_so_and_what_was_read_before(self, desk: Desk, dana: Client) -> None:
        domain = make_domain(desk.vendor)
        watch = make_reading(domain, {"name": "valid"})
        row = watch.observations.get()
        watch.observations.update(is_latest=False)
        row.pk, row.result, row.sentence = None, "not_checked", "We could not see who holds alder.example."
        row.last_at, row.likeness = NOON + timedelta(days=3), "other"
        row.evidence = [{"record": "", "elements": []}]
        row.save(force_insert=True)
        said = text(dana.get(f"/desk/domains/{domain.uid}/registration/"))
        assert (
            "Not checked We could not see who holds alder.example. It was last read 21 Nov 2026, 12:00:00 UTC" in said
        )
        assert "rdap.example knows the name." in said

    def test_one_that_nobody_looked_at_yet_is_a_page_too(self, desk: Desk, dana: Client) -> None:
        said = text(dana.get(f"/desk/domains/{make_domain(desk.vendor).uid}/registration/"))
        assert "Not looked yet" in said
        assert "No look has come back yet." in said

    def test_all_are_listed_by_what_they_show(self, trail: Trail, desk: Desk, dana: Client) -> None:
        good = make_domain(desk.vendor, "good.example")
        make_reading(good, dict.fromkeys(("name", "email", "phone", "address"), "valid"), result="met")
        answer = dana.get("/desk/registrations/")
        assert heading(answer) == "1 registration does not show who the vendor is"
        assert "alder.example Not shown Alder Mailings The registration of alder.example" in text(answer)
        assert trail.request.number in text(answer)
        assert "good.example Met" in text(dana.get("/desk/registrations/?show=met"))
        assert "No domain matches “zebra” here." in text(dana.get("/desk/registrations/?q=zebra"))


class TestTheRequest:
    def test_the_list_has_the_one_due_first_on_top(self, trail: Trail, desk: Desk, dana: Client) -> None:
        other = make_domain(desk.people.vendor_b, "birch.example")
        make_reading(other)
        earlier = evidence.ask_by_hand(other, "", by=ENGINE, at=NOON - timedelta(days=9))
        answer = dana.get("/desk/evidence-requests/")
        said = text(answer)
        assert heading(answer) == "1 request for evidence waits for us"
        assert said.index(earlier.number) < said.index(trail.request.number)
        assert "Holder's name, mail address, telephone number and postal address" in said
        found = dana.get(f"/desk/evidence-requests/?show=all&q={trail.request.number}")
        assert earlier.number not in text(found)

    def test_it_shows_documents_letters_and_what_can_be_done(self, trail: Trail, dana: Client) -> None:
        said = text(dana.get(page(trail)))
        assert f"Who holds alder.example Request {trail.request.number} to Alder Mailings" in said
        assert "extract.pdf" in said
        assert "Holder's name The register. Alice" in said
        assert "Request Alice alice@people.example.com" in said
        assert "The vendor has answered. Accept what shows it, ask again for the rest." in said
        assert (
            f"{trail.request.number} was answered. By Alice." in said or f"{trail.request.number} was answered." in said
        )

    def test_a_document_is_saved_and_never_shown(self, trail: Trail, dana: Client) -> None:
        answer = dana.get(f"/desk/documents/{trail.document.uid}/")
        assert answer["Content-Disposition"] == 'attachment; filename="extract.pdf"'
        assert b"".join(answer).startswith(b"%PDF")

    def test_a_note_is_no_file(self, trail: Trail, dana: Client) -> None:
        [note] = evidence.answer(trail.request, [], "Done.", ["name"], by=ENGINE, at=NOON)
        assert dana.get(f"/desk/documents/{note.uid}/").status_code == 404

    def test_staff_accept_what_was_supplied(self, trail: Trail, dana: Client) -> None:
        form = {"elements": ["name"], "reason": "The extract names them.", "until": UNTIL, "record": RECORD}
        assert "Telephone number" not in text(dana.get(page(trail, "accept/")))  # nothing was supplied for it
        answer = dana.post(page(trail, "accept/"), form, follow=True)
        assert "Holder's name accepted until 2027-06-30. Alder Mailings is told." in text(answer)
        grant = Grant.objects.get(element="name")
        assert (grant.kind, grant.request, grant.approved_by) == ("documented", trail.request, "Dana")

    def test_what_was_typed_is_there_again_when_it_is_refused(self, trail: Trail, dana: Client) -> None:
        form = {"elements": ["name"], "reason": "The extract names them.", "until": "2029-01-01", "record": RECORD}
        answer = dana.post(page(trail, "accept/"), form)
        assert answer.status_code == 422
        assert "It ends on a day after today, within a year." in text(answer)
        assert "The extract names them." in answer.content.decode()

    def test_a_record_that_changed_meanwhile_is_looked_at_first(self, trail: Trail, dana: Client) -> None:
        make_reading(trail.domain, record="0" * 64)
        form = {"elements": ["name"], "reason": "Seen.", "until": UNTIL, "record": RECORD}
        assert "The registration changed since the page was loaded." in text(dana.post(page(trail, "accept/"), form))

    def test_staff_ask_again(self, trail: Trail, dana: Client) -> None:
        answer = dana.post(page(trail, "ask-again/"), {"words": "It names another company."}, follow=True)
        assert f"{trail.request.number} is with Alder Mailings again, until 2026-12-21." in text(answer)
        assert "We added to it: It names another company." in text(answer)
        again = dana.post(page(trail, "ask-again/"), {"words": "And again."})
        assert "is with the vendor already" in text(again)

    def test_staff_add_what_came_by_mail(self, trail: Trail, dana: Client) -> None:
        file = SimpleUploadedFile("letter.pdf", pdf())
        form = {"elements": ["phone"], "note": "By mail.", "files": file}
        answer = dana.post(page(trail, "supply/"), form, follow=True)
        assert f"One document added to {trail.request.number}." in text(answer)
        row = Document.objects.get(file_name="letter.pdf")
        assert (row.is_from_desk, row.by_name, row.elements) == (True, "Dana", ["phone"])

    def test_a_file_that_is_not_what_it_says_is_refused(self, trail: Trail, dana: Client) -> None:
        form = {"elements": ["phone"], "files": SimpleUploadedFile("letter.pdf", b"MZ no letter")}
        answer = dana.post(page(trail, "supply/"), form)
        assert answer.status_code == 422
        assert Document.objects.count() == 1

    def test_one_that_is_over_says_so(self, trail: Trail, dana: Client) -> None:
        evidence.settle(trail.request, by=ENGINE, at=NOON)
        assert "It is over." in text(dana.get(page(trail)))
        assert "is over: nothing more is needed for it." in text(dana.get(page(trail, "accept/")))

    def test_an_auditor_reads_and_decides_nothing(self, trail: Trail, desk: Desk, sign_in: SignIn) -> None:
        orla = sign_in(desk.people.orla)
        said = text(orla.get(page(trail)))
        assert "Your role reads it." in said
        assert "Make an exception" not in said


class TestExceptions:
    FORM = {"elements": ["phone"], "reason": "A known house.", "until": UNTIL, "record": RECORD}

    def test_it_makes_one_with_a_reason_and_a_day(self, trail: Trail, dana: Client) -> None:
        answer = dana.post(registration(trail, "waive/"), self.FORM, follow=True)
        assert "One exception until 2027-06-30. Alder Mailings is told, and the registration is looked at" in text(
            answer
        )
        assert "Telephone number Exception until 30 Jun 2027. A known house. Dana, 21 Nov 2026" in text(answer)
        assert "Let stand: the telephone number of alder.example. A known house. By Dana." in text(answer)

    def test_it_needs_them_all(self, trail: Trail, dana: Client) -> None:
        answer = dana.post(registration(trail, "waive/"), {"record": RECORD})
        said = text(answer)
        for problem in ("Tick what is to be let stand.", "Write the reason.", "Choose the day on which it ends."):
            assert problem in said

    def test_two_people_with_four_eyes(
        self, trail: Trail, desk: Desk, dana: Client, sign_in: SignIn, settings: Settings
    ) -> None:
        settings.FOUR_EYES = True
        answer = dana.post(registration(trail, "waive/"), self.FORM, follow=True)
        assert "One exception proposed. It stands when somebody else confirms it." in text(answer)
        own = dana.post(registration(trail, "confirm/"), follow=True)
        assert "You proposed it yourself. Somebody else has to confirm it." in text(own)
        other = sign_in(desk.people.ada).post(registration(trail, "confirm/"), follow=True)
        assert "One exception confirmed. Alder Mailings is told." in text(other)
        assert Grant.objects.get(element="phone").approved_by == "Dana and Ada"

    def test_reviewers_make_none_and_may_withdraw(self, trail: Trail, desk: Desk, sign_in: SignIn) -> None:
        rita = sign_in(desk.people.rita)
        assert rita.post(registration(trail, "waive/"), self.FORM).status_code == 403
        withdrawal = f"/desk/grants/{trail.grant.uid}/withdraw/"
        assert "Write a reason." in text(rita.post(withdrawal, {"reason": ""}))
        answer = rita.post(withdrawal, {"reason": "Sold."}, follow=True)
        assert "Withdrawn for the postal address." in text(answer)
        assert "It has ended already." in text(rita.get(withdrawal))

    def test_they_are_listed_the_first_to_end_on_top(self, trail: Trail, dana: Client) -> None:
        answer = dana.get("/desk/grants/")
        assert heading(answer) == "1 element of registrations is let stand"
        assert "alder.example Postal address Stands Alder Mailings Exception" in text(answer)
        Grant.objects.update(state="lapsed", ending="The registrar changed.")
        assert "Ended: the record changed" in text(dana.get("/desk/grants/?show=ended"))

    def test_asking_by_hand_begins_on_the_registration(self, desk: Desk, dana: Client) -> None:
        domain = make_domain(desk.vendor)
        make_reading(domain)
        answer = dana.post(f"/desk/domains/{domain.uid}/registration/ask/", {"words": "Please."}, follow=True)
        request = EvidenceRequest.objects.get()
        assert f"{request.number} is open until 2026-12-21. Alder Mailings is written to." in text(answer)
        assert Delivery.objects.get(letter="evidence_asked").facts["requests"][0]["words"] == "Please."


class TestWebsites:
    def test_those_that_only_a_person_can_judge_are_listed_with_what_to_look_for(
        self, desk: Desk, dana: Client
    ) -> None:
        assert heading(dana.get("/desk/websites/")) == "No website waits for a person"
        domain = make_domain(desk.vendor)
        said = "A person has to look at https://alder.example/ and say whether what its script draws is the vendor's."
        for result, sentence, number in (("review", said, 1), ("unreachable", "It did not answer.", 2)):
            Watch.objects.create(
                domain=domain if number == 1 else make_domain(desk.vendor, "other.example"),
                vendor=desk.vendor, check_id="website", result=result, sentence=sentence, since=NOON, looked_at=NOON,
            )  # fmt: skip
        answer = dana.get("/desk/websites/")
        assert heading(answer) == "1 website to look at"
        assert f"alder.example Alder Mailings {said}" in text(answer)
        assert "other.example" not in text(answer)
        assert "None matches “zebra”." in text(dana.get("/desk/websites/?q=zebra"))


def test_the_rail_counts_domains_that_wait_for_us(trail: Trail, dana: Client) -> None:
    Grant.objects.filter(pk=trail.grant.pk).update(state="proposed")  # of the same domain: one thing to do
    assert 'Evidence<span class="n">1' in dana.get("/desk/").content.decode()


def test_a_request_of_nobody_is_not_found(trail: Trail, dana: Client) -> None:
    for path in ("/desk/evidence-requests/E-9999/", "/desk/evidence-requests/E-1/", "/desk/evidence-requests/x/"):
        assert dana.get(path).status_code == 404


def test_a_vendor_without_an_owner_is_said_so(desk: Desk, dana: Client) -> None:
    vendor = world.make_vendor("Lone Letters")
    trail = make_trail(vendor)
    assert "has no owner who can sign in" in text(dana.get(page(trail)))
