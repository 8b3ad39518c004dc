import socket
import threading
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings

from lab.mail import Mail
from lab.smtp import SmtpMood, SmtpSink
from notices.letters import Letter, render
from notices.transports import Outcome, send_mail
from tests.notices.post import FACTS, point_mail_at

MESSAGE_ID = "<0f6d@harrow.example.com>"
PAYLOADS = [
    "Eve\r\nBcc: victim@example.org",
    "Eve\nSubject: You have won",
    "Eve\r\n\r\nA body of my own",
    "Eve\u2028Bcc: victim@example.org",
    "Eve\x0bBcc: victim@example.org\x00",
    'Eve" <victim@example.org>, "Mallory',
    "Eve, victim@example.org",
    "=?utf-8?q?Eve_=3Cvictim=40example.org=3E=2C?=",
    "=?utf-8?b?RXZlDQpCY2M6IHZpY3RpbUBleGFtcGxlLm9yZw==?=",
    "Eve \u202egro.elpmaxe@mitciv",
    "Eve <victim@example.org>",
    "Zoë\r\n Größe",
    "x" * 2000,
]


def send(to_name: str = "Alma", to_email: str = "alma@alder.example.net", letter: Letter | None = None) -> Outcome:
    plain = letter or Letter("Stop", "Stop now.\n", "<p>Stop now.</p>")
    return send_mail(plain, to_name=to_name, to_email=to_email, message_id=MESSAGE_ID, about="halt:41")


def says_one_thing_to_one_person(mail: Mail) -> bool:
    once = ("From", "To", "Subject", "Message-ID", "References", "Auto-Submitted", "Date", "MIME-Version")
    return (
        all(len(mail.header(name)) == 1 for name in once)
        and not any(mail.header(name) for name in ("Bcc", "Cc", "Reply-To"))
        and mail.recipients == ("alma@alder.example.net",)
        and len(mail.subject.splitlines()) == 1
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_a_name_is_the_mail_has_one_recipient_and_one_subject(payload: str, sink: SmtpSink) -> None:
    outcome = send(to_name=payload)
    assert outcome.accepted, outcome.answer
    [mail] = sink.messages
    assert says_one_thing_to_one_person(mail)
    assert mail.header("To")[0].endswith("<alma@alder.example.net>")
    assert "Stop now." in mail.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_the_facts_are_the_mail_has_one_recipient_and_one_subject(payload: str, sink: SmtpSink) -> None:
    letter = render("halt_order", FACTS | {"number": payload, "vendor": payload, "to_name": payload, "link": "x"})
    assert send(letter=letter).accepted
    [mail] = sink.messages
    assert says_one_thing_to_one_person(mail)
    assert mail.subject.startswith("Halt order ")
    assert "\u202e" not in mail.subject + mail.text


@pytest.mark.parametrize(
    "address",
    [
        "alma@alder.example.net, victim@example.org",
        "alma@alder.example.net\nBcc: victim@example.org",
        "Alma <alma@alder.example.net>",
        "alma@alder.example.net>\r\nRCPT TO:<victim@example.org",
        "alma",
        "@alder.example.net",
        "",
    ],
)
def test_what_is_not_one_address_is_refused_for_good_and_nothing_leaves(address: str, sink: SmtpSink) -> None:
    outcome = send(to_email=address)
    assert (outcome.accepted, outcome.permanent) == (False, True)
    assert "is not an email address" in outcome.answer
    assert sink.messages == []


@given(st.text(max_size=80))
@example("a\tb")
def test_a_subject_is_one_line_of_printable_text_whatever_is_in_it(text: str) -> None:
    subject = render("halt_lifted", {"number": text}).subject
    assert len(subject.splitlines()) == 1
    assert "=?" not in subject
    assert len(subject) <= 150


def test_words_that_a_tab_held_apart_stay_apart() -> None:
    assert render("halt_lifted", {"number": "H-1\tand\x0bH-2"}).subject.startswith("Lifted: halt order H-1 and H-2 of")


def test_a_server_that_is_not_there_is_tried_again(settings: Settings) -> None:
    point_mail_at(1, settings)
    outcome = send()
    assert (outcome.accepted, outcome.permanent) == (False, False)
    assert outcome.answer.startswith("ConnectionRefusedError")


def test_a_tarpit_is_left_when_the_time_is_up(sink: SmtpSink, settings: Settings) -> None:
    sink.set_mood(SmtpMood(speed=5))  # octets a second: the conversation would take a minute
    settings.EMAIL_TIMEOUT = 1
    began = time.monotonic()
    outcome = send()
    assert time.monotonic() - began < 20
    assert (outcome.accepted, outcome.permanent) == (False, False)


def test_a_server_that_accepts_and_then_says_nothing_to_the_goodbye_has_accepted(settings: Settings) -> None:
    with _Scripted(
        b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"250 x\r\n", b"354 x\r\n", b"250 kept\r\n", is_mute=True
    ) as server:
        point_mail_at(server.port, settings)
        settings.EMAIL_TIMEOUT = 1
        assert send() == Outcome(True, "250")


@pytest.mark.parametrize(
    ("replies", "permanent"),
    [
        ((b"554 no service\r\n",), False),  # about us, not about the recipient
        ((b"220 x\r\n", b"250 x\r\n", b"550 sender\r\n"), False),
        ((b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"550 no \x00such\xff user\r\n"), True),
        ((b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"450 grey\r\n"), False),
        ((b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"250 x\r\n", b"354 x\r\n", b"554 spam\r\n"), True),
        ((b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"250 x\r\n", b"354 x\r\n", b"451 later\r\n"), False),
        ((b"220 x\r\n", b"nonsense\r\n"), False),
        ((b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"9" * 10000 + b"\r\n"), False),
        ((b"",), False),
    ],
)
def test_only_a_5xx_about_the_recipient_or_the_message_is_for_good(
    replies: tuple[bytes, ...], permanent: bool, settings: Settings
) -> None:
    with _Scripted(*replies) as server:
        point_mail_at(server.port, settings)
        settings.EMAIL_TIMEOUT = 2
        outcome = send()
    assert (outcome.accepted, outcome.permanent) == (False, permanent)
    assert outcome.answer.isprintable()


class _Scripted:
    """A mail server of one conversation: each reply when something was said to it, then it hangs up, or falls mute."""

    def __init__(self, *replies: bytes, is_mute: bool = False) -> None:
        self._replies, self._is_mute = replies, is_mute
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self) -> "_Scripted":
        self._thread = threading.Thread(target=self._talk)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._listener.close()

    def _talk(self) -> None:
        client, _ = self._listener.accept()
        with client, client.makefile("rb") as said:
            in_data = False
            for number, reply in enumerate(self._replies):
                if number:
                    while (line := said.readline()) and in_data and line != b".\r\n":
                        pass
                client.sendall(reply)
                in_data = reply.startswith(b"354")
            while self._is_mute and said.readline():
                pass
