"""What a letter lists in headers: addresses, and any address of a domain only where that was said."""

import json
from typing import Any

import pytest

from questionnaires import letters, scope
from questionnaires.definition_file import newest
from questionnaires.models import Signature, Submission
from tests import world
from tests.accepted import make_accepted
from tests.questionnaires import pdf

FROM = {"display": "News", "address": "News@alder.example"}
ANY = {
    "header": "Return-Path",
    "address": "{any}@bounces.example",
    "words": "any address at bounces.example, for bounces",
}


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


def test_any_address_of_a_domain_is_listed_only_where_bounces_go_there_and_no_address_is_named() -> None:
    for uses in (["links"], ["tracking", "images"], ["from"], None):
        assert headers({}, {"A4.01": "track.example", "A4.02": uses}) == []
    assert headers({}, {"A4.01": "bounces.example", "A4.02": ["return_path"]}) == [ANY]
    assert headers({}, {"A4.01": "bounces.example", "A4.02": ["return_path"]}, uses=["return_path"]) == []


@pytest.mark.django_db
def test_the_letter_says_in_words_that_any_address_of_the_domain_is_accepted() -> None:
    acceptance = make_accepted(world.make_people())
    acceptance.scope["headers"].append(ANY)
    said = " ".join(pdf.text(letters.acceptance_letter(acceptance)).split())
    assert "Return-Path any address at bounces.example, for bounces" in said
    assert "{any}" not in said
