"""What a registration does not show: asked for once, reminded of, answered, asked for again, and settled by itself."""

import hashlib

import pytest

from journal.actor import Actor
from journal.models import Entry
from lab.registry import Registrant, Shield
from monitors import evidence
from monitors.evidence import EvidenceRefused
from monitors.models import Document, EvidenceRequest, Finding
from monitors.shown import Shown
from notices import files
from notices.letters import render
from notices.models import Delivery
from tests import world
from tests.monitors.registered import DAY, HOLDER, act, days, domain, look, registration
from tests.monitors.scene import Scene
from vendors.models import Domain, Member

WITHHELD = Registrant("Alder Mail Ltd", shield=Shield.REDACTED)
DANA = Actor("user", "Dana")
ALICE = Actor("user", "Alice")


@pytest.fixture
def withheld(surveyed: Scene) -> Scene:
    """The registration withholds all; Alice owns the vendor, Dana is of IT."""
    surveyed.world.register("example.net", WITHHELD)
    world.make_member(surveyed.server.vendor, "Alice", role=Member.Role.OWNER)
    world.make_user("Dana", role="it")
    return surveyed


@pytest.fixture
def asked(withheld: Scene) -> EvidenceRequest:
    days(withheld, 2)
    return EvidenceRequest.objects.get()


def shown(content: bytes = b"an extract", name: str = "extract.pdf") -> Shown:
    return Shown(name, "application/pdf", len(content), hashlib.sha256(content).hexdigest(), content)


def letters(name: str) -> list[Delivery]:
    return list(Delivery.objects.filter(letter=name).order_by("pk"))


def words(delivery: Delivery) -> str:
    """The letter as it is read: its subject and text in one line, after its HTML was seen to render."""
    letter = render(delivery.letter, delivery.facts | {"to_name": delivery.to_name})
    assert "</div>" in letter.html
    return " ".join(f"{letter.subject} | {letter.text}".split())


class TestAsking:
    def test_what_is_withheld_is_asked_for_after_two_looks_and_not_before(self, withheld: Scene) -> None:
        days(withheld)
        assert not EvidenceRequest.objects.exists()
        days(withheld)
        request = EvidenceRequest.objects.get()
        assert (request.state, request.due_on) == ("open", withheld.now.date() + 30 * DAY)
        assert request.elements == ["name", "email", "phone", "address"]
        assert Entry.objects.get(object_type="monitors.evidencerequest").after["elements"] == request.elements

    def test_it_is_asked_once_however_often_it_is_seen(self, asked: EvidenceRequest, withheld: Scene) -> None:
        days(withheld, 3)
        assert EvidenceRequest.objects.count() == len(letters("evidence_asked")) == 1
        assert not Finding.objects.exists()

    def test_the_letter_names_each_element_and_how_to_mend_it_or_what_would_do(self, asked: EvidenceRequest) -> None:
        [letter] = letters("evidence_asked")
        assert letter.to_name == "Alice"
        said = words(letter)
        assert said.startswith(f"Show who holds example.net, by {asked.due_on} | Alice, our policy asks")
        for called in ("holder's name", "mail address", "telephone number", "postal address"):
            assert f"* The {called} is withheld, says the registry's RDAP server. Ask your registrar to" in said
        assert "switch off the privacy service and to publish your company's name as the organisation" in said
        assert "the registrar's invoice, an extract from the company register, or a letter on your letterhead" in said
        assert f"/portal/evidence/{asked.number}/" in said

    def test_several_domains_of_a_vendor_are_one_letter(self, withheld: Scene) -> None:
        vendor = withheld.server.vendor
        withheld.world.register("example.org", WITHHELD)
        Domain.objects.create(vendor=vendor, name="example.org", created_at=withheld.now)
        withheld.enrol()
        look(withheld)
        look(withheld, after=DAY)
        act(withheld)
        [letter] = letters("evidence_asked")
        assert [one["domain"] for one in letter.facts["requests"]] == ["example.net", "example.org"]
        assert words(letter).startswith("Show who holds 2 domains, by ")

    def test_a_registration_under_suspicion_is_not_asked_about(self, withheld: Scene) -> None:
        withheld.world.register("example.net", Registrant("Somebody Else GmbH"))
        days(withheld, 4)
        assert Finding.objects.count() == 1
        assert not EvidenceRequest.objects.exists()

    def test_what_could_not_be_read_is_not_asked_about(self, withheld: Scene) -> None:
        withheld.settings.RDAP_BOOTSTRAP = "/nonexistent/dns.json"
        days(withheld, 3)
        assert not EvidenceRequest.objects.exists()

    def test_two_readings_that_another_one_parts_are_not_two_in_a_row(self, withheld: Scene) -> None:
        days(withheld)
        withheld.world.register("example.net", HOLDER)
        days(withheld)
        withheld.world.register("example.net", WITHHELD)
        days(withheld)
        assert not EvidenceRequest.objects.exists()

    def test_staff_ask_by_hand_what_the_engine_does_not(self, withheld: Scene) -> None:
        with pytest.raises(EvidenceRefused, match="could not be read yet"):
            evidence.ask_by_hand(domain(), "", by=DANA, at=withheld.now)
        look(withheld)
        request = evidence.ask_by_hand(domain(), "We met at the fair.", by=DANA, at=withheld.now)
        assert "We add: We met at the fair." in words(letters("evidence_asked")[0])
        with pytest.raises(EvidenceRefused, match=f"{request} asks for it already"):
            evidence.ask_by_hand(domain(), "", by=DANA, at=withheld.now)

    def test_what_is_shown_is_not_asked_for(self, withheld: Scene) -> None:
        withheld.world.register("example.net", HOLDER)
        look(withheld)
        with pytest.raises(EvidenceRefused, match="shows all that is asked for"):
            evidence.ask_by_hand(domain(), "", by=DANA, at=withheld.now)


