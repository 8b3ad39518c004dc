"""The gate's answer, as shown."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from api.schemas.given import Storable
from gate.clearance import Clearance, Reason

SOURCE = (
    "The code of a list source. Of one that nobody declared and no letter lists, the answer may be open, with the "
    "reason source_unknown: the policy lets a number of new addresses (500, unless it says otherwise) pass without an "
    "Exhibit B, and we know of none. Whoever mails more has to declare them first."
)
HEADER = (
    "A domain in message headers, or an address of one. It is not asked which header: an address that the letter lists "
    "for any of them counts, and so does one of a form that it lists for Return-Path, as bounce+{to}@example.com."
)


class ClearanceAsked(Storable):
    """What is asked about. Nothing: the vendor as a whole."""

    server: str | None = Field(None, max_length=100, description="The address of a sending server.")
    header: str | None = Field(None, max_length=320, description=HEADER)
    source: str | None = Field(None, max_length=100, description=SOURCE)


class ReasonShown(Schema):
    id: str = Field(description="What it is about, always in the same word.")
    state: str = Field(description="shut, unknown or wait; met of a condition that is met. Only shut keeps it shut.")
    sentence: str
    clause: str = Field(description="The clause of the policy that asks for it.")
    since: datetime | None
    cure: str = Field(description="What would end it; empty when it is met.")

    @classmethod
    def of(cls, reason: Reason) -> "ReasonShown":
        return cls(
            id=reason.id,
            state=reason.state,
            sentence=reason.sentence,
            clause=reason.clause,
            since=reason.since,
            cure=reason.cure,
        )


class ClearanceShown(Schema):
    open: bool = Field(description="Whether this may be mailed at the moment of asking.")
    asked_at: datetime
    reasons: list[ReasonShown] = Field(description="What is not met, the worst first.")
    met: list[ReasonShown]

    @classmethod
    def of(cls, answer: Clearance) -> "ClearanceShown":
        return cls(
            open=answer.is_open,
            asked_at=answer.at,
            reasons=[ReasonShown.of(reason) for reason in answer.reasons],
            met=[ReasonShown.of(reason) for reason in answer.met],
        )
