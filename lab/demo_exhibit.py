"""What the demo's vendors answer in Exhibit A: the short way, in their own names, with two files; and how it is typed.

Pages are saved through the product's own verbs, in the form's order. Nothing is asked of the form here: which questions
apply to these answers is known.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from django.conf import settings

from journal.actor import Actor
from lab.seed import SeedServer, SeedVendor
from questionnaires import drafts, evidence
from questionnaires.models import Submission

Answer = str | Sequence[Any] | Mapping[str, Any]
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def fill_in(
    submission: Submission, seed: SeedVendor, signatory: str, *, by: Actor, at: datetime, last: str = ""
) -> None:
    """Type the answers, page by page; up to and with the page `last`, or all of them."""
    for step, given in pages(seed, signatory).items():
        page, answers = submission.definition.pages[step], given
        if page.rows:
            shared = {question.code for question in page.of_page()}
            for number, row in enumerate(given):
                mine = {code: answer for code, answer in row.items() if code not in shared}
                sheet = drafts.add_row(submission, step, values=typed_as(mine), by=by, at=at)
                _add_files_of_row(submission, seed, step, number, sheet.row, by, at)
            answers = {code: answer for row in given for code, answer in row.items() if code in shared}
        if answers:
            drafts.save(submission, step, typed_as(answers), revision=0, by=by, at=at)
        if step == "sample":
            _add_file(submission, "A6.10", "sample.eml", sample_message(seed, seed.servers[0]), by, at)
        if step == last:
            return


def _add_files_of_row(
    submission: Submission, seed: SeedVendor, step: str, number: int, row: str, by: Actor, at: datetime
) -> None:
    if step == "servers" and len(seed.servers) > 1:
        server = seed.servers[number]
        _add_file(submission, "A5.12", f"from {server.hostname}.eml", sample_message(seed, server), by, at, row=row)
    if step == "lists":
        _add_file(submission, "A9.17", "sign-up page.pdf", PDF, by, at, row=row)


def typed_as(answers: Mapping[str, Answer]) -> dict[str, list[str]]:
    """As the form's controls are posted: "A1.03-form", "A8.01-0-domain"."""
    typed: dict[str, list[str]] = {}
    for name, answer in answers.items():
        if isinstance(answer, str):
            typed[name] = [answer]
        elif isinstance(answer, Mapping):
            typed |= typed_as({f"{name}-{cell}": of for cell, of in answer.items()})
        elif any(isinstance(line, Mapping) for line in answer):
            typed |= typed_as({f"{name}-{number}": line for number, line in enumerate(answer)})
        else:
            typed[name] = list(answer)
    return typed


def _add_file(
    submission: Submission, code: str, name: str, content: bytes, by: Actor, at: datetime, row: str = ""
) -> None:
    question = submission.definition.questions[code]
    evidence.add(submission, question, row, name, BytesIO(content), by=by, at=at)


def sample_message(seed: SeedVendor, server: SeedServer) -> bytes:
    """A message as the vendor sends it, with both opt-out links."""
    domain = seed.domain
    leave = f"{seed.site}/leave"
    lines = [
        f"Received: from {server.hostname} ({server.hostname} [{server.address}])",
        "\tby mx.reader.example.org (Postfix) with ESMTPS id 7QX; Thu, 19 Nov 2026 09:30:00 +0000",
        f"DKIM-Signature: v=1; a=rsa-sha256; d={domain}; s=k1; h=from; bh=x; b=y",
        f"From: {seed.name} <post@{domain}>",
        "To: reader@reader.example.org",
        "Subject: What the evening courses teach this winter",
        f"Message-ID: <7qx@{domain}>",
        "Date: Thu, 19 Nov 2026 09:30:00 +0000",
        f"List-Unsubscribe: <{leave}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "",
        f"Evening courses of {settings.ADVERTISER_NAME}. Sent by {seed.name}, 14 Cooper Row, LS2 7QT Leeds.",
        f"No more from us: {leave}",
        f"No more from {settings.ADVERTISER_NAME}: {settings.OPTOUT_URL or settings.PUBLIC_URL + '/opt-out'}",
    ]
    return "\r\n".join([*lines, ""]).encode()


