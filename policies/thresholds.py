"""The numbers of the policy: how many, how soon, how long. They belong to a version of the policy. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


class ThresholdRefused(Exception):
    """`name` is the threshold; the sentence names the value and what would do."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


@dataclass(frozen=True, slots=True)
class Bound:
    """From `least` to `most`, both allowed. Never below two: the clauses speak of hours and days in the plural."""

    label: str
    unit: str
    least: int
    most: int
    hint: str


BOUNDS: Mapping[str, Bound] = {
    "mass_mail_recipients": Bound(
        "Mass mail begins above", "recipients", 2, 1_000_000, "A mailing to more than this many is mass mail (L1)."
    ),
    "new_addresses": Bound(
        "A new source is declared above",
        "addresses",
        2,
        1_000_000,
        "More than this many addresses of a significant new source need Exhibit B (R2). They are counted together.",
    ),
    "suppress_hours": Bound(
        "Our opt-outs are fetched before a launch within", "hours", 2, 720, "Not longer ago than this (O1)."
    ),
    "suppress_again_hours": Bound(
        "And while a mailing lasts, every", "hours", 2, 720, "For mailings of several days (O1)."
    ),
    "forward_hours": Bound(
        "Opt-outs are passed to us within", "hours", 2, 240, "The CAN-SPAM Act allows ten business days (O2)."
    ),
    "complaint_hours": Bound("A complaint is answered within", "hours", 2, 720, "With all that is known (C0)."),
    "optout_days": Bound(
        "Ways to opt out work after the last message for",
        "days",
        30,
        3650,
        "The CAN-SPAM Act asks for 30 days at least (O9).",
    ),
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Whole numbers within BOUNDS; the field's name ends in its unit where the unit is a time."""

    mass_mail_recipients: int = 250
    new_addresses: int = 500
    suppress_hours: int = 72
    suppress_again_hours: int = 48
    forward_hours: int = 48
    complaint_hours: int = 24
    optout_days: int = 30

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            bound = BOUNDS[name]
            if not isinstance(value, int) or isinstance(value, bool) or not bound.least <= value <= bound.most:
                raise ThresholdRefused(
                    name, f"{value} is out of bounds. Write {bound.least:,} to {bound.most:,} {bound.unit}."
                )

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Thresholds":
        """From what a version stores. Raises ThresholdRefused for a value out of bounds or a name that is unknown."""
        if unknown := sorted(stored.keys() - NAMES):
            raise ThresholdRefused(
                unknown[0], f"There is no threshold {unknown[0]!r}. Known: {', '.join(sorted(NAMES))}."
            )
        return cls(**stored)

    def stored(self) -> dict[str, int]:
        """As a version stores them."""
        return asdict(self)


NAMES = frozenset(one.name for one in fields(Thresholds))
