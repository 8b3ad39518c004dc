"""What needs a person now."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from desk import checks
from desk.access import staff
from desk.alarm import to_review, without_order
from desk.queries import blindness, fleet
from desk.queries.lists import Named, named
from desk.telling import Telling, tellings
from desk.words import counted, listed, number, sentence
from engine import health
from halts.models import HaltOrder
from monitors import lookups
from monitors.models import Finding, Quarantine
from notices.models import Delivery
from questionnaires.models import Acceptance, Submission

RECEIPT_OVERDUE = timedelta(days=3)  # then somebody asks the vendor whether the letter arrived
ROWS = 10  # of each group; the lists behind them hold the rest


@dataclass(frozen=True, slots=True)
class Needs:
    """What waits for a person, each group with its first rows and its full count."""

    orders: list[Telling]
    orders_count: int
    unanswered: int
    findings: list[tuple[Finding, str]]
    findings_count: int
    held: list[tuple[Quarantine, str, list[Named]]]
    blind: list[blindness.Blind]
    dead: list[Delivery]
    dead_count: int
    submissions: list[Submission]
    submissions_count: int
    unreceived: list[Acceptance]
    unreceived_count: int
    lookups: int  # that a person has to make: one thing to do, however many

    @property
    def count(self) -> int:
        return (
            self.orders_count
            + self.findings_count
            + len(self.held)
            + len(self.blind)
            + self.dead_count
            + self.papers_count
            + bool(self.lookups)
        )

    @property
    def papers_count(self) -> int:
        return self.submissions_count + self.unreceived_count


@staff
def overview(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    standing = HaltOrder.objects.standing().select_related("vendor", "server")
    findings = without_order().select_related("vendor", "server", "watch")
    dead = Delivery.objects.filter(state=Delivery.State.DEAD)
    unanswered = HaltOrder.objects.unanswered().count()
    submissions = to_review()
    unreceived = Acceptance.objects.filter(state=Acceptance.State.ISSUED, issued_at__lte=now - RECEIPT_OVERDUE)
    needs = Needs(
        orders=tellings(list(standing.order_by("-state", "issued_at")[:ROWS]), now),  # issued comes before acknowledged
        orders_count=standing.count(),
        unanswered=unanswered,
        findings=[(one, checks.headline(one)) for one in findings.order_by("opened_at")[:ROWS]],
        findings_count=findings.count(),
        held=[
            (row, checks.list_title(row.list_id), named(row))
            for row in Quarantine.objects.standing().order_by("began_at")
        ],
        blind=blindness.blind(now),
        dead=list(dead.order_by("created_at")[:ROWS]),
        dead_count=dead.count(),
        submissions=list(submissions.select_related("vendor")[:ROWS]),
        submissions_count=submissions.count(),
        unreceived=list(unreceived.select_related("vendor").defer("scope").order_by("issued_at")[:ROWS]),
        unreceived_count=unreceived.count(),
        lookups=lookups.due(now).count(),
    )
    stages = health.stages(now)
    return render(
        request,
        "desk/overview.html",
        {
            "headline": headline(needs),
            "needs": needs,
            "fleet": fleet.server_tally(),
            "gates": fleet.gate_tally(now),
            "stages": stages,
            "last_sweep": max((stage.finished_at for stage in stages if stage.finished_at), default=None),
            "late": [stage for stage in stages if stage.late],
            "letters": Delivery.objects.waiting().count(),
            "last_letter": Delivery.objects.filter(state=Delivery.State.SENT).order_by("-sent_at").first(),
            "paths": blindness.paths(),
        },
    )


def headline(needs: Needs) -> str:
    """The page's answer, as one or two sentences."""
    if needs.orders_count:
        verb = "is" if needs.orders_count == 1 else "are"
        said = f"{sentence(counted(needs.orders_count, 'halt order'))} {verb} in force."
        if not needs.unanswered:
            return f"{said} {'It is' if needs.orders_count == 1 else 'All are'} answered."
        if needs.orders_count == 1:
            return f"{said} It has no answer."
        return f"{said} {sentence(number(needs.unanswered))} {'has' if needs.unanswered == 1 else 'have'} no answer."
    if needs.held:
        names = listed([title for _, title, _ in needs.held])
        return f"{names} named many vendors at once and {'waits' if len(needs.held) == 1 else 'wait'} for you."
    if needs.findings_count:
        verb = "waits" if needs.findings_count == 1 else "wait"
        return f"{sentence(counted(needs.findings_count, 'finding'))} {verb} for your judgement."
    if needs.blind:
        return f"We cannot see: {counted(len(needs.blind), 'check')} {'is' if len(needs.blind) == 1 else 'are'} blind."
    if needs.dead_count:
        return f"{sentence(counted(needs.dead_count, 'letter'))} did not get through."
    if needs.submissions_count:
        verb = "waits" if needs.submissions_count == 1 else "wait"
        return f"{sentence(counted(needs.submissions_count, 'submission'))} {verb} for your review."
    if needs.unreceived_count:
        verb = "has" if needs.unreceived_count == 1 else "have"
        return f"{sentence(counted(needs.unreceived_count, 'letter'))} of acceptance {verb} not been received."
    if needs.lookups:
        verb = "is" if needs.lookups == 1 else "are"
        return f"{sentence(counted(needs.lookups, 'look-up'))} by hand {verb} due."
    return "Nothing needs you now."
