"""List sources and the addresses added to them, as given and as shown."""

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from api.schemas.given import Given
from questionnaires.models import Acceptance, Addition
from questionnaires.sources import MOST, Standing


class AdditionGiven(Given):
    count: int = Field(ge=1, le=MOST, strict=True, description="How many addresses were added since the last report.")


class AdditionShown(Schema):
    count: int
    declared_at: datetime
    declared_by: str

    @classmethod
    def of(cls, row: Addition) -> "AdditionShown":
        return cls(count=row.declared, declared_at=row.declared_at, declared_by=row.declared_by)


class CoverShown(Schema):
    acceptance: str = Field(description="The number of the letter.")
    count: int = Field(description="How many addresses of the source it covers.")

    @classmethod
    def of(cls, letter: Acceptance, count: int) -> "CoverShown":
        return cls(acceptance=letter.number, count=count)


class SourceShown(Schema):
    id: UUID
    code: str
    owner: str
    new: int = Field(description="Addresses that were added and that no received letter covers.")
    limit: int = Field(description="How many of those need no Exhibit B, by the policy in force.")
    needs_exhibit_b: bool = Field(description="Nothing may be mailed to the source until an Exhibit B covers them.")
    covered: list[CoverShown]
    suspended: list[str] = Field(description="Letters that cover nothing until the advertiser resumes them.")
    awaiting: list[str] = Field(description="Letters that count once the vendor has acknowledged them.")
    created_at: datetime

    @classmethod
    def of(cls, standing: Standing) -> "SourceShown":
        row = standing.source
        return cls(
            id=row.uid,
            code=row.code,
            owner=row.owner,
            new=standing.new,
            limit=standing.limit,
            needs_exhibit_b=standing.needs_exhibit,
            covered=[
                CoverShown.of(letter, count) for letter, count in standing.covered if letter not in standing.suspended
            ],
            suspended=[letter.number for letter in standing.suspended],
            awaiting=[letter.number for letter in standing.awaiting],
            created_at=row.created_at,
        )


class AdditionNoted(Schema):
    addition: AdditionShown
    source: SourceShown
