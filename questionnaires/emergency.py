"""The emergency abuse contacts that a form names become contacts of the vendor, and are asked at once.

So they are asked for once only: from then on the form shows what the register says, and the vendor changes them on the
page of its contacts, in a form or out of one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from journal.actor import Actor
from notices import own_contacts
from questionnaires.models import Submission

NAME, PHONE, EMAIL, BACKUPS = "A3.01", "A3.02", "A3.03", "A3.04"
STEP = "emergency"


def register(submission: Submission, *, by: Actor, at: datetime) -> list[str]:
    """Add whom the form names and the register does not have; the sentences of what could not be added."""
    if submission.exhibit != "A":
        return []
    sheet = submission.sheets.filter(step=STEP, row="").first()
    if sheet is None:
        return []
    known = {contact.email.lower() for contact in submission.vendor.contacts.all()}
    refused = []
    for person in _named(sheet.values):
        if person["email"].lower() in known:
            continue
        known.add(person["email"].lower())
        try:
            own_contacts.add(submission.vendor, person, who=by.name, by=by, at=at)
        except ValidationError as error:
            refused += [f"{person['name']}: {sentence}" for sentence in error.messages]
    return refused


def _named(values: Mapping[str, Any]) -> list[dict[str, str]]:
    people = []
    if all(values.get(code) for code in (NAME, PHONE, EMAIL)):
        people.append({"name": values[NAME], "email": values[EMAIL], "phone": values[PHONE]})
    backups = [line for line in values.get(BACKUPS) or [] if line.get("name") and line.get("email")]
    return people + [{"name": one["name"], "email": one["email"], "phone": one.get("phone", "")} for one in backups]
