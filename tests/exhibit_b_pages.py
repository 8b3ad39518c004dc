"""Exhibit B from beginning to letter, through the pages of the portal and the desk, without a browser."""

import csv
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from questionnaires.models import Acceptance, Draw, Submission
from tests.portal.filling_in import answer_everything
from tests.questionnaires.exhibit_a import Raw
from tests.questionnaires.test_every_question_of_b import ANSWERS
from tests.world import PASSWORD

CODE = "GARDEN-WEB-2026"
GOOD: dict[str, Raw] = {code: good for code, (_, good) in ANSWERS.items()} | {  # no rule stops these together
    "B1.03": "us",
    "B1.04": "no",
    "B2.01": CODE,
    "B2.04": "no",
    "B2.03": {"first": "2026-10-02", "last": "2026-10-30"},
    "B2.05": [{"region": "us", "share": "100"}],
    "B2.07": ["web"],
    "B6.01": {
        "tool": "Own", "on": "2026-11-20", "duplicates": "1", "unusable": "0", "worn": "0", "unfit": "0", "left": "500",
    },
}  # fmt: skip


@dataclass
class Vendor:
    """Somebody of the vendor at the portal."""

    client: Client

    def declare(self, count: int, code: str = CODE) -> str:
        """The page that follows."""
        response = self.client.post("/portal/lists/", {"code": code, "count": count}, follow=True)
        assert response.redirect_chain, response.content.decode()
        return response.content.decode()

    def lists(self) -> str:
        return self.client.get("/portal/lists/").content.decode()

    def begin(self, **data: Any) -> Submission:
        response = self.client.post("/portal/forms/begin/", {"exhibit": "B"} | data)
        return Submission.objects.numbered(response["Location"].split("/")[3]).get()

    def begin_for_the_first_source(self) -> Submission:
        """By the button beside it."""
        found = re.search(r'name="source" value="([^"]+)"', self.lists())
        assert found, "no source has a button"
        return self.begin(source=found[1])

    def fill_in(self, submission: Submission, said: Mapping[str, Raw] | None = None) -> list[str]:
        """Everything but what B8 asks once rows are drawn."""
        return answer_everything(self.client, submission, said=said, answers=GOOD)

    def page(self, submission: Submission, step: str) -> str:
        return self.client.get(f"/portal/forms/{submission.number}/{step}/", follow=True).content.decode()

    def draw(self, submission: Submission) -> Draw | None:
        """Press the button; the newest draw."""
        data = {"wizard-current_step": "sample", "page-revision": "0", "page-codes": "", "draw": "1"}
        response = self.client.post(f"/portal/forms/{submission.number}/sample/", data)
        assert response.status_code == 302, response.content.decode()
        return submission.draws.last()

    def table(self, submission: Submission) -> list[list[str]]:
        """What is offered to be filled in."""
        response = self.client.get(f"/portal/forms/{submission.number}/sample.csv")
        content = b"".join(response)
        return list(csv.reader(io.StringIO(content.decode())))

    def prove(self, submission: Submission, but: Collection[int] = ()) -> None:
        """Send the table back, filled in for all rows drawn but some."""
        heading, *rows = self.table(submission)
        lines = [[n, "a***@example.net", code, "2026-10-03 09:00Z", "192.0.2.7", "v2"] for n, _, code, *_ in rows]
        lines = [line for line in lines if int(line[0]) not in but]
        response = self.send_proof(submission, [heading, *lines])
        assert response.status_code == 302, response.content.decode()

    def send_proof(self, submission: Submission, lines: list[list[str]]) -> Any:
        text = io.StringIO()
        csv.writer(text).writerows(lines)
        file = SimpleUploadedFile("proof.csv", text.getvalue().encode(), "text/csv")
        return self.client.post(f"/portal/forms/{submission.number}/files/B8.01/", {"row": "", "files": [file]})

    def sign(self, submission: Submission) -> Any:
        """The answer to signing, or to asking for the page of it."""
        address = f"/portal/forms/{submission.number}/sign/"
        response = self.client.get(address)
        if response.status_code != 200:
            return response
        promises = [code for code in response.context["form"].fields if code.startswith("B11")]
        return self.client.post(
            address,
            dict.fromkeys(promises, "on")
            | {"name": "Mara Lindqvist", "title": "Director", "seen": response.context["seen"]},
        )

    def file(self, count: int = 501, code: str = CODE, **said: Raw) -> Submission:
        """Fill in, have rows drawn, prove them, sign."""
        submission = self.begin()
        self.finish(submission, {"B2.01": code, "B2.02": str(count), "B6.01": cleaned(count)} | said)
        return submission

    def finish(self, submission: Submission, said: Mapping[str, Raw] | None = None) -> None:
        self.fill_in(submission, said)
        self.draw(submission)
        self.prove(submission)
        response = self.sign(submission)
        assert response.status_code == 302, response.content.decode()
        submission.refresh_from_db()
        assert submission.state == Submission.State.SUBMITTED, response["Location"]

    def receive(self, acceptance: Acceptance) -> None:
        assert self.client.post(f"/portal/acceptances/{acceptance.number}/receive/").status_code == 302


def cleaned(count: int) -> Raw:
    """The answer to B6.01 that goes with so many new addresses."""
    assert isinstance(GOOD["B6.01"], dict)
    return GOOD["B6.01"] | {"left": str(count - 1)}


@dataclass
class Desk:
    """Somebody at the desk."""

    client: Client

    def post(self, submission: Submission, verb: str, **data: Any) -> str:
        response = self.client.post(f"/desk/submissions/{submission.number}/{verb}", data, follow=True)
        return response.content.decode()

    def section(self, submission: Submission, code: str) -> str:
        return self.client.get(f"/desk/submissions/{submission.number}/", {"section": code}).content.decode()

    def look_through(self, submission: Submission) -> None:
        """Take it up, and look at every section."""
        self.post(submission, "take-up/")
        for section in submission.definition.sections:
            self.post(submission, f"sections/{section.code}/", remark="Seen.")

    def accept(self, submission: Submission) -> str:
        self.client.post("/account/reauthenticate/", {"password": PASSWORD})
        none = {"conditions-TOTAL_FORMS": "0", "conditions-INITIAL_FORMS": "0"}
        return self.post(submission, "accept/", **none)


def accept(submission: Submission, rita: Desk, dana: Desk) -> Acceptance:
    """Rita looks at all of it, judges the sample and accepts as the first, Dana as the second."""
    rita.look_through(submission)
    rita.post(submission, "sample/", words="All rows are there.")
    assert "You accepted as the first" in rita.accept(submission)
    assert "is issued" in dana.accept(submission)
    return Acceptance.objects.get(submission=submission)
