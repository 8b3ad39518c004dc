"""Refused sign-ins: always in the log, and in the journal as far as a stranger cannot make it everybody's queue.

Each entry of the journal takes its turn at the chain's head, which orders and answers need too.
"""

import logging

from django.http import HttpRequest
from django.utils import timezone

from accounts.client import ip_of, network_of
from accounts.models import User
from accounts.throttle import tries
from journal.actor import Actor
from journal.record import note

NETWORK_LIMIT = 5  # entries a minute
LIMIT = 60  # entries a minute, from everywhere
log = logging.getLogger(__name__)


def record(request: HttpRequest, user: User | None, verb: str) -> None:
    """Note that `verb` happened to `user`, None for an address that nobody has. Nothing that was typed is kept."""
    ip = ip_of(request)
    log.warning(
        "%s: %s, from %s", verb, f"account {user.pk}" if user else "no such account", ip or "an unknown address"
    )
    if tries("refusal", network_of(request)) > NETWORK_LIMIT or tries("refusal", "everybody") > LIMIT:
        return
    note(user or User(pk=0), verb, by=Actor("nobody", "not signed in", ip), at=timezone.now())
