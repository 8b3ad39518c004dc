"""The answer at the top of the portal's home: may we mail, why not, and the one next step that is the vendor's."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from gate import wording
from gate.ask import clearance
from gate.reason import Reason
from halts.wording import WordedOrder
from vendors.models import Vendor

SHOWN = 12  # reasons on the page; the worst come first


@dataclass(frozen=True, slots=True)
class Step:
    """What the vendor can do next."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """A reason, and the order that it speaks of, with its code to compare."""

    state: str
    word: str
    reason: Reason
    order: WordedOrder | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`lead` says what the answer means; `more` is how many lesser reasons are not shown."""

    state: str
    answer: str
    lead: str
    lines: list[Line]
    more: int
    step: Step | None


def verdict(vendor: Vendor, orders: list[WordedOrder], at: datetime, advertiser: str) -> Verdict:
    """The gate's answer to `vendor`; `orders` are its standing ones, worded."""
    found = wording.word(clearance(vendor, at=at))
    by_number = {order.number: order for order in orders}
    lines = [
        Line(one.state, one.word, one.reason, by_number.get(one.reason.ref) if one.reason.id == "halt_order" else None)
        for one in found.lines
    ]
    shown = [one for place, one in enumerate(lines) if place < SHOWN or one.order]  # every order is there to compare
    answer = "No. Stop all mailings." if found.halts_all else found.answer
    steps = (_step(one.reason) for one in lines)
    step = next((one for one in steps if one), None)
    return Verdict(found.state, answer, _lead(found, len(orders), advertiser), shown, len(lines) - len(shown), step)


def _lead(found: wording.Verdict, orders: int, advertiser: str) -> str:
    if orders:
        said = "One halt order is in force. It ends" if orders == 1 else f"{orders} halt orders are in force. Each ends"
        rest = " From your other accepted servers you may." if found.is_open else ""
        return f"{said} only when {advertiser} lifts it in writing.{rest}"
    if found.state == "wait":
        return "You may start when you have received our written acceptance, and what else stands here is done."
    if not found.is_open:
        return "Nothing may be mailed in our name until it is open again."
    if found.only:
        return "From your other accepted servers you may."
    if found.lines:
        return "What stands here does not shut the gate now."
    return f"All {len(found.met)} conditions are met."


def _step(reason: Reason) -> Step | None:
    """The page on which the vendor can do something about a reason; none where only others can."""
    match reason.id:
        case "halt_order":
            return Step(f"Read order {reason.ref}", reverse("portal:order", args=[reason.ref]))
        case "bad_standing" | "fault":
            return Step("See what is wrong, and how to cure it", reverse("portal:standing"))
        case "not_received":
            return Step(f"Read {reason.ref} and confirm its receipt", reverse("portal:acceptance", args=[reason.ref]))
        case "not_accepted" if reason.word in {"In progress", "Sent back"}:
            label = "Go on with Exhibit A" if reason.word == "In progress" else "Answer what was sent back"
            return Step(label, reverse("portal:form", args=[reason.ref]))
        case "not_accepted" if not reason.ref:
            return Step("Begin Exhibit A", reverse("portal:forms"))
        case "lapsed" if reason.word == "To confirm":
            return Step(f"Read {reason.ref} and confirm its receipt", reverse("portal:acceptance", args=[reason.ref]))
        case "lapsed" | "policy_changes" if reason.word != "In review":
            return Step("Read the new policy and agree", reverse("portal:forms"))
        case "expired" | "withdrawn" | "expires_soon" | "waiver_ended":
            return Step("Renew Exhibit A", reverse("portal:forms"))
        case "no_contact":
            return Step("Name your emergency contact", reverse("portal:contacts"))
        case "contact_unproven" | "contact_warning":
            return Step("See what your emergency contact has to do", reverse("portal:contacts"))
        case "source_uncovered" | "source_waiver_ended":
            return Step("See your lists", reverse("portal:sources"))
        case "servers_not_accepted" | "no_server":
            return Step("Report your servers in Exhibit A", reverse("portal:forms"))
    return None
