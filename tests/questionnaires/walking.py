"""A vendor who fills in Exhibit A page by page, answering what is asked and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from questionnaires import asking
from questionnaires.definition import Answers, Definition, Kind, Place, Row
from questionnaires.definition_file import newest
from questionnaires.derived import derive
from tests.questionnaires.binding import TODAY, clean
from tests.questionnaires.exhibit_a import ANSWERS, Raw

ADVERTISER = ("harrow.example.com",)

RECORD: dict[str, Any] = {
    "record.name": "Fieldnote Digital Ltd",
    "record.email": "office@fieldnote.example.net",
    "record.emergency_name": "Jonas Aker",
    "record.emergency_phone": "+12125550199",
    "record.emergency_email": "jonas@fieldnote.example.net",
    "contact.authority": True,
}
SAMPLE: dict[str, Any] = {
    "sample.tls": True,
    "sample.dkim": ["fieldnote.example.net"],
    "sample.software": "Postfix",
    "sample.list_unsubscribe": ["<https://fieldnote.example.net/leave>"],
    "sample.one_click": True,
    "sample.both_links": True,
    "sample.owner_named": True,
    "sample.postal_address": True,
    "sample.plain_text": True,
    "sample.from_domain": "fieldnote.example.net",
}
DOMAIN_LOOKS: dict[str, Any] = {
    "look.registrant": "clear",
    "look.site": True,
    "look.opt_out": True,
    "look.spf": "v=spf1 ip4:93.184.215.14 -all",
    "look.dmarc": "v=DMARC1; p=reject",
}
SERVER_LOOKS: dict[str, Any] = {"look.ptr": "out1.fieldnote.example.net", "look.fcrdns": True, "look.dynamic": False}


@dataclass
class Walk:
    """Answers by the table of good ones, unless `said` has another; the machine knows `facts`, and of each row of a
    step what `looks` says."""

    said: Mapping[str, Raw] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=lambda: RECORD | SAMPLE)
    looks: Mapping[str, Mapping[str, Any]] = field(
        default_factory=lambda: {"domains": DOMAIN_LOOKS, "servers": SERVER_LOOKS}
    )
    rows: Mapping[str, int] = field(default_factory=lambda: {"domains": 1, "servers": 1, "lists": 1, "parties": 1})
    definition: Definition = field(default_factory=lambda: newest("A"))
    values: dict[str, Any] = field(default_factory=dict)
    of_rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    met: list[str] = field(default_factory=list)  # every prompt that had to be answered on the way

    def answers(self) -> Answers:
        """What is known now, with what follows from it."""
        rows = {
            step: [Row(f"{step}{n}", self.of_rows.setdefault(f"{step}{n}", {})) for n in range(many)]
            for step, many in self.rows.items()
        }
        looks = {
            f"{name}@{row.uid}": fact
            for step, found in self.looks.items()
            for row in rows.get(step, ())
            for name, fact in found.items()
        }
        given = Answers(self.values, rows, {**self.facts, **looks})
        follows = derive(self.definition, given, advertiser_domains=ADVERTISER, today=TODAY)
        return Answers(self.values, rows, {**given.facts, **follows})

    def to_the_end(self) -> Answers:
        """Answer page after page until nothing is missing."""
        for _ in range(200):
            answers = self.answers()
            page = next(
                (page for page in asking.steps(self.definition, answers) if asking.missing(page, answers)), None
            )
            if page is None:
                return answers
            for place in asking.applying(page, answers):
                if asking.is_lacking(place, answers):
                    self.answer(place)
        raise AssertionError("the form has no end")

    def answer(self, place: Place) -> None:
        code = place.question.code
        self.met.append(place.key)
        value = (
            ["file"]
            if place.question.kind is Kind.FILE
            else clean(place.question, self.said.get(code) or ANSWERS[code][0])
        )
        (self.of_rows[place.row.uid] if place.row else self.values)[code] = value
