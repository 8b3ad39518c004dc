"""The survey stage: registrations and networks against the lab's registries."""

from journal.actor import ENGINE
from lab.registry import Registrant, Shield
from monitors.models import Allowance, Finding, Observation, Watch
from tests.monitors.registered import DAY, HOLDER, look, registration
from tests.monitors.scene import Scene
from vendors import aliases
from vendors.models import Domain


def test_a_registration_that_shows_the_vendor_is_met(surveyed: Scene) -> None:
    surveyed.world.register("example.net", HOLDER)
    look(surveyed)
    assert (registration().verdict, registration().result) == ("clear", "met")
    states = {one["element"]: one["state"] for one in registration().observations.get().evidence[0]["elements"]}
    assert states == dict.fromkeys(("name", "email", "phone", "address"), "valid")


def test_another_company_s_name_is_a_finding_after_two_looks_a_day_apart_and_not_before(surveyed: Scene) -> None:
    surveyed.world.register("example.net", Registrant("Somebody Else GmbH", email="x@gmail.com"))
    look(surveyed)
    look(surveyed, after=DAY / 2)
    assert not Finding.objects.exists()
    look(surveyed, after=DAY / 2)
    finding = Finding.objects.get()
    assert (finding.kind, finding.severity, finding.clause) == ("registration", "warn", "R7")
    assert finding.subject == Domain.objects.get(name="example.net")
    assert "Somebody Else GmbH" in finding.sentence


def test_an_approved_alias_makes_the_name_the_vendor_s(surveyed: Scene) -> None:
    surveyed.world.register("example.net", Registrant("Quill", email="dns@example.net", phone="+442079460100"))
    vendor, actor = surveyed.server.vendor, ENGINE
    aliases.approve_alias(vendor, name="Quill", evidence="register", by=actor, by_name="Dana", at=surveyed.now)
    look(surveyed)
    assert registration().result == "met"


def test_what_is_withheld_is_not_shown_and_opens_nothing(surveyed: Scene) -> None:
    surveyed.world.register("example.net", Registrant("Alder Mail Ltd", shield=Shield.REDACTED))
    for _ in range(3):
        look(surveyed, after=DAY)
    assert (registration().verdict, registration().result) == ("unknown", "not_shown")
    assert not Finding.objects.exists()


def test_a_registry_that_cannot_be_asked_is_not_checked(surveyed: Scene) -> None:
    surveyed.settings.RDAP_BOOTSTRAP = "/nonexistent/dns.json"
    look(surveyed)
    assert (registration().verdict, registration().result) == ("unknown", "not_checked")


def test_the_holder_of_a_network_is_told_and_is_no_finding(surveyed: Scene) -> None:
    surveyed.world.networks.assign("192.0.2.0/24", HOLDER)
    look(surveyed)
    network = Watch.objects.get(check_id="network")
    assert (network.verdict, network.result) == ("clear", "told")
    assert "Alder Mail Ltd" in network.sentence


def test_the_same_answer_a_day_later_adds_no_row(surveyed: Scene) -> None:
    surveyed.world.register("example.net", HOLDER)
    look(surveyed)
    rows = Observation.objects.count()
    for _ in range(4):
        look(surveyed, after=DAY)
    assert Observation.objects.count() == rows + 2  # once more on the other path, for each check
    assert max(registration().observations.values_list("count", flat=True)) == 3


def test_the_watch_stage_leaves_these_checks_alone(surveyed: Scene) -> None:
    surveyed.look()
    assert registration().rounds == 0
    assert not Allowance.objects.exists()
