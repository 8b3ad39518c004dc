"""An order in the words that the vendor reads, the same on every page that shows it to them."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from halts.models import HaltOrder


@dataclass(frozen=True, slots=True)
class WordedOrder:
    """`code` stands in two groups, as it is read over the telephone; `grounds` are sentences, `clauses` ids."""

    number: str
    state: str
    is_for_all: bool
    server: str
    address: str
    vendor_name: str
    code: str
    issued_at: datetime
    issued_by: str
    scope_sentence: str
    grounds: list[str]
    clauses: list[str]
    acknowledged_by: str
    acknowledged_at: datetime | None
    lifted_at: datetime | None
    lifted_by: str
    lift_reason: str


def word(order: HaltOrder) -> WordedOrder:
    """The order with its vendor, its server and the first answer to it."""
    answer = next(iter(order.acknowledgements.all()), None)  # as the caller may have prefetched them
    return WordedOrder(
        number=order.number,
        state=order.state,
        is_for_all=order.server is None,
        server=str(order.server or ""),
        address=str(order.server.address) if order.server else "",
        vendor_name=order.vendor.name,
        code=order.spoken_code,
        issued_at=order.issued_at,
        issued_by=order.issued_by_name,
        scope_sentence=_scope(order),
        grounds=[line.strip() for line in order.reason.splitlines() if line.strip()],
        clauses=[order.clause] if order.clause else [],
        acknowledged_by=answer.name if answer else "",
        acknowledged_at=order.acknowledged_at,
        lifted_at=order.lifted_at,
        lifted_by=order.lifted_by_name,
        lift_reason=order.lift_reason,
    )


def _scope(order: HaltOrder) -> str:
    what = f"Every message that names or advertises {settings.ADVERTISER_NAME}"
    return f"{what}, from your server {order.server}." if order.server else f"{what}, from all your servers."
