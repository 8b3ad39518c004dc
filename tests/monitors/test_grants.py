"""What is let stand for a record: evidence accepted, exceptions, four eyes; and how each ends: another record, its day,
a person."""

from dataclasses import replace
from datetime import date

import pytest
from pytest_django import Settings

from accounts.models import Role, User
from journal.models import Entry
from lab.registry import Registrant, Shield
from monitors import evidence, grants
from monitors.evidence import EvidenceRefused
from monitors.grants import GrantRefused
from monitors.models import EvidenceRequest, Grant
from tests import world
from tests.monitors.registered import DAY, HOLDER, act, days, domain, look, registration, seen, states
from tests.monitors.scene import Scene
from tests.monitors.test_evidence import ALICE, letters, shown, words
from vendors.models import Member

LENT = replace(
    HOLDER, name="Alder Mail Ltd", phone="+442079460100", email="", nameservers=("ns1.example.net", "ns2.example.net")
)
UNTIL = date(2027, 6, 30)


@pytest.fixture
def dana(db: None) -> User:
    return world.make_user("Dana", role=Role.IT)


@pytest.fixture
def ida(db: None) -> User:
    return world.make_user("Ida", role=Role.IT)


@pytest.fixture
def lacking(surveyed: Scene, settings: Settings, dana: User) -> Scene:
    """A registration without a mail address, looked at twice, in a house where one person decides."""
    settings.FOUR_EYES = False
    surveyed.world.register("example.net", LENT)
    world.make_member(surveyed.server.vendor, "Alice", role=Member.Role.OWNER)
    look(surveyed)
    return surveyed


def waive(stage: Scene, by: User, *elements: str, until: date = UNTIL, reason: str = "A known house.") -> list[Grant]:
    wanted = elements or ("email",)
    return grants.waive(domain(), wanted, reason, until, seen().record, user=by, by=by.actor(), at=stage.now)


def state_of(grant: Grant) -> str:
    grant.refresh_from_db()
    return str(grant.state)


class TestGiving:
    def test_an_exception_makes_the_registration_met_in_the_look_that_follows(self, lacking: Scene, dana: User) -> None:
        assert (registration().result, states()["email"]) == ("not_met", "missing")
        [grant] = waive(lacking, dana)
        assert registration().next_action_at == lacking.now
        look(lacking, after=DAY)
        assert (registration().result, states()["email"]) == ("met", "waived")
        assert (grant.approved_by, grant.reason, grant.expires_on) == ("Dana", "A known house.", UNTIL)
        entry = Entry.objects.get(object_type="monitors.grant")
        assert (entry.verb, entry.why, entry.after["record"]) == ("granted", "A known house.", seen().record)
        said = words(letters("grant_given")[0])
        assert said.startswith("Exception until 2027-06-30: example.net | Alice, we let stand that the registration")
        assert "With this nothing more is asked of you for this domain." in said

    def test_accepted_evidence_settles_its_request(self, lacking: Scene, dana: User) -> None:
        lacking.world.register("example.net", Registrant("Alder Mail Ltd", shield=Shield.REDACTED))
        look(lacking, after=DAY)
        request = evidence.ask_by_hand(domain(), "", by=dana.actor(), at=lacking.now)
        wanted = request.elements

        def accept(*elements: str) -> list[Grant]:
            by, at = dana.actor(), lacking.now
            return grants.accept(request, elements, "The extract.", UNTIL, seen().record, by=by, at=at)

        with pytest.raises(GrantRefused, match="Nothing was supplied for the holder's name"):
            accept("name")
        evidence.answer(request, [shown()], "", wanted, by=ALICE, at=lacking.now)
        accept("name", "email")
        assert "Still missing: the telephone number and postal address." in words(letters("grant_given")[0])
        accept("phone", "address")
        assert "Evidence accepted until 2027-06-30: example.net" in words(letters("grant_given")[1])
        days(lacking)
        request.refresh_from_db()
        assert (set(states().values()), registration().result, request.state) == ({"documented"}, "met", "settled")
        assert not letters("evidence_settled")  # the letter about the evidence has said it
        with pytest.raises(GrantRefused, match="is over"):
            accept("name")

    @pytest.mark.parametrize(
        ("elements", "reason", "until", "sentence"),
        [
            ((), "Known.", UNTIL, "Tick what is to be let stand"),
            (("email",), "  ", UNTIL, "Write the reason"),
            (("email",), "Known.", date(2026, 11, 21), "a day after today, within a year"),
            (("email",), "Known.", date(2027, 11, 23), "a day after today, within a year"),
            (("name",), "Known.", UNTIL, "shows the holder's name: that needs no exception"),
        ],
    )
    def test_it_has_an_element_a_reason_and_a_day_within_a_year(
        self, lacking: Scene, dana: User, elements: tuple[str, ...], reason: str, until: date, sentence: str
    ) -> None:
        with pytest.raises(GrantRefused, match=sentence):
            grants.waive(
                domain(), elements, reason, until, seen().record, user=dana, by=dana.actor(), at=lacking.now
            )  # fmt: skip
        assert not Grant.objects.exists()

    def test_it_is_given_for_the_record_that_the_person_saw(self, lacking: Scene, dana: User) -> None:
        old = seen().record
        lacking.world.register("example.net", replace(LENT, registrar="Other Registrar"))
        look(lacking, after=DAY)
        with pytest.raises(GrantRefused, match="changed since the page was loaded"):
            grants.waive(domain(), ["email"], "x", UNTIL, old, user=dana, by=dana.actor(), at=lacking.now)

    def test_without_a_record_nothing_can_be_let_stand(self, surveyed: Scene, dana: User) -> None:
        with pytest.raises(GrantRefused, match=r"No registration of example\.net was read"):
            grants.waive(domain(), ["email"], "x", UNTIL, "", user=dana, by=dana.actor(), at=surveyed.now)

    def test_the_newer_one_takes_the_place(self, lacking: Scene, dana: User) -> None:
        [first] = waive(lacking, dana)
        [second] = waive(lacking, dana, until=date(2027, 3, 1))
        assert (state_of(first), first.ending, state_of(second)) == (
            "withdrawn",
            "A newer one takes its place.",
            "standing",
        )


