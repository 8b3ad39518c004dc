"""What was ordered, what was found, and what we cannot see. Pure.

An order for one server shuts that server, and not the vendor: asked for the vendor as a whole, it is said ("not from
this server"), and the gate stays open for the others while one is left (covered.any_server). So is a server in bad
standing, from the moment the finding is confirmed: the order that follows needs a sweep, the gate does not. Where a
person lifted the order while the fault was still seen, that person's judgement counts.

Not seeing never shuts and never opens (rule 1 of the design): the last thing that was seen stands, staff are told when
blindness lasts, and the answer says what it could not see.
"""

from collections.abc import Iterator
from datetime import datetime

from gate.reason import Reason, State, met, wait
from gate.rules.covered import called
from gate.standing import Fault, Order, Standing, Subject


def orders(standing: Standing, subject: Subject, at: datetime) -> Iterator[Reason]:
    """Standing halt orders (R12)."""
    touching = [one for one in standing.orders if not one.server or subject.server in {"", one.server}]
    for one in touching:
        yield _order(one, standing, subject)
    if not touching:
        yield met("no_order", "R12", "No halt order is in force.")


def _order(order: Order, standing: Standing, subject: Subject) -> Reason:
    only = called(standing, order.server) if order.server else ""
    because = " ".join(line.strip() for line in order.reason.splitlines() if line.strip())
    sentence = f"Halt order {order.number} stops all mail{f' from {only}' if only else ''}. {because}".strip()
    is_part = bool(order.server) and not subject.server
    return Reason(
        "halt_order",
        State.WAIT if is_part else State.SHUT,
        sentence,
        order.clause,
        order.issued_at,
        f"Ends only when {standing.advertiser} lifts it in writing.",
        order.number,
        only if is_part else "",
        "Answered" if order.is_answered else "No answer",
    )


def faults(standing: Standing, subject: Subject, at: datetime) -> Iterator[Reason]:
    """Open findings: a grave one shuts its server, a lesser one is said."""
    touching = [one for one in standing.faults if subject.server in {"", one.server} or not one.server]
    for one in touching:
        yield _fault(one, standing, subject)
    if standing.servers and not any(one.is_halting for one in touching):
        yield met("good_standing", "R5", "No server is known to be in bad standing.")


def _fault(fault: Fault, standing: Standing, subject: Subject) -> Reason:
    cure = "Ends when the check is clear again."
    if fault.is_halting and not fault.is_judged:
        only = "" if subject.server else called(standing, fault.server)
        state = State.WAIT if only else State.SHUT
        return Reason(
            "bad_standing", state, fault.sentence, fault.clause, fault.since, cure, fault.number, only, "Adverse"
        )
    why = "its order was lifted while the fault was seen" if fault.is_halting else "it is not grave enough"
    cure = f"Does not shut the gate: {why}. {cure}"
    return wait("fault", fault.clause, fault.sentence, cure, word="Attention", since=fault.since, ref=fault.number)


def blindness(standing: Standing, subject: Subject, at: datetime) -> Iterator[Reason]:
    """Checks that give no usable answer."""
    for one in standing.blind:
        if subject.server and subject.server not in one.servers:
            continue
        count = len(one.servers)
        of = called(standing, subject.server) if subject.server else f"{count:,} server{'' if count == 1 else 's'}"
        sentence = f"{one.check} gives no usable answer for {of}."
        cure = "That is our blindness, and no fault of the vendor: what was seen last still counts."
        if not one.check:
            sentence = f"Nothing has looked at {of} yet."
            cure = "That is our delay, and no fault of the vendor. Ends with the first look."
        yield Reason("not_seen", State.UNKNOWN, sentence, one.clause, one.since, cure, one.check, word="Not seen")
