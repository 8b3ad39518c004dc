"""The lab's front door over HTTP, on loopback only: JSON for scripts, one page for people.

Any page that a browser on this machine visits can make it call a loopback port. So every request must name
the lab's own Host (against DNS rebinding), changes are POST or DELETE, a form must come from the lab's own
Origin, and JSON must say that it is JSON, which a foreign page cannot do without a preflight that is never
granted.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from lab import page
from lab.levers import Levers, NoSuchLever
from lab.mail import Mail

HOST = "127.0.0.1"
STYLE = Path(__file__).with_name("style.css")
MOST_OCTETS = 64 * 1024  # in a request's body
MOST_DRAINED = 16 * MOST_OCTETS  # read and thrown away before a longer one is refused
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LETTER_POLICY = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
log = logging.getLogger(__name__)


class Refusal(Exception):
    """A request that is not followed: its status, and a sentence that says why."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Control:
    """Serves the levers in threads of its own; `port` 0 takes a free one."""

    def __init__(self, levers: Levers, *, port: int = 0) -> None:
        self._levers = levers
        self._port = port

    @property
    def url(self) -> str:
        """Where the page is, as "http://127.0.0.1:8025"."""
        return f"http://{HOST}:{self._port}"

    def __enter__(self) -> Self:
        self._server = _Server((HOST, self._port), partial(_Visit, self._levers))
        self._port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="lab control", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 50

    def server_bind(self) -> None:
        """Bind without asking DNS for our own name, as HTTPServer would."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        fault = sys.exception()
        if not isinstance(fault, ConnectionError):  # a client that went away is no news
            log.error("A request failed.", exc_info=fault)


class _Visit(BaseHTTPRequestHandler):
    """One request."""

    server: _Server
    server_version = "SluiceLab"
    sys_version = ""
    timeout = 10  # s, for a client that says nothing

    def __init__(self, levers: Levers, *place: Any) -> None:
        self._levers = levers
        super().__init__(*place)

    def do_GET(self) -> None:
        self._answer(self._show)

    do_HEAD = do_GET  # noqa: N815

    def do_POST(self) -> None:
        self._answer(self._change)

    def do_DELETE(self) -> None:
        self._answer(self._delete)

    def _answer(self, deed: Callable[[str], None]) -> None:
        path = urlsplit(self.path).path
        try:
            self._read_body()
            self._check_host()
            deed(path)
        except Refusal as refusal:
            self._refuse(refusal.status, str(refusal))
        except ValueError as fault:
            self._refuse(HTTPStatus.BAD_REQUEST, str(fault))
        except NoSuchLever as fault:
            self._refuse(HTTPStatus.NOT_FOUND, str(fault))

    def _show(self, path: str) -> None:
        levers = self._levers
        match path.strip("/").split("/"):
            case [""]:
                refreshes = urlsplit(self.path).query == "refresh"
                html = page.render(levers.picture(), levers.sink.messages, refreshes=refreshes)
                self._send_html(html, PAGE_POLICY)
            case ["style.css"]:
                self._send(HTTPStatus.OK, "text/css; charset=utf-8", STYLE.read_bytes())
            case ["world"]:
                self._send_json(dataclasses.asdict(levers.picture()))
            case ["mail"]:
                mails = [_summary(number, mail) for number, mail in enumerate(levers.sink.messages, start=1)]
                self._send_json({"mails": mails})
            case ["mail", number]:
                self._send_json(self._mail(number).as_json())
            case ["mail", number, "html"] if self._mail(number).html:
                self._send_html(self._mail(number).html, LETTER_POLICY)
            case _:
                raise Refusal(HTTPStatus.NOT_FOUND, f"There is no page {path}; try /, /world or /mail.")

    def _change(self, path: str) -> None:
        fields, is_form = self._fields()
        verb = path.strip("/")
        if verb == "mail/clear":
            done: Mapping[str, object] = {"forgotten": self._levers.sink.mailbox.clear()}
        else:
            done = self._levers.pull(verb, fields)
        if not is_form:
            self._send_json(done)
            return
        self.send_response(HTTPStatus.SEE_OTHER)
        came_from = urlsplit(self.headers.get("Referer", ""))
        self.send_header("Location", "/?refresh" if came_from.query == "refresh" else "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _delete(self, path: str) -> None:
        if path != "/mail":
            raise Refusal(HTTPStatus.NOT_FOUND, "Only /mail can be deleted.")
        self._check_origin(is_form=False)
        self._send_json({"forgotten": self._levers.sink.mailbox.clear()})

    def _mail(self, number: str) -> Mail:
        mails = self._levers.sink.messages
        if not number.isdecimal() or not 0 < int(number) <= len(mails):
            raise Refusal(HTTPStatus.NOT_FOUND, f"There is no mail {number}; there are {len(mails)}, from 1.")
        return mails[int(number) - 1]

    def _read_body(self) -> None:
        """Take the body in before any answer: closing on unread octets would reset the connection."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or "Transfer-Encoding" in self.headers:
            raise Refusal(HTTPStatus.LENGTH_REQUIRED, "Say how long the body is, with Content-Length.")
        self._body = self.rfile.read(min(int(length), MOST_DRAINED))
        if len(self._body) > MOST_OCTETS:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body may have {MOST_OCTETS} octets.")

    def _check_host(self) -> None:
        own = (f"{HOST}:{self.server.server_port}", f"localhost:{self.server.server_port}")
        if self.headers.get("Host") not in own:
            raise Refusal(HTTPStatus.FORBIDDEN, f"This is {own[0]}, and answers to no other name.")

    def _check_origin(self, *, is_form: bool) -> None:
        origin = self.headers.get("Origin")
        if origin is None and not is_form:
            return  # a script; a browser that deletes or posts JSON for a foreign page always names it
        if origin != f"http://{self.headers['Host']}":
            raise Refusal(HTTPStatus.FORBIDDEN, "A change must come from the lab's own page, or be sent as JSON.")

    def _fields(self) -> tuple[dict[str, object], bool]:
        """The body's fields, and whether they came from a form."""
        kind = self.headers.get_content_type() if "Content-Type" in self.headers else ""
        if kind not in (JSON, FORM):
            raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {JSON}; {kind or 'no type'} is not read here.")
        self._check_origin(is_form=kind == FORM)
        if kind == FORM:
            pairs = parse_qs(self._body.decode(errors="replace"), keep_blank_values=True)
            return {name: values[-1] for name, values in pairs.items()}, True
        try:
            given = json.loads(self._body)
        except ValueError as fault:
            raise ValueError(f"The body is not JSON: {fault}.") from None
        if not isinstance(given, dict):
            raise Refusal(HTTPStatus.BAD_REQUEST, 'The body must be an object, such as {"zone": "…"}.')
        return given, False

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        if self.command == "POST" and self.headers.get_content_type() == FORM:
            self._send_html(page.render_refusal(sentence), PAGE_POLICY, status)
        else:
            self._send_json({"error": sentence}, status)

    def _send_json(self, value: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK) -> None:
        text = json.dumps(value, indent=1, ensure_ascii=False, default=sorted)  # sets are what JSON lacks
        self._send(status, f"{JSON}; charset=utf-8", text.encode() + b"\n")

    def _send_html(self, html: str, policy: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(status, "text/html; charset=utf-8", html.encode(errors="replace"), policy)

    def _send(self, status: HTTPStatus, kind: str, body: bytes, policy: str = "default-src 'none'") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "same-origin")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *words: object) -> None:  # noqa: A002 (the standard library's name)
        log.debug(format, *words)


def _summary(number: int, mail: Mail) -> dict[str, object]:
    return {
        "number": number,
        "at": mail.at.isoformat(),
        "sender": mail.sender,
        "recipients": mail.recipients,
        "subject": mail.subject,
        "message_id": mail.message_id,
        "links": mail.links,
    }
