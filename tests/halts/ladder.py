"""The order, step and deliver stages, one cycle each, at a moment that the test names."""

from datetime import datetime

from engine.cycle import Sweep
from halts.sweep import sweep_findings, sweep_orders
from notices.models import Delivery
from tests.world import NOON


def climb(at: datetime = NOON) -> Sweep:
    """One cycle of the step stage."""
    state = Sweep(at)
    sweep_orders(state)
    return state


def order_what_deserves_it(at: datetime = NOON) -> Sweep:
    """One cycle of the order stage."""
    state = Sweep(at)
    sweep_findings(state)
    return state


def mail_out(at: datetime = NOON) -> None:
    """As if the mail server had accepted everything that waits."""
    Delivery.objects.waiting().update(state=Delivery.State.SENT, sent_at=at, next_action_at=None)


def told(letter: str = "halt_order") -> list[tuple[int, str]]:
    """(step, name) of each letter written, in order."""
    return [(one.facts["step"], one.to_name) for one in Delivery.objects.filter(letter=letter).order_by("pk")]
