"""A person's word: what it needs, what it does to a watch and its findings, and what it never does."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from engine.claim import claim
from halts.models import HaltOrder
from journal.models import Entry
from monitors import lookups
from monitors.attestations import AttestRefused, attest
from monitors.models import Attestation, Finding, Observation, Watch
from monitors.probes.reading import Reading, Severity, Verdict
from monitors.weighing import store, weigh
from notices.files import content_of
from tests import world
from tests.monitors.attesting.conftest import AOL, DANA, MAPS, ROKSO, Lookups, a_file
from vendors import register
from vendors.models import Alias, Domain

DAY = timedelta(days=1)


def kept_files() -> list[Path]:
    return [one for one in (Path(settings.MEDIA_ROOT) / "attestations").rglob("*") if one.is_file()]


def test_what_nobody_looked_up_is_not_checked_from_the_start(desk_work: Lookups) -> None:
    assert set(Watch.objects.by_hand().values_list("check_id", flat=True)) == {MAPS, AOL, ROKSO}
    for check_id in (MAPS, AOL, ROKSO):
        watch = desk_work.watch(check_id)
        assert (watch.verdict, watch.result, watch.looked_at) == ("unknown", "not_checked", None)
        assert watch.sentence == "Nobody has looked it up yet."


def test_nothing_negative_clears_the_watch_until_it_expires(desk_work: Lookups) -> None:
    row = desk_work.state("none")
    watch = desk_work.watch()
    assert (watch.verdict, watch.result, watch.looked_at) == ("clear", "none", desk_work.now)
    assert watch.next_action_at == row.expires_at == desk_work.now + 7 * DAY
    assert watch.sentence == "Looked up by hand at MAPS (Trend Micro ERS): the page says: None."
    assert watch.lease_token is None
    assert not Finding.objects.exists()
    [seen] = Observation.objects.filter(watch=watch)
    assert (seen.path, seen.verdict, seen.count) == ("by hand", "clear", 1)


@pytest.mark.parametrize(
    ("check_id", "outcome", "severity", "halts"),
    [
        (MAPS, "kssl", "halt", True),
        (MAPS, "dul", "halt", True),
        (MAPS, "etl", "halt", True),
        (MAPS, "qil", "info", False),
        (AOL, "warn", "warn", False),
        (AOL, "negative", "halt", True),
        (ROKSO, "similar", "review", False),
        (ROKSO, "found", "halt", True),
    ],
)
def test_each_outcome_is_as_grave_as_the_catalogue_says(
    desk_work: Lookups, check_id: str, outcome: str, severity: str, halts: bool
) -> None:
    desk_work.state(outcome, check_id)
    finding = desk_work.finding()
    assert (finding.severity, finding.clause, finding.kind) == (severity, "R5", "attested")
    assert desk_work.watch(check_id).verdict == Verdict.ADVERSE
    desk_work.order()
    assert HaltOrder.objects.exists() is halts


def test_a_finding_says_what_was_seen_in_words_that_a_vendor_can_read(desk_work: Lookups) -> None:
    desk_work.state("kssl")
    assert desk_work.finding().sentence == (
        "mta3.alder.example.net (203.0.113.27): "
        "Looked up by hand at MAPS (Trend Micro ERS): KSSL: known source of spam."
    )


def test_a_finding_of_the_vendor_itself_halts_everything(desk_work: Lookups) -> None:
    desk_work.state("negative", AOL, figure=Decimal("0.4500"))
    desk_work.order()
    order = HaltOrder.objects.get()
    assert (order.server, order.vendor) == (None, desk_work.vendor)
    assert "read there: 0.45" in order.reason


def test_one_clear_look_closes_the_finding_and_lifts_no_order(desk_work: Lookups) -> None:
    desk_work.state("kssl")
    desk_work.order()
    desk_work.clock.shift(DAY.total_seconds())
    desk_work.state("none")
    assert desk_work.finding().state == Finding.State.CLOSED
    assert HaltOrder.objects.standing().count() == 1


def test_a_graver_look_makes_the_finding_graver(desk_work: Lookups) -> None:
    desk_work.state("warn", AOL)
    desk_work.clock.shift(DAY.total_seconds())
    desk_work.state("negative", AOL)
    assert desk_work.finding().severity == "halt"


def test_two_clear_looks_in_time_are_one_run_and_one_after_a_lapse_is_another(desk_work: Lookups) -> None:
    desk_work.state("none")
    desk_work.clock.shift((5 * DAY).total_seconds())
    desk_work.state("none")
    assert list(Observation.objects.values_list("verdict", "count")) == [("clear", 2)]
    desk_work.clock.shift((9 * DAY).total_seconds())  # the engine slept meanwhile
    desk_work.state("none")
    runs = Observation.objects.order_by("pk").values_list("verdict", "result", "count")
    assert list(runs) == [("clear", "none", 2), ("unknown", "not_checked", 1), ("clear", "none", 1)]
    assert desk_work.watch().verdict == Verdict.CLEAR


def test_many_are_stated_in_one_go_with_one_file(desk_work: Lookups) -> None:
    for _ in range(11):
        world.make_server(desk_work.vendor)
    desk_work.enrol()
    watches = list(lookups.with_terms(Watch.objects.filter(check_id=MAPS)))
    before = len(kept_files())
    terms = {watch.pk: lookups.terms_of(watch) for watch in watches}
    rows = attest(terms, "none", shown=a_file(b"%PDF of twelve"), key="one", by=DANA, at=desk_work.now)
    assert len(rows) == 12
    assert len({row.place for row in rows}) == 1
    assert len(kept_files()) == before + 1
    assert content_of(rows[0].place) == b"%PDF of twelve"
    assert Entry.objects.filter(object_type="monitors.attestation", verb="attested").count() == 12
    assert set(Watch.objects.filter(check_id=MAPS).values_list("verdict", flat=True)) == {"clear"}


def test_the_journal_has_what_was_typed_there_and_what_proves_it(desk_work: Lookups) -> None:
    desk_work.state("not_found", ROKSO, shown=a_file(sha256="ab" * 32), words="No entry of that name.")
    entry = Entry.objects.get(verb="attested")
    assert (entry.actor, entry.why) == ("user:Dana", "No entry of that name.")
    assert entry.after["looked_up"] == ["Alder Mailings"]
    assert (entry.after["outcome"], entry.after["sha256"]) == ("not_found", "ab" * 32)


def test_a_double_click_is_one(desk_work: Lookups) -> None:
    first = desk_work.state("none", key="same")
    again = desk_work.state("none", key="same", shown=a_file())
    assert (again.pk, Attestation.objects.count()) == (first.pk, 1)
    assert not Attestation.objects.exclude(place="").exists()


# ── what is typed there ─────────────────────────────────────────────────────
def test_rokso_is_searched_for_the_name_and_every_alias(desk_work: Lookups) -> None:
    Alias.objects.create(
        vendor=desk_work.vendor, name="Alder Holdings Ltd", evidence="Register", approved_at=desk_work.now
    )
    assert lookups.terms_of(desk_work.watch(ROKSO)) == ("Alder Mailings", "Alder Holdings Ltd")


def test_yahoo_is_asked_about_the_domains_that_sign_and_of_the_name_where_there_are_none(desk_work: Lookups) -> None:
    assert lookups.terms_of(desk_work.watch(AOL)) == ("Alder Mailings",)
    for name, uses, state in (
        ("news.alder.example", ["dkim"], "active"),
        ("alder.example", ["header"], "active"),
        ("click.alder.example", ["link"], "active"),
        ("old.alder.example", ["dkim"], "retired"),
    ):
        Domain.objects.create(vendor=desk_work.vendor, name=name, uses=uses, state=state, created_at=desk_work.now)
    assert lookups.terms_of(desk_work.watch(AOL)) == ("alder.example", "news.alder.example")


def test_a_name_that_was_added_meanwhile_was_not_looked_up(desk_work: Lookups) -> None:
    read = desk_work.terms(ROKSO)
    Alias.objects.create(vendor=desk_work.vendor, name="Alder Ltd", evidence="Register", approved_at=desk_work.now)
    with pytest.raises(AttestRefused, match="Alder Mailings, Alder Ltd"):
        attest(read, "not_found", words="Nothing.", key="k", by=DANA, at=desk_work.now)
    assert not Attestation.objects.exists()


# ── what is refused ─────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"words": "  "}, "one of the two is needed as proof"),
        ({"words": "x" * 4001}, "under 4,000 characters"),
        ({"counts_for": 8 * DAY}, "7 days at most"),
        ({"counts_for": timedelta(0)}, "7 days at most"),
        ({"figure": Decimal(-1)}, "cannot be right"),
    ],
)
def test_a_word_without_proof_or_measure_is_refused(desk_work: Lookups, more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AttestRefused, match=sentence):
        desk_work.state("none", **more)
    assert not Attestation.objects.exists()
    assert desk_work.watch().verdict == Verdict.UNKNOWN


def test_an_outcome_of_another_list_is_refused_and_keeps_no_file(desk_work: Lookups) -> None:
    before = kept_files()
    with pytest.raises(AttestRefused, match="Choose what you saw"):
        desk_work.state("negative", MAPS, shown=a_file())
    assert kept_files() == before
    assert desk_work.watch().lease_token is None


def test_two_lists_are_not_stated_at_once(desk_work: Lookups) -> None:
    with pytest.raises(AttestRefused, match="one list at a time"):
        attest(desk_work.terms(MAPS, AOL), "none", words="w", key="k", by=DANA, at=desk_work.now)


def test_a_check_that_a_machine_makes_is_not_stated_by_a_person(desk_work: Lookups) -> None:
    with pytest.raises(AttestRefused, match="Choose what you saw"):
        desk_work.state("clean", "dnsbl:spamcop")


def test_what_is_not_watched_any_more_is_refused(desk_work: Lookups) -> None:
    terms = desk_work.terms(MAPS)
    register.retire_server(desk_work.server, by=DANA, at=desk_work.now)
    with pytest.raises(AttestRefused, match="not watched any more"):
        attest(terms, "none", words="w", key="k", by=DANA, at=desk_work.now)


def test_two_people_at_the_same_moment_do_not_pass_for_one(desk_work: Lookups) -> None:
    desk_work.state("none")
    with pytest.raises(AttestRefused, match="this very moment"):
        attest(desk_work.terms(MAPS), "kssl", words="w", key="other", by=DANA, at=desk_work.now)


def test_a_person_s_word_stands_when_the_engine_has_the_watch_under_way(desk_work: Lookups) -> None:
    rows = Watch.objects.filter(check_id=MAPS).select_related("server", "domain", "vendor")
    [held] = claim(rows, now=desk_work.now, lease=timedelta(seconds=60), limit=5)
    desk_work.state("none")
    late = Reading(Verdict.UNKNOWN, "not_checked", Severity.NONE, "Too old.")
    store([weigh(held, late, None, desk_work.now, by_hand=True)], desk_work.now)
    assert desk_work.watch().verdict == Verdict.CLEAR


# ── a website that our machine could not read ───────────────────────────────
def test_a_person_may_say_what_a_website_shows(desk_work: Lookups) -> None:
    check = "website"
    [watch] = Watch.objects.filter(vendor=desk_work.vendor, check_id=check)
    assert lookups.terms_of(watch) == ("example.net",)
    desk_work.state("no_opt_out", check)
    finding = desk_work.finding()
    assert (finding.clause, finding.severity, finding.domain) == ("O8", "warn", watch.domain)
    assert finding.sentence == "example.net: Website, seen by a person: no way to opt out was found on it."
    desk_work.state("fine", check)
    assert desk_work.finding().state == Finding.State.CLOSED
