"""What the life cycle test believes: a small model of findings, orders and letters, without a database.

Rules, as the design has them: a deserving finding has one order, unless one stands for the same fault already; an
unanswered order climbs one step when its moment has come and nobody holds it; an answer or a lift ends the climbing;
lifting tells whoever got the order.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

WAIT = timedelta(minutes=15)
LEASE = timedelta(seconds=60)


@dataclass
class ModelOrder:
    state: str = "issued"
    step: int = 0
    due_at: datetime | None = None
    held_until: datetime | None = None
    answers: set[str] = field(default_factory=set)
    written: int = 0  # steps for which letters were written

    def is_due(self, now: datetime) -> bool:
        is_free = self.held_until is None or self.held_until <= now
        return self.state == "issued" and self.due_at is not None and self.due_at <= now and is_free


@dataclass
class Model:
    open: dict[int, int] = field(default_factory=dict)  # server to its open finding
    unordered: set[int] = field(default_factory=set)  # open findings without an order
    orders: dict[int, ModelOrder] = field(default_factory=dict)  # by finding
    server_of: dict[int, int] = field(default_factory=dict)
    sent_twice: int = 0  # letters whose sender died between the server's yes and our note of it

    def opens(self, server: int, finding: int) -> None:
        self.open[server] = finding
        self.server_of[finding] = server
        self.unordered.add(finding)

    def closes(self, server: int) -> None:
        self.unordered.discard(self.open.pop(server))

    def order_sweep(self, now: datetime) -> None:
        standing = {self.server_of[finding] for finding, order in self.orders.items() if order.state != "lifted"}
        for finding in [one for one in self.unordered if self.server_of[one] not in standing]:
            self.orders[finding] = ModelOrder(due_at=now)
            self.unordered.discard(finding)

    def step_sweep(self, now: datetime) -> None:
        for order in self.orders.values():
            if order.is_due(now):
                order.step, order.due_at, order.held_until = order.step + 1, now + WAIT, None
                order.written += 1

    def hold(self, now: datetime) -> None:
        """Somebody claims every due order and dies."""
        for order in self.orders.values():
            if order.is_due(now):
                order.held_until = now + LEASE

    def acknowledge(self, finding: int, name: str) -> bool:
        order = self.orders[finding]
        is_first = order.state == "issued"
        if order.state != "lifted":
            order.answers.add(name)
        if is_first:
            order.state, order.due_at = "acknowledged", None
        return is_first

    def lift(self, finding: int) -> bool:
        order = self.orders[finding]
        was_lifted = order.state == "lifted"
        order.state, order.due_at = "lifted", None
        return not was_lifted