class TestFourEyes:
    @pytest.fixture
    def proposed(self, lacking: Scene, dana: User) -> Grant:
        lacking.settings.FOUR_EYES = True
        [grant] = waive(lacking, dana)
        return grant

    def test_what_one_person_proposed_does_not_stand(self, proposed: Grant, lacking: Scene) -> None:
        assert proposed.state == "proposed"
        look(lacking, after=DAY)
        assert states()["email"] == "missing"
        assert not letters("grant_given")

    def test_another_person_confirms_it(self, proposed: Grant, lacking: Scene, dana: User, ida: User) -> None:
        with pytest.raises(GrantRefused, match="You proposed it yourself"):
            grants.confirm(domain(), user=dana, by=dana.actor(), at=lacking.now)
        grants.confirm(domain(), user=ida, by=ida.actor(), at=lacking.now)
        assert (state_of(proposed), proposed.approved_by) == ("standing", "Dana and Ida")
        assert len(letters("grant_given")) == 1
        with pytest.raises(GrantRefused, match="nothing to confirm any more"):
            grants.confirm(domain(), user=ida, by=ida.actor(), at=lacking.now)

    def test_what_was_proposed_for_another_record_cannot_be_confirmed(
        self, proposed: Grant, lacking: Scene, ida: User
    ) -> None:
        lacking.world.register("example.net", replace(LENT, registrar="Other Registrar"))
        look(lacking, after=DAY)
        with pytest.raises(GrantRefused, match="nothing to confirm any more"):
            grants.confirm(domain(), user=ida, by=ida.actor(), at=lacking.now)
        act(lacking)
        assert state_of(proposed) == "lapsed"
        assert not letters("grant_ended")  # it never stood

    def test_evidence_takes_one_person(self, lacking: Scene, dana: User) -> None:
        lacking.settings.FOUR_EYES = True
        request = evidence.ask_by_hand(domain(), "", by=dana.actor(), at=lacking.now)
        evidence.answer(request, [], "See our imprint.", ["email"], by=ALICE, at=lacking.now)
        [grant] = grants.accept(
            request, ["email"], "Seen.", UNTIL, seen().record, by=dana.actor(), at=lacking.now
        )  # fmt: skip
        assert grant.state == "standing"


CHANGES = {
    "registrant": (replace(LENT, organisation="Alder Mail Limited"), "organisation: Alder Mail Ltd, now Alder Mail"),
    "street": (replace(LENT, street="2 Lab Street"), "postal address: 1 Lab Street, Labton, GB, now 2 Lab Street"),
    "registrar": (replace(LENT, registrar="Other"), "registrar: Lab Registrar Ltd, now Other"),
    "name servers": (
        replace(LENT, nameservers=("ns1.example.org",)),
        "name servers: ns1.example.net, ns2.example.net, now ns1.example.org",
    ),
}


