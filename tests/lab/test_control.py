"""The control server as scripts and browsers see it."""

import http.client
import json
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlencode, urlsplit

import pytest

from lab.run import Lab
from tests.lab.conftest import PATIENCE, ZEN

JSON = {"Content-Type": "application/json"}
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Said:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> dict[str, object]:
        value: dict[str, object] = json.loads(self.text)
        return value


@dataclass(frozen=True)
class Caller:
    lab: Lab

    def __call__(
        self, method: str, path: str, body: str | bytes | None = None, headers: dict[str, str] | None = None
    ) -> Said:
        place = urlsplit(self.lab.control_url)
        connection = http.client.HTTPConnection(place.netloc, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Said(answer.status, dict(answer.getheaders()), answer.read().decode())
        finally:
            connection.close()

    def post(self, path: str, **fields: object) -> Said:
        return self("POST", path, json.dumps(fields), JSON)

    def submit(self, path: str, origin: str | None = None, **fields: str) -> Said:
        headers = {"Content-Type": FORM, "Origin": origin or self.lab.control_url}
        return self("POST", path, urlencode(fields), headers)


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as lab:
        yield lab


@pytest.fixture
def call(lab: Lab) -> Caller:
    return Caller(lab)


def is_on_zen(lab: Lab, target: str) -> bool:
    (zen,) = [zone for zone in lab.world.zones() if zone.name == ZEN]
    return any(listing.target == target for listing in zen.listings.values())


def send_mail(lab: Lab) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "desk@advertiser.example.org", "abuse@brambleford.example"
    message["Subject"] = "Halt <b>now</b>"
    message.set_content("Go to https://advertiser.example.org/ack/1?a=1&b=2.\n")
    message.add_alternative("<p>Stop</p><script>alert(1)</script>", subtype="html")
    host, _, port = lab.smtp_address.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=PATIENCE) as client:
        client.send_message(message)


def test_the_world_is_told_as_json(call: Caller) -> None:
    world = call("GET", "/world").json
    assert ZEN in world["lists"]  # type: ignore[operator]
    senders = {sender["target"]: sender for sender in world["senders"]}  # type: ignore[attr-defined]
    assert senders["203.0.113.71"]["listed_on"] == ["bl.spamcop.net"]
    assert senders["203.0.113.71"]["vendor"] == "Saltmarrow Partners"


def test_listing_and_delisting_by_json(lab: Lab, call: Caller) -> None:
    said = call.post("/list", zone=ZEN, address="192.0.2.11", codes=["127.0.0.4"], text="why")
    assert (said.status, said.json) == (200, {"zone": ZEN, "address": "192.0.2.11", "listed": True})
    assert is_on_zen(lab, "192.0.2.11")
    assert call.post("/delist", zone=ZEN, address="192.0.2.11").json["was_listed"] is True
    assert not is_on_zen(lab, "192.0.2.11")


def test_moods_of_zones_paths_and_mail_by_json(lab: Lab, call: Caller) -> None:
    assert call.post("/mood", zone=ZEN, mood="refuse_code", code="127.255.255.252", delay=0.5).status == 200
    zen = lab.world.zones()[0].temper
    assert (zen.mood, zen.code, zen.delay) == ("refuse_code", "127.255.255.252", 0.5)
    assert call.post("/mood", server=1, mood="silent").status == 200
    assert call.post("/mood", server=lab.resolvers[0], mood="truncate", loss=0.25).status == 200
    assert [path.mood for path in lab.paths] == ["truncate", "silent"]
    assert call.post("/smtp", defer=0.3, reject=["a@example.com"], keeps_dropped=True).status == 200
    assert (lab.sink.mood.defer, lab.sink.mood.reject) == (0.3, frozenset({"a@example.com"}))
    assert call("GET", "/world").json["smtp"]["reject"] == ["a@example.com"]  # type: ignore[index]