def pages(seed: SeedVendor, signatory: str) -> dict[str, Any]:
    """The answers by page; of a repeated page the rows."""
    domain = seed.domain
    who = {"name": signatory, "email": f"office@{domain}", "phone": "+44 20 7946 0371"}
    return {
        "company": {
            "A1.01": seed.name,
            "A1.03": {"form": "company", "country": "United Kingdom"},
            "A1.04": f"GB {sum(map(ord, seed.name)):07}",
            "A1.05": {"street": "14 Cooper Row", "city": "Leeds", "postcode": "LS2 7QT", "country": "United Kingdom"},
        },
        "company-reach": {"A1.07": who["phone"], "A1.08": who["email"], "A1.09": f"{seed.site}/"},
        "business": {
            "A1.10": ["initiator", "owner"],
            "A1.11": {"founded": "2013", "staff": "9", "all": "140,000", "for_us": "6000"},
            "A1.12": "no",
            "A1.14": ["none"],
        },
        "people": {"A2.01": who | {"title": "Managing director", "basis": "officer"}, "A2.08": ["none"]},
        "emergency": {
            "A3.04": [{"name": "Noor Hale", "email": f"noor@{domain}", "phone": "+44 113 496 0744"}],
        },
        "emergency-halt": {
            "A3.05": "always",
            "A3.06": "10",
            "A3.07": "The contact holds the queue on every server with one command, and looks that it stands still.",
        },
        "domains": [
            {
                "A4.01": domain,
                "A4.02": ["from", "links"],
                "A4.06": seed.site,
                "A4.07": f"{seed.site}/leave",
                "A4.08": f"{seed.site}/about",
                "A4.09": {"spf": "v=spf1 mx -all", "dkim": "k1", "dmarc": "v=DMARC1; p=quarantine"},
                "A4.10": "yes",
            }
        ],
        "servers": [
            {
                "A5.01": server.address,
                "A5.04": server.helo,
                "A5.05": "owned",
                "A5.07": "Postfix 3.9",
                "A5.08": ["tls", "dkim"],
                "A5.10": "2023-03-01",
                "A5.11": "on",
            }
            for server in seed.servers
        ],
        "headers": {
            "A6.01": [{"display": seed.name, "address": f"post@{domain}", "also": ["reply_to", "return_path"]}],
        },
        "sample": {"A6.05": f"<{seed.site}/leave>", "A6.08": "yes", "A6.09": "on"},
        "reputation": {"A7.01": "never", "A7.06": "on"},
        "rates": {
            "A8.01": [
                {"domain": "gmail", "per_hour": "1800", "connections": "4", "per_connection": "40", "from": "receiver"},
                {"domain": "other", "per_hour": "700", "connections": "2", "per_connection": "20", "from": "provider"},
            ],
            "A8.03": "We wait an hour after a 421, send half of it, and go back to the whole when a day was clean.",
            "A8.05": ["spf", "dkim", "dmarc", "tls", "ptr", "one_click"],
            "A8.06": "on",
        },
        "lists": [
            {
                "A9.01": f"{seed.name} readers",
                "A9.02": {"now": "36 000", "monthly": "700", "oldest": "2020-05-01"},
                "A9.03": ["web"],
                "A9.04": [{"property": "Newsletter", "url": f"{seed.site}/join", "from": "2020-05-01"}],
                "A9.05": ["email", "page", "ip", "date", "time", "wording", "box"],
                "A9.06": "confirmed",
                "A9.10": "Yes, send me the newsletter and offers of its partners.",
                "A9.11": "The box stands alone above the button, and is never ticked beforehand.",
                "A9.12": "They signed up to read about courses, and hear of courses.",
                "A9.13": "yes",
                "A9.14": ["withdrawn", "inactive", "role", "minors"],
            }
        ],
        "content": {
            "A10.01": "In the last paragraph, one below the other.",
            "A10.02": "yes",
            "A10.03": "on",
            "A10.04": "on",
            "A10.06": {"approves": signatory, "code": "At the end of the subject's first line"},
        },
        "opt-out": {"A11.01": f"{seed.site}/leave", "A11.02": "on", "A11.03": "12", "A11.12": "on"},
        "suppression": {"A11.04": "api", "A11.06": ["advertiser", "own", "owners"], "A11.07": "api"},
        "opt-out-forwarding": {"A11.09": "Two colleagues read what comes in, each working day.", "A11.10": "read"},
        "bounces": {
            "A12.01": "all",
            "A12.03": {"retries": "10", "days": "3", "campaigns": "3"},
            "A12.04": "3000",
        },
        "complaints": {
            "A13.01": "on",
            "A13.03": [{"proof": "record", "kept": "Subscriber database", "hours": "2"}],
            "A13.05": "verp",
            "A13.06": "24",
        },
        "privacy": {
            "A14.01": {"holds": ["address", "time", "outcome"], "days": "60", "who": "Two people who run the servers"},
            "A14.05": f"{seed.site}/privacy",
            "A14.07": "on",
            "A14.08": {"how": "Deleted from the database at once, from copies within the month.", "days": "30"},
            "A14.13": {"measures": ["access", "mfa"], "breach": "on"},
            "A14.14": ["none"],
        },
        "law": {"A16.01": ["can_spam"], "A16.04": "on", "A16.05": "on", "A16.06": "on"},
    }