class TestTheDay:
    def test_the_vendor_is_reminded_once_and_staff_are_told_when_it_is_over(
        self, asked: EvidenceRequest, withheld: Scene
    ) -> None:
        act(withheld, after=22 * DAY)
        assert not letters("evidence_due")
        act(withheld, after=DAY)
        act(withheld, after=DAY)
        [reminder] = letters("evidence_due")
        assert words(reminder).startswith(f"Until {asked.due_on}: show who holds example.net | Alice, we asked you")
        act(withheld, after=6 * DAY)
        asked.refresh_from_db()
        assert asked.state == "open"  # the day itself is theirs
        act(withheld, after=DAY)
        act(withheld, after=DAY)
        asked.refresh_from_db()
        assert asked.state == "overdue"
        [told] = letters("evidence_overdue")
        assert told.to_name == "Dana"
        assert "what a registration withholds is not a fault" in words(told)
        assert not Finding.objects.exists()

    def test_staff_are_told_when_there_is_nobody_who_could_be_written_to(self, withheld: Scene) -> None:
        withheld.server.vendor.members.all().delete()
        days(withheld, 2)
        assert not letters("evidence_asked")
        act(withheld, after=31 * DAY)
        assert "has no owner who can sign in, so nobody was written to" in words(letters("evidence_overdue")[0])

    def test_what_comes_late_is_taken_all_the_same(self, asked: EvidenceRequest, withheld: Scene) -> None:
        act(withheld, after=31 * DAY)
        evidence.answer(asked, [shown()], "", ["name"], by=ALICE, at=withheld.now)
        asked.refresh_from_db()
        assert asked.state == "answered"