def test_names_by_json(lab: Lab, call: Caller) -> None:
    assert call.post("/host", name="new.example.com", addresses=["192.0.2.200", "2001:db8::9"]).status == 200
    assert call.post("/reverse", address="192.0.2.200", names="new.example.com, old.example.com").json == {
        "address": "192.0.2.200",
        "names": ["new.example.com", "old.example.com"],
    }
    assert lab.world.hosts()["new.example.com"] == ("192.0.2.200", "2001:db8::9")
    assert call.post("/host", name="new.example.com", remove=True).json["removed"] is True
    assert call.post("/reverse", address="192.0.2.200").json["names"] == []


def test_mail_can_be_listed_read_and_forgotten(lab: Lab, call: Caller) -> None:
    send_mail(lab)
    summary = json.loads(call("GET", "/mail").text)["mails"][0]
    assert (summary["number"], summary["subject"]) == (1, "Halt <b>now</b>")
    mail = call("GET", "/mail/1").json
    assert mail["links"] == ["https://advertiser.example.org/ack/1?a=1&b=2"]
    assert mail["recipients"] == ["abuse@brambleford.example"]
    assert call("DELETE", "/mail").json == {"forgotten": 1}
    assert call("GET", "/mail").json == {"mails": []}


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "²"])
def test_a_mail_that_is_not_there_is_said_to_be_missing(lab: Lab, call: Caller, number: str) -> None:
    send_mail(lab)
    said = call("GET", f"/mail/{number}".replace("²", "%C2%B2"))
    assert said.status == 404
    assert "There is no mail" in str(said.json["error"])


def test_the_html_part_is_shown_in_a_sandbox(lab: Lab, call: Caller) -> None:
    send_mail(lab)
    said = call("GET", "/mail/1/html")
    assert "<script>" in said.text
    assert said.headers["Content-Security-Policy"].startswith("sandbox allow-popups; default-src 'none'")


def test_the_page_shows_senders_moods_and_mail(lab: Lab, call: Caller) -> None:
    send_mail(lab)
    lab.world.set_mood(ZEN, "servfail")
    text = call("GET", "/").text
    assert "2 senders are listed. One is in a mood." in text
    assert 'aria-label="Delist 203.0.113.71 on bl.spamcop.net"' in text
    assert 'aria-label="List 2001:db8:51::25 on zen.spamhaus.org"' in text
    assert "no reverse name" in text
    assert "does not match" in text
    assert "Halt &lt;b&gt;now&lt;/b&gt;" in text
    link = 'href="https://advertiser.example.org/ack/1?a=1&amp;b=2" target="_blank" rel="noopener noreferrer"'
    assert link in text
    assert "<script" not in text


def test_the_page_needs_nothing_but_its_own_style_sheet(call: Caller) -> None:
    page = call("GET", "/")
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'self'" in page.headers["Content-Security-Policy"]
    assert "style=" not in page.text
    assert "http-equiv" not in page.text
    assert 'http-equiv="refresh"' in call("GET", "/?refresh").text
    assert call("GET", "/style.css").headers["Content-Type"] == "text/css; charset=utf-8"


def test_a_form_on_the_page_lists_and_leads_back(lab: Lab, call: Caller) -> None:
    said = call.submit("/list", zone=ZEN, address="192.0.2.11", codes="")
    assert (said.status, said.headers["Location"]) == (303, "/")
    assert is_on_zen(lab, "192.0.2.11")
    assert call.submit("/mail/clear").status == 303


def test_head_says_what_get_would(call: Caller) -> None:
    said = call("HEAD", "/")
    assert (said.status, said.text) == (200, "")
    assert int(said.headers["Content-Length"]) > 1000


