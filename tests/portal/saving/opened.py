"""A page of a form in somebody's browser, and what its buttons post."""

from typing import Any

from django.test import Client

from questionnaires import drafts
from questionnaires.definition import Definition, Kind, Question
from questionnaires.models import Sheet, Submission
from tests import world

HTMX = {"HX-Request": "true"}
HALF = {"A1.08": "nobody@", "A1.07": " 020 79 ", "A1.09": "http//fieldnote\n<b>ünfinished</b> \u202e"}


class Opened:
    """A page of a form, open in somebody's browser: what it shows, and what its buttons post."""

    def __init__(self, client: Client, draft: Submission, step: str = "company", query: str = "") -> None:
        self.client, self.step = client, step
        self.path = f"/portal/forms/{draft.number}/{step}/{query}"
        response = client.get(self.path)
        assert response.status_code == 200, (step, response.status_code)
        self.parts = {part.prefix: part for part in response.context["wizard"]["form"].parts}
        self.editor = response.context["editor"]
        self.fingerprint = response.context["wizard"]["form"].shown
        self.page = response.content.decode()
        self.revisions = {prefix: part.revision for prefix, part in self.parts.items()}

    def shown(self, code: str, prefix: str = "page") -> Any:
        return next(line.bound.value() for line in self.parts[prefix].lines if line.question.code == code)

    def data(self, typed: dict[str, Any], prefix: str = "page") -> dict[str, Any]:
        posted: dict[str, Any] = {
            "wizard-current_step": self.step,
            "editor": self.editor,
            "shown": self.fingerprint,
        }
        for name, part in self.parts.items():
            kept = part.sheet.typed if part.sheet else {}
            posted |= {f"{name}-{key}": of for key, of in kept.items()}
            posted |= {f"{name}-revision": str(self.revisions[name]), f"{name}-codes": part.codes}
        return posted | {f"{prefix}-{code}": text for code, text in typed.items()}

    def later(self, typed: dict[str, Any], prefix: str = "page") -> Any:
        return self.client.post(self.path, self.data(typed, prefix) | {"later": "1"})

    def by_itself(self, typed: dict[str, Any], prefix: str = "page") -> Any:
        return self.client.post(self.path, self.data(typed, prefix) | {"autosave": "1"}, headers=HTMX)


def typed_of(draft: Submission, step: str = "company", row: str = "") -> dict[str, list[str]]:
    sheet = drafts.sheet_of(draft, step, row)
    assert sheet is not None
    return dict(sheet.typed)


def add_domain(draft: Submission, people: world.People, name: str) -> Sheet:
    return drafts.add_row(draft, "domains", values={"A4.01": [name]}, by=people.alice.actor(), at=world.NOON)


def opener(definition: Definition) -> tuple[str, str, str]:
    """A question that opens another one on its own page when it is answered so."""
    for step, page in definition.pages.items():
        for question in page.questions:
            if page.when is None and page.rows is None and isinstance(question.when, dict) and len(question.when) == 1:
                code, wanted = next(iter(question.when.items()))
                asker = definition.questions.get(code)
                if asker in page.questions and asker.when is None and (value := answer_of(asker, wanted)):
                    return step, code, value
    raise AssertionError("no question opens another on its page")


def answer_of(question: Question, wanted: Any) -> str:
    if question.kind is Kind.YESNO and isinstance(wanted, bool):
        return "yes" if wanted else "no"
    if question.kind is Kind.ONE and isinstance(wanted, str):
        return wanted
    return ""


def fields_of(definition: Definition, step: str) -> int:
    """How many fields the page posts when every line of every table is filled and every box ticked."""
    page = definition.pages[step]
    of_row = sum(map(controls, page.of_row())) + 2 + len(page.of_row())  # revision, codes, still right
    of_page = sum(map(controls, page.of_page())) + 2 + len(page.of_page())
    return of_page + (of_row * page.rows.per_page if page.rows else 0) + 5


def controls(question: Question) -> int:
    if question.columns:
        return len(question.columns) * ((question.most or 100) if question.kind is Kind.TABLE else 1)
    return len(question.choices) if question.kind is Kind.MANY else 1
