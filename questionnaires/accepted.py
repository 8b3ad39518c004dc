"""What the vendor's accepted Exhibit A says, for an Exhibit B that builds on it: its number, some of its answers, and
what it lets through. Nothing of it is asked again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from policies.versions import in_force
from questionnaires.models import Acceptance
from questionnaires.reckoning import Allowed
from vendors.models import Vendor

CARRIED = ("A2.01", "A13.06", "A14.05")  # answers of Exhibit A that Exhibit B looks up by their code


@dataclass(frozen=True, slots=True)
class Accepted:
    """`facts` as b-1.toml names them, and the limits that reckoning.py holds answers against."""

    facts: Mapping[str, Any]
    allowed: Allowed


def accepted_of(vendor: Vendor, at: datetime) -> Accepted:
    """Without a standing acceptance only the policy's limits are known."""
    limits = in_force(at).limits
    standing = Acceptance.objects.counting(vendor).select_related("signature").first()
    if standing is None:
        return Accepted({}, Allowed(limits.suppress_hours, limits.complaint_hours))
    answers = {answer["key"]: answer["value"] for answer in standing.signature.picture.get("answers", ())}
    servers = [one["network"] for one in standing.scope["servers"]]
    senders = [one["address"] for one in standing.scope["headers"] if one["header"] == "From"]
    facts: dict[str, Any] = {f"accepted.{code}": answers.get(code) for code in CARRIED}
    facts |= {"accepted.servers": servers or None, "accepted.senders": senders or None}
    if standing.state == Acceptance.State.RECEIVED and at < standing.valid_until:
        facts["record.acceptance"] = standing.number
    return Accepted(
        {name: value for name, value in facts.items() if value is not None},
        Allowed(
            limits.suppress_hours,
            limits.complaint_hours,
            servers=servers,
            from_addresses=senders,
            proof_hours=_slowest(answers.get("A13.03") or ()),
            per_hour={one["domain"]: one["per_hour"] for one in standing.scope["ceilings"]},
        ),
    )


def _slowest(proofs: Sequence[Mapping[str, Any]]) -> int | None:
    """Hours to fetch the proof that takes longest (A13.03)."""
    return max((proof["hours"] for proof in proofs if proof.get("hours") is not None), default=None)
