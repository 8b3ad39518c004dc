"""Halt orders and the letters about them, as given and as shown."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from api.schemas.given import Given
from api.schemas.refs import NumberedRef, ServerRef, VendorRef
from api.schemas.vendors import REASON_LIMIT
from halts.models import Acknowledgement, HaltOrder
from notices.models import Delivery


class HaltGiven(Given):
    vendor: str = Field(description="The vendor's id or number.")
    server: str | None = Field(None, description="The id of one of its servers; without it, the whole vendor.")
    reason: str = Field(min_length=1, max_length=REASON_LIMIT, description="The vendor reads it at the top.")


class LiftGiven(Given):
    reason: str = Field(min_length=1, max_length=REASON_LIMIT, description="Everybody who got the order reads it.")


class HaltShown(Schema):
    id: UUID
    number: str
    vendor: VendorRef
    scope: str = Field(description="server or vendor.")
    server: ServerRef | None
    finding: NumberedRef | None
    reason: str
    clause: str
    code: str = Field(description="What the contact reads back over the telephone.")
    state: str = Field(description="issued, acknowledged or lifted.")
    issued_at: datetime
    issued_by: str
    acknowledged_at: datetime | None
    lifted_at: datetime | None
    lifted_by: str
    lift_reason: str

    @classmethod
    def of(cls, row: HaltOrder) -> "HaltShown":
        return cls(
            id=row.uid,
            number=row.number,
            vendor=VendorRef.of(row.vendor),
            scope=row.scope,
            server=ServerRef.of(row.server) if row.server else None,
            finding=NumberedRef.of(row.finding) if row.finding else None,
            reason=row.reason,
            clause=row.clause,
            code=row.code,
            state=row.state,
            issued_at=row.issued_at,
            issued_by=row.issued_by_name,
            acknowledged_at=row.acknowledged_at,
            lifted_at=row.lifted_at,
            lifted_by=row.lifted_by_name,
            lift_reason=row.lift_reason,
        )


class AcknowledgementShown(Schema):
    at: datetime
    name: str
    contact: UUID | None = Field(description="The contact whose link was used, while they are one.")
    channel: str

    @classmethod
    def of(cls, row: Acknowledgement) -> "AcknowledgementShown":
        return cls(at=row.at, name=row.name, contact=row.contact.uid if row.contact else None, channel=row.channel)


class DeliveryShown(Schema):
    id: UUID
    about: str = Field(description="What the letter is about, like halt:41.")
    halt: NumberedRef | None = Field(description="The halt order that it is about, if it is about one.")
    letter: str
    subject: str = Field(description="As sent; empty before.")
    to_name: str
    to_email: str
    state: str = Field(description="due, sent, dead or cancelled.")
    created_at: datetime
    sent_at: datetime | None = Field(description="When the mail server took it.")
    attempts: int
    next_attempt_at: datetime | None
    last_error: str
    message_id: str

    @classmethod
    def of(cls, row: Delivery, order: HaltOrder | None) -> "DeliveryShown":
        return cls(
            id=row.uid,
            about=row.about,
            halt=NumberedRef.of(order) if order else None,
            letter=row.letter,
            subject=row.sent_subject,
            to_name=row.to_name,
            to_email=row.to_email,
            state=row.state,
            created_at=row.created_at,
            sent_at=row.sent_at,
            attempts=row.attempts,
            next_attempt_at=row.next_action_at,
            last_error=row.last_error,
            message_id=row.message_id,
        )


class HaltInFull(HaltShown):
    acknowledgements: list[AcknowledgementShown]
    deliveries: list[DeliveryShown] = Field(description="The latest; /deliveries?halt=… has all of them.")

    @classmethod
    def with_answers(
        cls, row: HaltOrder, acknowledgements: Iterable[Acknowledgement], deliveries: Iterable[Delivery]
    ) -> "HaltInFull":
        return cls(
            **dict(HaltShown.of(row)),
            acknowledgements=[AcknowledgementShown.of(answer) for answer in acknowledgements],
            deliveries=[DeliveryShown.of(delivery, row) for delivery in deliveries],
        )
