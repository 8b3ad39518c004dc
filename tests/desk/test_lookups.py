"""To look up by hand: what is due, the form for what was seen, its file, and where the last word stands."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from engine.cycle import Sweep
from monitors import attest_sweep, enrolment
from monitors.models import Attestation, Finding, Watch
from questionnaires.intake import LARGEST_BYTES
from tests import world
from tests.desk.conftest import Desk, SignIn
from tests.desk.pages import heading, text
from tests.questionnaires.files import PAGE as HTML
from tests.questionnaires.files import pdf, png
from tests.world import NOON
from vendors.models import Alias

PAGE = "/desk/lookups/"
MAPS, ROKSO, AOL = f"{PAGE}trendmicro-ers-standard/", f"{PAGE}spamhaus-rokso/", f"{PAGE}yahoo-aol/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(desk: Desk) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        enrolment.sweep(Sweep(NOON))
        clock.shift(60)
        yield clock


def picks(client: Client, page: str) -> list[str]:
    return [line.pick for line, _ in client.get(page, {"show": "all"}).context["lines"]]


def said(client: Client, page: str, outcome: str, **more: Any) -> dict[str, Any]:
    """Everything on the page ticked."""
    form = {"outcome": outcome, "words": "The page says so.", "days": "7", "key": f"k{Attestation.objects.count()}"}
    return {**form, "pick": picks(client, page), **more}


# ── what is due ─────────────────────────────────────────────────────────────
def test_what_was_never_looked_up_is_due_with_what_to_type_and_where(desk: Desk, dana: Client) -> None:
    answer = dana.get(PAGE)
    assert heading(answer) == "Five look-ups by hand are due"  # one server, two vendors at two lists
    words = text(answer)
    assert "MAPS (Trend Micro ERS) the policy’s “MAPS” 1 due, 1 in all" in words
    assert "Never 203.0.113.27 mta3.alder.example.net Alder Mailings never Not checked" in words
    assert "ROKSO (Spamhaus)" in words
    assert 'href="https://servicecentral.trendmicro.com/' in answer.content.decode()


def test_names_and_aliases_are_there_to_be_copied_one_by_one(desk: Desk, dana: Client) -> None:
    Alias.objects.create(vendor=desk.vendor, name="Alder Holdings", evidence="Register", approved_at=NOON)
    content = dana.get(ROKSO).content.decode()
    for name in ("Alder Mailings", "Alder Holdings", "Birch Direct"):
        assert f'<span class="pick">{name}</span>' in content
    copied = content.partition("readonly>")[2].partition("</textarea>")[0]
    assert copied.split("\n") == ["Alder Mailings", "Alder Holdings", "Birch Direct"]


def test_what_ends_soon_is_shown_before_it_is_due(
    desk: Desk, dana: Client, clock: time_machine.Traveller, sign_in: SignIn
) -> None:
    dana.post(MAPS, said(dana, MAPS, "none"))
    assert "Nothing is due, or will be within two days." in text(dana.get(MAPS))
    clock.shift((5 * DAY).total_seconds() + 60)
    dana = sign_in(desk.people.dana)
    words = text(dana.get(MAPS))
    assert "Ends soon in 1 d" in words
    clock.shift((2 * DAY).total_seconds())
    dana = sign_in(desk.people.dana)
    assert "Not checked ended 28 Nov 2026" in text(dana.get(MAPS))  # before the engine came to say so
    attest_sweep.sweep(Sweep(NOON + 8 * DAY))
    assert "Too old 203.0.113.27" in text(dana.get(PAGE))


def test_one_is_found_by_vendor_address_or_host(desk: Desk, dana: Client) -> None:
    world.make_server(desk.people.vendor_b, "198.18.7.7", hostname="out.birch.example")
    enrolment.sweep(Sweep(NOON))
    for q, address in (("birch", "198.18.7.7"), ("203.0.113", "203.0.113.27"), ("out.birch", "198.18.7.7")):
        assert [line.terms for line, _ in dana.get(MAPS, {"q": q}).context["lines"]] == [(address,)], q


def test_a_list_that_a_machine_asks_has_no_page(desk: Desk, dana: Client) -> None:
    assert dana.get(f"{PAGE}spamcop/").status_code == 404
    assert dana.get(f"{PAGE}nothing/").status_code == 404


# ── saying what was seen ────────────────────────────────────────────────────
def test_many_are_stated_at_once_with_a_picture(desk: Desk, dana: Client) -> None:
    for _ in range(11):
        world.make_server(desk.vendor)
    enrolment.sweep(Sweep(NOON))
    picture = SimpleUploadedFile("shot.png", png(), content_type="image/png")
    answer = dana.post(MAPS, said(dana, MAPS, "none", file=picture, words=""), follow=True)
    assert "12 look-ups at MAPS (Trend Micro ERS) kept: the page says: None. Counts until 28 Nov 2026." in text(answer)
    assert Attestation.objects.values("place").distinct().count() == 1
    assert {row.by_name for row in Attestation.objects.all()} == {"Dana"}
    assert set(Watch.objects.filter(check_id__endswith="ers-standard").values_list("verdict", flat=True)) == {"clear"}
    assert heading(dana.get(PAGE)) == "Four look-ups by hand are due"


def test_a_figure_is_kept_with_the_standing_and_halts_when_it_is_bad(desk: Desk, dana: Client) -> None:
    [mine, _] = picks(dana, AOL)
    dana.post(AOL, said(dana, AOL, "negative", figure="0.35", pick=[mine]))
    finding = Finding.objects.get()
    assert (finding.severity, finding.vendor) == ("halt", desk.vendor)
    words = text(dana.get(reverse("desk:finding", args=[finding.number])))
    assert "Alder Mailings is in bad standing at AOL (now Yahoo)" in words
    assert "read there: 0.35" in words
    assert "A person looks it up again and sees nothing negative: that closes the finding at once." in words
    assert "DNS" not in words


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"outcome": ""}, "Choose what you saw."),
        ({"words": ""}, "one of the two is needed as proof"),
        ({"pick": []}, "Tick what you looked up."),
        ({"days": "8"}, "Write for how many days it counts: 1 to 7."),
        ({"days": "0"}, "Write for how many days it counts: 1 to 7."),
        ({"days": "soon"}, "Write for how many days it counts: 1 to 7."),
        ({"file": SimpleUploadedFile("shot.png", HTML)}, "is not a PNG picture"),
        ({"file": SimpleUploadedFile("page.html", HTML)}, "is not a file that we take as evidence"),
        ({"file": SimpleUploadedFile("big.pdf", pdf() + b" " * LARGEST_BYTES)}, "is larger than 10 MB"),
    ],
)
def test_what_is_not_whole_is_sent_back_with_what_was_typed(
    desk: Desk, dana: Client, change: dict[str, Any], sentence: str
) -> None:
    sent = said(dana, MAPS, "none") | change
    answer = dana.post(MAPS, sent)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Attestation.objects.exists()
    if sent["words"]:
        assert "The page says so.</textarea>" in answer.content.decode()
    if sent["pick"]:
        assert 'value="' + sent["pick"][0] + '" checked' in answer.content.decode()


def test_a_name_that_was_approved_while_somebody_looked_has_to_be_looked_up(desk: Desk, dana: Client) -> None:
    sent = said(dana, ROKSO, "not_found")
    Alias.objects.create(vendor=desk.vendor, name="Alder Ltd", evidence="Register", approved_at=NOON)
    answer = dana.post(ROKSO, sent)
    assert "has changed since the page was loaded" in text(answer)
    assert not Attestation.objects.exists()


@pytest.mark.parametrize("pick", ["x", "7", "999999.0123", "99999999999999999999.1", "٣.1", "\0"])
def test_a_tick_that_is_none_of_the_page_s_is_refused(desk: Desk, dana: Client, pick: str) -> None:
    assert dana.post(MAPS, said(dana, MAPS, "none", pick=[pick])).status_code == 422
    assert not Attestation.objects.exists()


def test_a_watch_of_another_list_is_not_stated_here(desk: Desk, dana: Client) -> None:
    assert dana.post(MAPS, said(dana, MAPS, "none", pick=picks(dana, ROKSO))).status_code == 422


def test_a_link_from_a_server_leads_to_its_one_line_ticked(desk: Desk, dana: Client) -> None:
    world.make_server(desk.vendor)
    enrolment.sweep(Sweep(NOON))
    watch = Watch.objects.get(server=desk.server, check_id__startswith="attested:")
    lines = dana.get(MAPS, {"pick": watch.pk}).context["lines"]
    assert [(line.watch.pk, ticked) for line, ticked in lines] == [(watch.pk, True)]
    assert all(ticked for _, ticked in dana.get(MAPS, {"all": "1"}).context["lines"])


# ── the file, and where the last word stands ────────────────────────────────
def test_the_file_is_saved_and_never_shown(desk: Desk, dana: Client, sign_in: SignIn) -> None:
    dana.post(MAPS, said(dana, MAPS, "none", file=SimpleUploadedFile("../the page.pdf", pdf())))
    row = Attestation.objects.get()
    path = reverse("desk:attestation_file", args=[row.uid])
    answer = sign_in(desk.people.orla).get(path)
    assert b"".join(answer) == pdf()
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "/" not in row.file_name


def test_a_word_without_a_file_has_none_to_save(desk: Desk, dana: Client) -> None:
    dana.post(MAPS, said(dana, MAPS, "none"))
    assert dana.get(reverse("desk:attestation_file", args=[Attestation.objects.get().uid])).status_code == 404


def test_the_server_s_page_shows_the_last_word_with_its_age(
    desk: Desk, dana: Client, clock: time_machine.Traveller
) -> None:
    server = reverse("desk:server", args=[desk.server.uid])
    assert "Say what you saw there" in text(dana.get(server))
    dana.post(MAPS, said(dana, MAPS, "none", file=SimpleUploadedFile("page.pdf", pdf())))
    clock.shift(3600)
    words = text(dana.get(server))
    assert "Seen The page says: None Typed there 203.0.113.27 Note The page says so." in words
    assert "By Dana, 21 Nov 2026, 12:01:00 UTC, 1 h ago" in words
    assert "Counts until 28 Nov 2026, 12:01 UTC" in words
    assert "page.pdf" in words
    assert (
        "Looked up by hand at MAPS (Trend Micro ERS): mta3.alder.example.net (203.0.113.27). Seen: the page says: None."
        in words
    )


def test_the_vendor_s_page_shows_its_own_and_counts_its_servers(desk: Desk, dana: Client) -> None:
    dana.post(ROKSO, said(dana, ROKSO, "similar", days="30", pick=picks(dana, ROKSO)[:1]))
    words = text(dana.get(reverse("desk:vendor", args=[desk.vendor.uid])))
    assert "ROKSO (Spamhaus) Adverse A similar name stands there" in words
    assert "AOL (now Yahoo) Never never Not checked" in words
    assert "1 of 1 server not checked" in words


def test_a_vendor_is_not_unknown_for_what_nobody_looked_up(desk: Desk, dana: Client) -> None:
    Watch.objects.by_dns().update(verdict="clear")
    answer = dana.get(reverse("desk:vendor", args=[desk.vendor.uid]))
    assert answer.context["seen"].word == "Clear"
    assert "Blind monitors" not in text(dana.get("/desk/"))


def test_the_overview_says_in_one_line_how_many_are_due(desk: Desk, dana: Client) -> None:
    answer = dana.get("/desk/")
    assert heading(answer) == "Five look-ups by hand are due."
    assert text(answer).count("look-ups that no machine can make are due") == 1
    assert answer.context["needs"].count == 1


def test_reviewers_may_and_auditors_read(desk: Desk, sign_in: SignIn) -> None:
    rita, orla = sign_in(desk.people.rita), sign_in(desk.people.orla)
    assert "Say what you saw" in text(rita.get(PAGE))
    assert rita.post(MAPS, said(rita, MAPS, "none")).status_code == 302
    assert "Say what you saw" not in text(orla.get(PAGE))
    assert orla.get(MAPS).status_code == 403


def test_the_page_of_all_costs_no_more_queries_for_more_servers(
    desk: Desk, dana: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(70):
        world.make_server(desk.vendor)
    enrolment.sweep(Sweep(NOON))
    for page in (PAGE, MAPS):
        with django_assert_max_num_queries(32):
            assert dana.get(page).status_code == 200
