"""What the machine saw stands beside the row, by itself, and is the vendor's own."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from questionnaires import looks
from questionnaires.models import Look, Sheet, Submission
from tests import world
from tests.portal.test_onboarding import begin

pytestmark = pytest.mark.django_db
ROW, OTHER = "a" * 32, "b" * 32
ADDRESS, HELO = "198.51.100.25", "mx1.alder.example.net"
CHECKS = [
    {"id": ident, "verdict": verdict, "word": word, "sentence": sentence, "cure": cure, "clause": clause}
    for ident, verdict, word, sentence, cure, clause in (
        ("reverse", "adverse", "Fails", "It has no reverse name.", "Ask the provider.", "R7"),
        ("helo", "attention", "Look", "HELO differs.", "", "R7"),
        ("range", "unknown", "Part", "We looked at 8.", "", "R7"),
        ("lists", "clear", "Clear", "On no list.", "", "R5"),
    )
]


class Form:
    """Alice's Exhibit A with one server in it."""

    def __init__(self) -> None:
        self.people = world.make_people()
        self.client = Client()
        world.come_in(self.client, self.people.alice)
        self.submission: Submission = begin(self.client)
        self.sheet("servers", ROW, {"A5.01": ADDRESS, "A5.04": HELO})
        self.url = f"/portal/forms/{self.submission.number}/looks/{ROW}/"

    def sheet(self, step: str, row: str, values: dict[str, Any]) -> Sheet:
        return Sheet.objects.create(
            submission=self.submission,
            step=step,
            row=row,
            values=values,
            saved_at=world.NOON,
            saved_by="Alice",
            revision=1,
        )

    def look(self, *, at: datetime | None = None, subject: str = ADDRESS, **seen: Any) -> Look:
        asked = at or datetime.now(world.NOON.tzinfo)
        looks.ask_for(self.submission.vendor, [("server", subject, HELO)], asked)
        Look.objects.filter(subject=subject).update(**seen)
        return Look.objects.get(subject=subject)

    def text(self, url: str = "") -> str:
        response = self.client.get(url or self.url)
        assert response.status_code == 200
        return response.content.decode()


@pytest.fixture
def form() -> Form:
    return Form()


def test_before_anything_is_known_it_says_so(form: Form) -> None:
    assert "Nothing yet. We look by ourselves" in form.text()
    assert "hx-get" not in form.text()


def test_while_a_look_is_under_way_the_page_asks_again_by_itself(form: Form) -> None:
    form.look()
    text = form.text()
    assert "We are looking…" in text
    assert f'hx-get="{form.url}" hx-trigger="every 2s"' in text


def test_when_it_is_over_it_stops_and_shows_what_was_seen_worst_first(form: Form) -> None:
    form.look(checks=CHECKS, looked_at=world.NOON, next_action_at=None)
    text = form.text()
    assert "hx-get" not in text
    assert "21 Nov 2026, 12:00 UTC" in text
    assert ADDRESS in text
    places = [text.index(check["sentence"]) for check in CHECKS]
    assert places == sorted(places)
    for state in ("shut", "wait", "unkn", "open"):
        assert f'<li class="{state}">' in text
    assert "It has no reverse name. Ask the provider." in text
    assert "A failed check does not stop you saving. It stops acceptance." in text


def test_a_look_that_comes_again_by_itself_shows_what_was_seen(form: Form) -> None:
    now = datetime.now(world.NOON.tzinfo)
    form.look(checks=CHECKS, looked_at=now, next_action_at=now + timedelta(minutes=15))
    assert "We are looking" not in form.text()


def test_a_page_does_not_ask_for_ever(form: Form) -> None:
    form.look(at=datetime.now(world.NOON.tzinfo) - timedelta(minutes=3))
    text = form.text()
    assert "hx-get" not in text
    assert "What we see stands here when you come back." in text


def test_what_a_stranger_wrote_is_text(form: Form) -> None:
    check = CHECKS[0] | {"sentence": "<script>alert(1)</script>"}
    form.look(checks=[check], looked_at=world.NOON, next_action_at=None)
    assert "<script>" not in form.text()


def test_header_addresses_are_looked_at_as_a_page(form: Form) -> None:
    form.sheet("headers", "", {"A6.01": [{"display": "News", "address": "News@alder.example.net"}]})
    looks.ask_for(form.submission.vendor, [("header", "news@alder.example.net", "")], world.NOON)
    Look.objects.update(checks=CHECKS[:1], looked_at=world.NOON, next_action_at=None)
    assert "news@alder.example.net" in form.text(f"/portal/forms/{form.submission.number}/looks/headers/")


@pytest.mark.parametrize("row", ["servers", "company", OTHER, "nothing"])
def test_what_is_not_looked_at_is_not_there(form: Form, row: str) -> None:
    assert form.client.get(f"/portal/forms/{form.submission.number}/looks/{row}/").status_code == 404


def test_a_row_of_another_submission_is_not_there(form: Form) -> None:
    client = Client()
    world.come_in(client, form.people.charlie)
    other = begin(client)
    assert client.get(form.url).status_code == 404
    assert client.get(f"/portal/forms/{other.number}/looks/{ROW}/").status_code == 404


def test_looking_at_it_changes_nothing(form: Form) -> None:
    before = form.look()
    form.text()
    assert form.client.post(form.url).status_code == 405
    assert Look.objects.values().get() == Look.objects.filter(pk=before.pk).values().get()


def test_the_page_of_the_servers_shows_it_beside_the_row(form: Form) -> None:
    form.look(checks=CHECKS, looked_at=world.NOON, next_action_at=None)
    text = form.text(f"/portal/forms/{form.submission.number}/servers/")
    assert f'id="see-{ROW}"' in text
    assert "It has no reverse name." in text


def test_what_was_seen_of_a_row_is_said_once(form: Form) -> None:
    form.look(checks=CHECKS, looked_at=world.NOON, next_action_at=None, facts={"look.fcrdns": False})
    text = form.text(f"/portal/forms/{form.submission.number}/servers/")
    assert "It has no reverse name." in text
    assert "A5.03" not in text


def test_a_page_that_saves_itself_brings_the_new_look_along(form: Form) -> None:
    address = f"/portal/forms/{form.submission.number}/servers/"
    response = form.client.get(address)
    step = response.context["wizard"]["form"]
    (part,) = (one for one in step.parts if one.uid == ROW)
    data = {
        "wizard-current_step": "servers",
        "shown": step.shown,
        "autosave": "1",
        f"{ROW}-revision": str(part.revision),
        f"{ROW}-codes": part.codes,
        f"{ROW}-A5.01": "93.184.215.77",
        f"{ROW}-A5.04": HELO,
    }
    text = form.client.post(address, data, headers={"HX-Request": "true"}).content.decode()
    assert Look.objects.get().subject == "93.184.215.77"
    assert "We are looking…" in text
    assert 'hx-swap-oob="true"' in text
    assert f'id="see-{ROW}"' in text
