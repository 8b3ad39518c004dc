"""Django's mail backend with a limit on the whole conversation, not only on each wait for an octet.

A server that says one octet a second (a tarpit) never runs into a socket's timeout. It would hold a thread for minutes
and outlive the lease, so that others send the same letter meanwhile.
"""

import smtplib
import socket
import threading
from contextlib import suppress
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangoBackend

CUT_EVERY = 0.5  # seconds, once the limit is passed: TLS may just be putting another socket in place


class _Punctual:
    """`timeout` seconds after the start the connection is cut; whoever waits on it sees that the server is gone."""

    sock: Any = None

    def __init__(self, *arguments: Any, timeout: float = 20.0, **named: Any) -> None:
        self._over = threading.Event()
        threading.Thread(target=self._cut_after, args=(timeout,), name="mail limit", daemon=True).start()
        try:
            super().__init__(*arguments, timeout=timeout, **named)  # type: ignore[call-arg]  # smtplib is the next in line
        except BaseException:
            self._over.set()
            raise

    def close(self) -> None:
        self._over.set()
        super().close()  # type: ignore[misc]

    def _cut_after(self, seconds: float) -> None:
        while not self._over.wait(seconds):
            if self.sock is not None:
                with suppress(OSError):
                    socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
            seconds = CUT_EVERY


class _PunctualSMTP(_Punctual, smtplib.SMTP):
    pass


class _PunctualSMTPS(_Punctual, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangoBackend):
    """`timeout`, in seconds, is for the whole of one connection; the settings name it EMAIL_TIMEOUT."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _PunctualSMTPS if self.use_ssl else _PunctualSMTP
