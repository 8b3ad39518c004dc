"""Writing a letter and delivering what is due, in a line each."""

from typing import Any

from pytest_django import Settings

from engine.cycle import Sweep
from notices import outbox
from notices.models import Delivery
from notices.outbox import Recipient
from notices.sweep import sweep
from tests.world import NOON

FACTS = {
    "number": "H-2026-0041",
    "code": "ABCD EFGH",
    "vendor": "Alder Mailings",
    "server": "mta1.alder.example.net (198.18.0.7)",
    "reason": "198.18.0.7 is on the blocklist Quarry.",
    "clause": "R5",
    "issued_at": "21 November 2026, 12:00:00 UTC",
    "step": 0,
    "next_minutes": 15,
}
TO = Recipient("Alma Reyes", "alma@alder.example.net")


def point_mail_at(port: int, settings: Settings) -> None:
    """Real SMTP, to this port of the loopback; pytest-django had it kept in memory."""
    settings.EMAIL_BACKEND = "notices.punctual.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_TIMEOUT = 20


def write(key: str = "halt:41:step0:contact1", to: Recipient = TO, **changes: Any) -> Delivery:
    facts = FACTS | changes.pop("facts", {})
    given: dict[str, Any] = {"about": "halt:41", "at": NOON, "link_purpose": "halt", "letter": "halt_order"} | changes
    return outbox.write(given.pop("letter"), to, key=key, facts=facts, **given)


def deliver_due() -> Sweep:
    """One cycle of the deliver stage."""
    state = Sweep(NOON)
    sweep(state)
    return state
