"""A reading: what one look at one check showed.

Facts in words and values, not a decision: `monitors.judgement` says what a run of readings amounts to.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What was seen. UNKNOWN is our blindness: never the sender's fault, and never its pardon."""

    CLEAR = "clear"
    ADVERSE = "adverse"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """How grave an adverse reading is, gravest first."""

    HALT = "halt"  # grounds to stop the mailings
    WARN = "warn"  # a finding that staff take up with the vendor
    REVIEW = "review"  # a person looks first: the sender may be the victim
    INFO = "info"  # worth knowing beside other evidence
    NONE = "none"  # a known answer that is no complaint: allow lists, neutral reputations

    @classmethod
    def worst(cls, *severities: "Severity") -> "Severity":
        """The gravest of those given; NONE when none is given."""
        order = list(cls)
        return min(severities, key=order.index, default=cls.NONE)


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing on which an adverse reading stands.

    `fault` is what a later reading must name too to confirm it: of a list, a code, because SBL today and PBL tomorrow
    are two suspicions; elsewhere the check's clause, because a server without a reverse name, whose name next leads
    nowhere, was at no time in order. `phrase` is the fault in words.
    """

    fault: str
    severity: Severity
    phrase: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One look. `evidence` is JSON-able and holds no key.

    result    one word of a closed vocabulary. Blocklists: listed, clean, refused_by_list, unmapped_code,
              nodata, servfail, refused, timeout, hijacked, list_unhealthy, not_covered. Reverse DNS: pass,
              fail_no_ptr, fail_mismatch, fail_ptr_target_missing, bad_ptr, temperror. Other checks: as their look
              says.
    codes     blocklists: the answers, e.g. 127.0.0.2. Other checks: advice, e.g. warn_many_ptr.
    meanings  a phrase or sentence for each code, in the same order.
    text      what the list says about a listing (TXT), shortened; a stranger's words, to be shown as text.
    clause    the policy clause that the check belongs to, e.g. R5.
    grounds   what an adverse reading stands on; none of any other. Answers that are no complaint, or that we cannot
              read, are no ground.
    lead      how a sentence about the grounds begins, "Listed on Quarry"; "" when `sentence` says it all.
    """

    verdict: Verdict
    result: str
    severity: Severity
    sentence: str
    codes: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    evidence: tuple[Mapping[str, Any], ...] = ()
    clause: str = ""
    grounds: tuple[Ground, ...] = ()
    lead: str = ""

    def about(self, faults: Set[str]) -> tuple[Severity, str]:
        """(how grave, in a sentence): the reading narrowed to those of its grounds that are `faults`."""
        grounds = [ground for ground in self.grounds if ground.fault in faults]
        if self.lead and grounds:
            sentence = f"{self.lead}: {'; '.join(ground.phrase for ground in grounds)}."
        else:
            sentence = self.sentence
        return Severity.worst(*(ground.severity for ground in grounds)), sentence
