"""What every body and every list of parameters keeps to."""

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, field_validator


class Storable(Schema):
    """Texts without the zero character, which PostgreSQL cannot store and no person types."""

    @field_validator("*")
    @classmethod
    def holds_no_zero(cls, value: Any) -> Any:
        if isinstance(value, str) and "\x00" in value:
            raise ValueError("This holds a zero character (U+0000). Leave it out.")
        return value


class Given(Storable):
    """A body: what is not known is refused, blanks around texts are dropped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