class TestAnswering:
    def test_a_file_and_a_note_are_kept_and_staff_are_told_once(self, asked: EvidenceRequest, withheld: Scene) -> None:
        [document] = evidence.answer(asked, [shown()], "The register.", ["email", "name"], by=ALICE, at=withheld.now)
        assert files.content_of(document.place) == b"an extract"
        assert (document.elements, document.by_name, document.is_from_desk) == (["name", "email"], "Alice", False)
        evidence.answer(asked, [shown(b"more", "more.pdf")], "", ["phone"], by=ALICE, at=withheld.now)
        [told] = letters("evidence_answered")
        said = words(told)
        assert said.startswith(f"Alder Mail Ltd answered {asked.number}: who holds example.net | Alice of Alder Mail")
        assert 'for the holder\'s name and mail address. * extract.pdf "The register." Look at it' in said
        added = Entry.objects.filter(verb="document added").values_list("after", flat=True)
        assert [one["sha256"] for one in added] == [shown().sha256, shown(b"more").sha256]

    def test_words_alone_do(self, asked: EvidenceRequest, withheld: Scene) -> None:
        evidence.answer(asked, [], "We have switched it off.", ["name"], by=ALICE, at=withheld.now)
        assert Document.objects.get().place == ""

    def test_what_staff_put_there_tells_staff_nothing(self, asked: EvidenceRequest, withheld: Scene) -> None:
        evidence.answer(asked, [shown()], "By mail.", ["name"], by=DANA, at=withheld.now, is_from_desk=True)
        assert not letters("evidence_answered")

    @pytest.mark.parametrize(
        ("given", "text", "elements", "sentence"),
        [
            ([], "", ["name"], "Choose a file, or write what you did"),
            ([shown()], "", [], "Tick what it shows"),
            ([shown()], "", ["shoe size"], "Tick what it shows"),
            ([shown()], "x" * 4001, ["name"], "under 4,000 characters"),
            ([shown(bytes([one])) for one in range(11)], "", ["name"], "10 files are the most"),
        ],
    )
    def test_what_is_refused_keeps_nothing(
        self, asked: EvidenceRequest, withheld: Scene, given: list[Shown], text: str, elements: list[str], sentence: str
    ) -> None:
        with pytest.raises(EvidenceRefused, match=sentence):
            evidence.answer(asked, given, text, elements, by=ALICE, at=withheld.now)
        assert not Document.objects.exists()

    def test_the_same_file_is_taken_once(self, asked: EvidenceRequest, withheld: Scene) -> None:
        evidence.answer(asked, [shown(), shown()], "", ["name"], by=ALICE, at=withheld.now)
        assert Document.objects.count() == 1
        with pytest.raises(EvidenceRefused, match=r"extract\.pdf is here already"):
            evidence.answer(asked, [shown()], "", ["name"], by=ALICE, at=withheld.now)

    def test_staff_ask_again_with_new_time_and_a_reason(self, asked: EvidenceRequest, withheld: Scene) -> None:
        with pytest.raises(EvidenceRefused, match="is with the vendor already"):
            evidence.ask_again(asked, "Please.", by=DANA, at=withheld.now)
        evidence.answer(asked, [shown()], "", ["name"], by=ALICE, at=withheld.now)
        asked.refresh_from_db()
        with pytest.raises(EvidenceRefused, match="Write what is still missing"):
            evidence.ask_again(asked, " ", by=DANA, at=withheld.now)
        withheld.clock.shift(10 * DAY)
        evidence.ask_again(asked, "It names another company.", by=DANA, at=withheld.now)
        assert (asked.state, asked.due_on) == ("open", withheld.now.date() + 30 * DAY)
        assert "We add: It names another company." in words(letters("evidence_asked")[1])


class TestTheEnd:
    def test_it_is_settled_by_itself_when_the_registration_shows_it(
        self, asked: EvidenceRequest, withheld: Scene
    ) -> None:
        withheld.world.register("example.net", HOLDER)
        days(withheld)
        asked.refresh_from_db()
        assert (registration().result, asked.state, asked.ended_at) == ("met", "settled", withheld.now)
        [letter] = letters("evidence_settled")
        assert "is settled. The registration now shows who you are. Nothing more is asked" in words(letter)
        with pytest.raises(EvidenceRefused, match="is over: nothing more is needed"):
            evidence.answer(asked, [shown()], "", ["name"], by=ALICE, at=withheld.now)
        with pytest.raises(EvidenceRefused, match="is over: nothing more is needed"):
            evidence.ask_again(asked, "Once more.", by=DANA, at=withheld.now)

    def test_blindness_settles_nothing(self, asked: EvidenceRequest, withheld: Scene) -> None:
        withheld.settings.RDAP_BOOTSTRAP = "/nonexistent/dns.json"
        days(withheld, 3)
        asked.refresh_from_db()
        assert asked.state == "open"

    def test_what_is_withheld_anew_is_asked_for_anew(self, asked: EvidenceRequest, withheld: Scene) -> None:
        withheld.world.register("example.net", HOLDER)
        days(withheld)
        withheld.world.register("example.net", WITHHELD)
        days(withheld, 2)
        assert list(EvidenceRequest.objects.order_by("pk").values_list("state", flat=True)) == ["settled", "open"]

    def test_it_is_dropped_with_the_domain(self, asked: EvidenceRequest, withheld: Scene) -> None:
        Domain.objects.update(state=Domain.State.RETIRED)
        act(withheld)
        asked.refresh_from_db()
        assert (asked.state, asked.ending) == ("dropped", "example.net is not watched any more.")
        assert not letters("evidence_settled")
