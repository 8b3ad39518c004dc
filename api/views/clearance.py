"""May this be mailed now?"""

from django.utils import timezone
from ninja import Query, Router

from api.auth import ApiRequest
from api.problems import SENTENCES, Problem
from api.rows import find_vendor
from api.schemas.clearance import ClearanceAsked, ClearanceShown
from gate.ask import clearance

router = Router(tags=["clearance"])


@router.get("/clearance/{ref}", response=ClearanceShown)
def get_clearance(request: ApiRequest, ref: str, asked: Query[ClearanceAsked]) -> ClearanceShown:
    """May a vendor, by id or number, mail now: at all, from a server, with a name in its headers, to a source? Named
    together they are asked about together. Ask again before each mailing: an answer holds for its moment only."""
    _refuse_less(request)
    answer = clearance(
        find_vendor(ref), server=asked.server, header=asked.header, source=asked.source, at=timezone.now()
    )
    return ClearanceShown.of(answer)


def _refuse_less(request: ApiRequest) -> None:
    """A parameter that is misspelled or given twice is refused: the answer would be about less than was meant."""
    for name, values in request.GET.lists():
        if name not in ClearanceAsked.model_fields:
            raise Problem.of_field(name, SENTENCES["extra_forbidden"])
        if len(values) > 1:
            raise Problem.of_field(name, "Ask about one at a time: this is given more than once.")
