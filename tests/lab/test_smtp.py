"""The mail server as smtplib sees it."""

import email.message
import json
import smtplib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lab.mail import Mail
from lab.smtp import SmtpMood, SmtpSink
from tests.lab.conftest import PATIENCE


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink(seed=7) as sink:
        yield sink


def letter(subject: str = "Halt order", to: str = "abuse@vendor.example.net") -> email.message.EmailMessage:
    message = email.message.EmailMessage()
    message["From"] = "desk@advertiser.example.org"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = "<order-1@advertiser.example.org>"
    message.set_content("Stop now: https://advertiser.example.org/ack/abc?x=1.\n.a dot begins this line\n")
    message.add_alternative(
        '<p>Stop <a href="https://advertiser.example.org/ack/abc?x=1">now</a>, '
        '<a href="https://advertiser.example.org/verify">check</a> <a href="mailto:x@y">or ask</a></p>',
        subtype="html",
    )
    return message


def send(sink: SmtpSink, message: email.message.EmailMessage | None = None) -> None:
    with smtplib.SMTP(sink.host, sink.port, timeout=PATIENCE) as client:
        client.send_message(message or letter())


def test_a_mail_arrives_whole_and_readable(sink: SmtpSink) -> None:
    send(sink, letter(subject="Versand anhalten: größere Störung"))
    (mail,) = sink.messages
    assert mail.sender == "desk@advertiser.example.org"
    assert mail.recipients == ("abuse@vendor.example.net",)
    assert mail.subject == "Versand anhalten: größere Störung"
    assert mail.message_id == "<order-1@advertiser.example.org>"
    assert mail.text.splitlines()[1] == ".a dot begins this line"
    assert mail.html.startswith("<p>Stop <a")
    assert mail.header("to") == ("abuse@vendor.example.net",)
    assert mail.at.tzinfo is UTC


def test_links_are_found_once_each_in_text_and_html(sink: SmtpSink) -> None:
    send(sink)
    assert sink.messages[0].links == (
        "https://advertiser.example.org/ack/abc?x=1",
        "https://advertiser.example.org/verify",
    )


def test_a_broken_mail_is_kept_all_the_same() -> None:
    raw = (
        b"Subject: =?no-such-charset?Q?=FF?=\r\nX-Odd: \xff\r\n"
        b"Content-Type: text/plain; charset=no-such\r\n\r\nbody \xff\r\n"
    )
    mail = Mail.of(datetime.now(UTC), "", ("a@example.com",), raw)
    assert mail.raw == raw
    assert mail.text.startswith("body ")
    assert Mail.of(datetime.now(UTC), "", (), b"").subject == ""


def test_waiting_ends_with_the_mail_or_with_a_sentence(sink: SmtpSink) -> None:
    sender = threading.Thread(target=send, args=(sink,))
    sender.start()
    assert len(sink.mailbox.wait_for(1, timeout=PATIENCE)) == 1
    sender.join()
    with pytest.raises(TimeoutError, match="0 of 1 messages"):
        sink.mailbox.wait_for(1, timeout=0.01, matching=lambda mail: mail.subject == "Other")


def test_mail_survives_in_its_folder(tmp_path: Path) -> None:
    for expected in ("00001.eml", "00002.eml"):
        with SmtpSink(folder=tmp_path) as sink:
            send(sink)
            assert (tmp_path / expected).read_bytes() == sink.messages[0].raw
    lines = [json.loads(line) for line in (tmp_path / "mail.jsonl").read_text().splitlines()]
    assert [line["file"] for line in lines] == ["00001.eml", "00002.eml"]
    assert lines[0]["subject"] == "Halt order"


def test_the_mailbox_can_be_emptied_and_searched(sink: SmtpSink) -> None:
    send(sink, letter(to="one@example.com"))
    send(sink, letter(to="two@example.com"))
    assert [mail.recipients for mail in sink.mailbox.to("two@example.com")] == [("two@example.com",)]
    assert sink.mailbox.clear() == 2
    assert sink.messages == []


def test_a_bad_address_is_refused_for_good(sink: SmtpSink) -> None:
    sink.set_mood(SmtpMood(reject=frozenset({"abuse@vendor.example.net"})))
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(sink)
    assert refusal.value.recipients["abuse@vendor.example.net"][0] == 554
    send(sink, letter(to="other@vendor.example.net"))
    assert len(sink.messages) == 1


def outcomes(count: int, seed: int) -> list[int]:
    codes = []
    with SmtpSink(seed=seed) as sink:
        sink.set_mood(SmtpMood(defer=0.5))
        for _ in range(count):
            try:
                send(sink)
                codes.append(250)
            except smtplib.SMTPSenderRefused as refusal:
                codes.append(refusal.smtp_code)
        assert len(sink.messages) == codes.count(250)
    return codes


def test_a_share_of_mail_is_deferred_the_same_share_each_time() -> None:
    first = outcomes(30, seed=3)
    assert set(first) == {250, 421, 451}
    assert first == outcomes(30, seed=3)


@pytest.mark.parametrize("keeps", [False, True])
def test_a_connection_may_be_cut_after_the_last_dot(sink: SmtpSink, keeps: bool) -> None:
    sink.set_mood(SmtpMood(drop=1.0, keeps_dropped=keeps))
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send(sink)
    assert len(sink.messages) == keeps
    sink.set_mood(SmtpMood())
    send(sink)
    assert len(sink.messages) == keeps + 1


def test_a_slow_server_answers_octet_by_octet(sink: SmtpSink) -> None:
    sink.set_mood(SmtpMood(speed=2000.0))
    send(sink)
    assert len(sink.messages) == 1
    sink.set_mood(SmtpMood(speed=1.0))
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        smtplib.SMTP(sink.host, sink.port, timeout=0.2)


def test_refused_connections_come_back_on_the_same_port(sink: SmtpSink) -> None:
    port = sink.port
    with smtplib.SMTP(sink.host, sink.port, timeout=PATIENCE) as client:
        client.noop()
        sink.set_mood(SmtpMood(refuses=True))
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
            client.noop()
    with pytest.raises(ConnectionRefusedError):
        send(sink)
    sink.set_mood(SmtpMood())
    send(sink)
    assert (sink.port, len(sink.messages)) == (port, 1)


def test_a_callback_runs_after_the_mail_is_kept_and_before_its_250(sink: SmtpSink) -> None:
    order: list[str] = []
    sink.on_accept(lambda mail: order.append(f"kept {len(sink.messages)} {mail.message_id}"))
    send(sink)
    order.append("client has its 250")
    assert order == ["kept 1 <order-1@advertiser.example.org>", "client has its 250"]


def test_a_failing_callback_does_not_look_like_a_refusal(sink: SmtpSink) -> None:
    def fail(mail: Mail) -> None:
        raise RuntimeError("the test's own mistake")

    sink.on_accept(fail)
    send(sink)
    assert len(sink.messages) == 1


@pytest.mark.parametrize("mood", [{"speed": 0}, {"defer": 1.5}, {"drop": -0.1}])
def test_a_mood_that_makes_no_sense_is_refused(mood: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="is not"):
        SmtpMood(**mood)  # type: ignore[arg-type]


def test_closing_ends_open_conversations() -> None:
    with SmtpSink() as sink:
        client = smtplib.SMTP(sink.host, sink.port, timeout=PATIENCE)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        client.noop()
    client.close()