@pytest.mark.parametrize(
    ("path", "fields", "sentence"),
    [
        ("/list", {"zone": ZEN}, "`address` is missing."),
        ("/list", {"zone": "zen.example", "address": "192.0.2.1"}, "This world has no list 'zen.example'"),
        ("/list", {"zone": ZEN, "address": "192.0.2.1", "codes": ["x"]}, "'x' is not a return code"),
        (
            "/list",
            {"zone": ZEN, "adress": "192.0.2.1"},
            "'adress' is not known here; this takes zone, ",
        ),
        ("/list", {"zone": [ZEN], "address": "192.0.2.1"}, "`zone` is a text"),
        ("/list", {"zone": ZEN, "address": "192.0.2.256"}, "neither an IP address nor a domain"),
        ("/list", {"zone": ZEN, "address": "192.0.2.1", "text": "\ud800"}, "surrogates not allowed"),
        ("/mood", {"zone": ZEN, "mood": "sad"}, "There is no mood 'sad' for a zone"),
        ("/mood", {"mood": "silent"}, "Say whose mood"),
        ("/mood", {"server": "9", "mood": "silent"}, "There is no server '9'"),
        ("/mood", {"server": 0, "mood": "sad"}, "There is no mood 'sad' for a server"),
        ("/mood", {"zone": ZEN, "mood": "normal", "delay": "soon"}, "`delay` is a number; 'soon' is not."),
        ("/reverse", {"address": "192.0.2"}, "'192.0.2' is not an IP address"),
        ("/host", {"name": "a.example.com"}, "Give `addresses`"),
        ("/host", {"name": "a.example.com", "remove": "maybe"}, "`remove` is true or false"),
        ("/smtp", {"defer": 3}, "defer is a share from 0 to 1"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(
    lab: Lab, call: Caller, path: str, fields: dict[str, object], sentence: str
) -> None:
    before = lab.world.version
    said = call.post(path, **fields)
    assert said.status == 400
    assert sentence in str(said.json["error"])
    assert lab.world.version == before


def test_a_refused_form_gets_a_page_with_the_sentence(call: Caller) -> None:
    said = call.submit("/list", zone=ZEN, address="<b>")
    assert said.status == 400
    assert "That did not work" in said.text
    assert "<b>" not in said.text


@pytest.mark.parametrize(("body", "status"), [("{", 400), ("[1]", 400), ("x" * 70_000, 413)])
def test_a_body_that_is_no_object_is_refused(call: Caller, body: str, status: int) -> None:
    said = call("POST", "/list", body, JSON)
    assert said.status == status
    assert said.json["error"]


def test_unknown_places_say_so(call: Caller) -> None:
    assert call("GET", "/nothing").status == 404
    assert call.post("/nothing").status == 404
    assert call("DELETE", "/world").status == 404
    assert call("PUT", "/list").status == 501


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_foreign_page_changes_nothing(lab: Lab, call: Caller, origin: str) -> None:
    fields = {"zone": ZEN, "address": "192.0.2.11"}
    assert call.submit("/list", origin=origin, **fields).status == 403
    assert call("POST", "/list", json.dumps(fields), {**JSON, "Origin": origin}).status == 403
    assert call("DELETE", "/mail", None, {"Origin": origin}).status == 403
    assert not is_on_zen(lab, "192.0.2.11")


def test_a_form_without_origin_changes_nothing(lab: Lab, call: Caller) -> None:
    body = urlencode({"zone": ZEN, "address": "192.0.2.11"})
    assert call("POST", "/list", body, {"Content-Type": FORM}).status == 403
    assert not is_on_zen(lab, "192.0.2.11")


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", ""])
def test_a_foreign_content_type_changes_nothing(lab: Lab, call: Caller, kind: str) -> None:
    body = json.dumps({"zone": ZEN, "address": "192.0.2.11"})
    said = call("POST", "/list", body, {"Content-Type": kind} if kind else {})
    assert said.status == 415
    assert not is_on_zen(lab, "192.0.2.11")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1"])
def test_another_host_name_is_not_answered(call: Caller, host: str) -> None:
    for path in ("/", "/world", "/mail"):
        assert call("GET", path, None, {"Host": host}).status == 403
    assert call("POST", "/list", "{}", {**JSON, "Host": host}).status == 403


def test_a_get_never_changes_anything(lab: Lab, call: Caller) -> None:
    before = lab.world.version
    for verb in ("list", "delist", "mood", "reverse", "host", "smtp", "mail/clear"):
        assert call("GET", f"/{verb}?zone={ZEN}&address=192.0.2.11").status == 404
    assert lab.world.version == before
