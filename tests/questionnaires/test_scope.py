"""What a letter lists in headers: addresses, and never any address of a domain."""

import json
from typing import Any

from questionnaires import scope
from questionnaires.definition_file import newest
from questionnaires.models import Signature, Submission

FROM = {"display": "News", "address": "News@alder.example"}


def headers(values: dict[str, Any], *domains: dict[str, Any], **facts: Any) -> list[dict[str, str]]:
    """Of what was signed: `values` once, `domains` in rows, where `uses` answered A4.02 in the vendor's place."""
    signed = [signed_answer(code, "", value) for code, value in values.items()]
    for place, row in enumerate(domains):
        signed.append(signed_answer("A4.01", f"domains{place}", row["A4.01"]))
        known = facts.get("uses")
        signed.append(
            signed_answer("A4.02", f"domains{place}", known or row["A4.02"], "machine" if known else "vendor")
        )
    submission = Submission(exhibit="A", version=newest("A").version)
    found: list[dict[str, str]] = scope.of(Signature(submission=submission, snapshot=json.dumps({"answers": signed})))[
        "headers"
    ]
    return found


def signed_answer(code: str, row: str, value: Any, by: str = "vendor") -> dict[str, Any]:
    """As picture.py draws it, in what matters here."""
    return {"code": code, "step": newest("A").page_of[code].step, "row": row, "value": value, "by": by}


def test_a_form_of_bounce_addresses_is_listed_as_it_was_written() -> None:
    values = {"A6.01": [FROM], "A6.03": [{"address": "bounce+{recipient}@alder.example"}]}
    assert headers(values, {"A4.01": "alder.example", "A4.02": ["from", "return_path"]}, uses=["from"]) == [
        {"header": "From", "address": "news@alder.example"},
        {"header": "Return-Path", "address": "bounce+{recipient}@alder.example"},
    ]


def test_any_address_of_a_domain_is_never_listed_whatever_the_domain_is_said_to_be_for() -> None:
    for uses in (["links"], ["tracking", "images"], ["from"], ["return_path"], None):
        assert headers({}, {"A4.01": "track.example", "A4.02": uses}) == []


def test_an_address_with_braces_is_a_form_of_bounces_only_where_that_was_asked() -> None:
    odd = {"display": "All", "address": "news+{all}@alder.example", "also": ["return_path", "reply_to"]}
    assert headers({"A6.01": [odd]}) == [
        {"header": "From", "address": "news+{all}@alder.example"},
        {"header": "Reply-To", "address": "news+{all}@alder.example"},
    ]