class TestTheEnd:
    @pytest.mark.parametrize("what", CHANGES)
    def test_it_lapses_with_the_record_and_everybody_is_told(self, lacking: Scene, dana: User, what: str) -> None:
        [grant] = waive(lacking, dana)
        days(lacking)
        assert state_of(grant) == "standing"
        record, said = CHANGES[what]
        lacking.world.register("example.net", record)
        days(lacking)
        assert state_of(grant) == "lapsed"
        assert states()["email"] == "missing"
        assert said in grant.ending
        entry = Entry.objects.filter(object_type="monitors.grant").latest("position")
        assert (entry.after["state"], said in entry.why) == ("lapsed", True)
        to_vendor, to_staff = letters("grant_ended")
        assert words(to_vendor).startswith("The registration of example.net changed, so an exception ended | Alice,")
        assert "The exception for the telephone number" not in words(to_vendor)
        assert "The exception for the mail address of example.net ended. The registration changed." in words(to_staff)
        assert (to_vendor.facts["page_url"].count("/portal/"), to_staff.facts["page_url"].count("/desk/")) == (1, 1)

    def test_it_stays_ended_when_the_record_comes_back(self, lacking: Scene, dana: User) -> None:
        [grant] = waive(lacking, dana)
        lacking.world.register("example.net", replace(LENT, registrar="Other"))
        days(lacking)
        lacking.world.register("example.net", LENT)
        days(lacking, 2)
        assert (state_of(grant), states()["email"]) == ("lapsed", "missing")

    def test_it_lapses_although_the_new_record_shows_all_by_itself(self, lacking: Scene, dana: User) -> None:
        [grant] = waive(lacking, dana)
        days(lacking, 2)
        lacking.world.register("example.net", HOLDER)
        days(lacking)
        assert (state_of(grant), registration().result) == ("lapsed", "met")

    def test_a_look_that_was_not_checked_ends_nothing(self, lacking: Scene, dana: User) -> None:
        [grant] = waive(lacking, dana)
        lacking.settings.RDAP_BOOTSTRAP = "/nonexistent/dns.json"
        days(lacking, 3)
        assert (registration().result, state_of(grant)) == ("not_checked", "standing")

    def test_nor_does_a_look_at_the_same_record(self, lacking: Scene, dana: User) -> None:
        [grant] = waive(lacking, dana)
        days(lacking, 3)
        assert state_of(grant) == "standing"
        assert grant.compared_at == registration().looked_at

    def test_it_expires_on_its_day_and_both_are_reminded_before(self, lacking: Scene, dana: User) -> None:
        [grant] = waive(lacking, dana, until=(lacking.now + 40 * DAY).date())
        act(lacking, after=25 * DAY)
        assert not letters("grant_ending")
        act(lacking, after=DAY)
        act(lacking, after=DAY)
        to_vendor, to_staff = letters("grant_ending")
        assert words(to_vendor).startswith(f"Ends on {grant.expires_on}: what we let stand for example.net | Alice,")
        assert "Is it still needed? Then accept newer evidence" in words(to_staff)
        act(lacking, after=12 * DAY)
        assert state_of(grant) == "standing"
        act(lacking, after=DAY)
        assert (state_of(grant), registration().next_action_at) == ("expired", lacking.now)
        assert f"It was given until {grant.expires_on}." in words(letters("grant_ended")[0])
        look(lacking)
        assert states()["email"] == "missing"

    def test_who_is_given_two_weeks_needs_no_reminder(self, lacking: Scene, dana: User) -> None:
        waive(lacking, dana, until=(lacking.now + 14 * DAY).date())
        act(lacking, after=DAY)
        assert not letters("grant_ending")

    def test_a_person_withdraws_it_with_a_reason(self, lacking: Scene, dana: User) -> None:
        [grant] = waive(lacking, dana)
        with pytest.raises(GrantRefused, match="Write the reason"):
            grants.withdraw(grant, " ", by=dana.actor(), at=lacking.now)
        grants.withdraw(grant, "Sold.", by=dana.actor(), at=lacking.now)
        look(lacking, after=DAY)
        assert (state_of(grant), states()["email"]) == ("withdrawn", "missing")
        assert "It was withdrawn: Sold." in words(letters("grant_ended")[0])
        with pytest.raises(GrantRefused, match="It is withdrawn already"):
            grants.withdraw(grant, "Again.", by=dana.actor(), at=lacking.now)

    def test_what_has_ended_is_asked_for_again(self, lacking: Scene, dana: User) -> None:
        lacking.world.register("example.net", Registrant("Alder Mail Ltd", shield=Shield.REDACTED))
        look(lacking, after=DAY)
        [grant, *_] = waive(lacking, dana, "name", "email", "phone", "address")
        days(lacking, 2)
        assert not EvidenceRequest.objects.exists()
        for one in Grant.objects.all():
            grants.withdraw(one, "Sold.", by=dana.actor(), at=lacking.now)
        days(lacking, 2)
        assert EvidenceRequest.objects.get().state == "open"
        with pytest.raises(EvidenceRefused, match="asks for it already"):
            evidence.ask_by_hand(grant.domain, "", by=dana.actor(), at=lacking.now)
