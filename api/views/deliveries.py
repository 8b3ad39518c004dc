"""What was written to people, and whether it got there. Reading only; addresses are personal."""

from collections.abc import Sequence
from typing import Any, Literal

from ninja import Query, Router
from pydantic import Field

from api.auth import ApiRequest
from api.paging import Page, Paging, page
from api.rows import find_order
from api.schemas.halts import DeliveryShown
from halts.models import HaltOrder
from notices.models import Delivery

router = Router(tags=["deliveries"])


class DeliveryFilter(Paging):
    state: Literal["due", "sent", "dead", "cancelled"] | None = None
    about: str = Field("", description="A subject as in `about`, like halt:41.")
    halt: str = Field("", description="A halt order's id or number.")


@router.get("/deliveries", response=Page[DeliveryShown])
def list_deliveries(request: ApiRequest, asked: Query[DeliveryFilter]) -> dict[str, Any]:
    """The letters, the newest first."""
    rows = Delivery.objects.all()
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.about:
        rows = rows.about(asked.about)
    if asked.halt:
        rows = rows.about(find_order(asked.halt).about)
    return page(request, rows, asked, _shown, newest_first=True)


def _shown(deliveries: Sequence[Delivery]) -> list[DeliveryShown]:
    """A letter knows what it is about as text; one query finds the orders of a whole page."""
    ids = [delivery.about.removeprefix("halt:") for delivery in deliveries if delivery.about.startswith("halt:")]
    known = {order.about: order for order in HaltOrder.objects.filter(pk__in=ids)} if ids else {}
    return [DeliveryShown.of(delivery, known.get(delivery.about)) for delivery in deliveries]
