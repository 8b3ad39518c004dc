"""Proof by sample as its reviewer sees it: the rows drawn, what the vendor proved, what was found, every draw so far.
Reads and changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from questionnaires import draws, verdicts
from questionnaires.definition import Section
from questionnaires.draws import Place
from questionnaires.models import Draw, Submission, Verdict


@dataclass(frozen=True, slots=True)
class Sample:
    """`draw` is the newest; `verdict` counts in the round that stands; `others` are the draws before, newest first."""

    draw: Draw
    places: Sequence[Place]
    verdict: Verdict | None
    others: Sequence[Draw]
    why_not_wider: str

    @property
    def proved(self) -> int:
        return sum(place.is_proved for place in self.places)


def sample_of(submission: Submission, section: Section) -> Sample | None:
    """None in every section but the one that asks for the proof, and while no rows were drawn."""
    if not any(draws.is_about(page) for page in section.pages):
        return None
    every = list(submission.draws.all())
    if not every:
        return None
    newest = every[-1]
    return Sample(
        newest,
        draws.places(newest),
        draws.verdict_on(newest),
        every[-2::-1] if len(every) > 1 else [],
        verdicts.why_not_wider(newest),
    )
