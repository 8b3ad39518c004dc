"""When a name could not be looked up: is that so, why, and the reading that says it.

Only ANSWER, NXDOMAIN and NODATA say something about a name. Everything else is our blindness (temperror, RFC 8601).
"""

from egress.answer import Answer, Outcome
from egress.resolver import Ask
from monitors.probes.reading import Reading, Severity, Verdict

NONE_THERE = (Outcome.NXDOMAIN, Outcome.NODATA)


def is_telling(answer: Answer) -> bool:
    """Whether the answer says what the name has, or that it has nothing."""
    return answer.outcome is Outcome.ANSWER or answer.outcome in NONE_THERE


def trouble(answer: Answer) -> str:
    """Why nothing was seen, as words that follow a colon."""
    match answer.outcome:
        case Outcome.TIMEOUT:
            return "no answer in time"
        case Outcome.UNREACHABLE:
            return f"our resolver {answer.server} is not reachable"
        case Outcome.MALFORMED:
            return "the answer could not be read"
        case _:
            return answer.rcode or str(answer.outcome).upper()


def unseen(what: str, *answers: Answer, clause: str) -> Reading:
    """The UNKNOWN reading of what could not be looked up; the first answer that is not telling says why."""
    blind = next((answer for answer in answers if not is_telling(answer)), None)
    why = f": {trouble(blind)}" if blind else ""
    return Reading(
        Verdict.UNKNOWN,
        "temperror",
        Severity.NONE,
        f"{what} could not be looked up{why}.",
        evidence=tuple(answer.evidence() for answer in answers),
        clause=clause,
    )


async def ask_if_askable(ask: Ask, name: str, rdtype: str, *, path: int) -> Answer | None:
    """The answer; None for a name that cannot be a DNS name, which a stranger's record may well hold."""
    try:
        return await ask(name, rdtype, path=path)
    except ValueError:
        return None
