"""Facts for papers, as other modules will make them: Harrow & Lyle write to Alder Mailings."""

import hashlib
from datetime import UTC, datetime, timedelta

from questionnaires import codes, snapshot
from questionnaires.paper_facts import (
    Acceptance,
    Addressee,
    Answer,
    Attestation,
    Authenticity,
    Basis,
    Ceiling,
    Condition,
    Decline,
    Duty,
    Evidence,
    Exhibit,
    Group,
    HeaderAddress,
    ListSource,
    Officer,
    Reason,
    Scope,
    Section,
    Sender,
    Server,
    Signature,
    SignedCopy,
    Suspension,
    Table,
    moment,
)

ISSUED = datetime(2026, 3, 3, 16, 20, 9, tzinfo=UTC)
SIGNED = datetime(2026, 3, 1, 14, 2, 11, tzinfo=UTC)
CODE = "K7QF3M9TXW2P8RHA"
NEW_YORK = "America/New_York"


def digest(of: str) -> str:
    return hashlib.sha256(of.encode()).hexdigest()


def sender() -> Sender:
    return Sender(
        name="Harrow & Lyle",
        lines=["Vendor management", "14 Quay Street, New York, NY 10004"],
        portal="gate.harrow.example.com",
        abuse="abuse@harrow.example.com",
    )


def addressee() -> Addressee:
    return Addressee(
        company="Alder Mailings LLC",
        registration="NY-4471902",
        signatory="Alice Alder",
        title="head of delivery",
        lines=["210 Canal Road, Albany, NY 12207"],
        list_owners=[],
    )


def basis(exhibit: Exhibit = "A") -> Basis:
    return Basis(
        exhibit=exhibit,
        title="Email Vendor Questionnaire and Agreement" if exhibit == "A" else "Additions to Email List Questionnaire",
        questionnaire_version=1,
        questionnaire_sha256=digest("questionnaire"),
        submission="S-2026-0044",
        signed_at=moment(SIGNED),
        content_sha256=digest("answers"),
        policy_version=7,
        policy_day="1 January 2026",
        policy_sha256=digest("policy"),
    )


def authenticity() -> Authenticity:
    return Authenticity(
        address=f"https://gate.harrow.example.com/verify/{CODE}",
        page="gate.harrow.example.com/verify",
        code=codes.show(CODE),
        chain_number=88102,
        chain_sha256=digest("chain"),
        seal_fingerprint="",
    )


def officers() -> list[Officer]:
    return [
        Officer(name="Rita Reyes", title="reviewer", at=moment(ISSUED - timedelta(minutes=22))),
        Officer(name="Ada Osei", title="second reviewer", at=moment(ISSUED)),
    ]


def scope(servers: int = 4) -> Scope:
    return Scope(
        servers=[
            Server(
                host=f"mta{number}.alder.example.net",
                address=f"198.51.{100 + number // 250}.{number % 250 + 1}"
                if number % 4
                else f"2001:db8:40::{number:x}",
                helo=f"mta{number}.alder.example.net" if number != 3 else "",
            )
            for number in range(1, servers + 1)
        ],
        domains=["alder.example.net", "alder-mail.example.com"],
        header_addresses=[
            HeaderAddress(header="From", address="news@alder.example.net"),
            HeaderAddress(header="Reply-To", address="answers@alder.example.net"),
            HeaderAddress(header="Return-Path", address="bounces@alder.example.net"),
        ],
        sources=[
            ListSource(name="Readers of The Northern Gardener", code="NG-01", addresses=412_550),
            ListSource(name="Course catalogue requests", code="CC-02", addresses=98_004),
        ],
        ceilings=[
            Ceiling(provider="Gmail", per_hour=40_000, connections=20),
            Ceiling(provider="Yahoo and AOL", per_hour=20_000, connections=0),
        ],
        ad_codes=["SPRING26-A", "SPRING26-B"],
    )


def duties() -> list[Duty]:
    return [
        Duty(
            clause="O1",
            text="Download our suppression list at most 72 hours before a launch, every 48 hours in a longer one.",
        ),
        Duty(clause="O2", text="Send us every opt-out within 48 hours of receiving it."),
        Duty(clause="O9", text="Keep opt-outs working for 30 days after the last mailing."),
        Duty(clause="C0", text="Answer a complaint with all reasonable information within 24 hours."),
        Duty(clause="R12", text="Stop at once when told to."),
    ]


def acceptance(servers: int = 4, exhibit: Exhibit = "A") -> Acceptance:
    return Acceptance(
        reference=f"HL-{exhibit}-2026-000123",
        issued_at=moment(ISSUED, NEW_YORK),
        sender=sender(),
        addressee=addressee(),
        basis=basis(exhibit),
        scope=scope(servers),
        duties=duties(),
        conditions=[
            Condition(
                text="Publish a DMARC record for alder-mail.example.com.",
                clause="R7",
                due="1 April 2026",
                evidence="our own look at your DNS.",
            )
        ],
        header_approvals=[],
        valid_until="2 March 2027",
        emergency_contact="Theo Marsh",
        signed=officers(),
        authenticity=authenticity(),
    )


def decline() -> Decline:
    return Decline(
        outcome="declined",
        reference="HL-D-2026-000031",
        issued_at=moment(ISSUED, NEW_YORK),
        sender=sender(),
        addressee=addressee(),
        basis=basis(),
        reasons=[
            Reason(
                clause="R5",
                text="mta2.alder.example.net (198.51.100.24) is listed on Quarry since 12 February 2026.",
                cure="A removal that lasts 30 days, or another server.",
                question="A7.01",
            ),
            Reason(
                clause="S2",
                text="The list “Northern deals” was bought, and you have no proof that its people agreed.",
                cure="",
                question="A9.09",
            ),
        ],
        next_step="You may send in Exhibit A again when the causes are gone. Your answers are kept for it.",
        signed=officers(),
        authenticity=authenticity(),
    )


def suspension() -> Suspension:
    return Suspension(
        outcome="suspended",
        reference="HL-S-2026-000007",
        issued_at=moment(ISSUED, NEW_YORK),
        sender=sender(),
        addressee=addressee(),
        acceptance="HL-A-2026-000123",
        acceptance_issued_at=moment(SIGNED),
        effective_at=moment(ISSUED, NEW_YORK),
        reasons=[
            Reason(
                clause="R5",
                text="198.51.100.24 was listed on Quarry on 3 March 2026, 16:02 UTC (halt order H-0042).",
                cure="The address is no longer listed for 24 hours.",
                question="",
            )
        ],
        duties=[
            Duty(clause="O9", text="Keep opt-outs working for 30 days after the last mailing."),
            Duty(clause="C0", text="Answer complaints within 24 hours."),
        ],
        next_step="Tell us in the portal what you repaired. We look again, and lift the suspension in writing.",
        signed=officers(),
        authenticity=authenticity(),
    )


def answer(code: str, question: str, *words: str, **more: object) -> Answer:
    made = Answer(code=code, question=question, clauses=[], words=list(words), files=[], table=None)
    return made | more  # type: ignore[return-value]


def signed_copy(servers: int = 3) -> SignedCopy:
    fields = ["S-2026-0044", digest("answers"), "Alice Alder", "alice@alder.example.net", "2026-03-01T14:02:11Z"]
    return SignedCopy(
        reference="S-2026-0044",
        issued_at=moment(ISSUED),
        sender=sender(),
        company="Alder Mailings LLC",
        basis=basis(),
        sections=[
            Section(
                code="A1",
                title="The company",
                groups=[
                    Group(
                        title="",
                        answers=[
                            answer("A1.01", "Legal name", "Alder Mailings LLC", clauses=["R1"]),
                            answer(
                                "A1.04",
                                "Proof of registration",
                                files=[Evidence(name="register extract.pdf", size="34 kB", sha256=digest("extract"))],
                            ),
                            answer("A1.07", "Other names under which you trade"),
                            answer(
                                "A1.10",
                                "What do you do in a campaign?",
                                "We write the messages.",
                                "We send them from our own servers.",
                                clauses=["D1", "D5"],
                            ),
                            answer(
                                "A1.11",
                                "Who else takes part?",
                                table=Table(
                                    columns=["Name", "Part", "Country"],
                                    rows=[
                                        ["Birch Direct Ltd", "affiliate", "United Kingdom"],
                                        ["Cedar Relay", "relay", "Ireland"],
                                    ],
                                ),
                            ),
                        ],
                    )
                ],
            ),
            Section(
                code="A5",
                title="Sending servers",
                groups=[
                    Group(
                        title=f"mta{number}.alder.example.net",
                        answers=[
                            answer(
                                "A5.01", "IP address", f"198.51.{100 + number // 250}.{number % 250}", clauses=["R9"]
                            ),
                            answer("A5.02", "Host name", f"mta{number}.alder.example.net", clauses=["R7"]),
                            answer(
                                "A5.03",
                                "Does the name lead back to the address?",
                                "Yes, looked up by us",
                                clauses=["R7"],
                            ),
                            answer("A5.05", "Used by you alone?", "By us alone"),
                            answer("A5.07", "In use since", "12 June 2024"),
                        ],
                    )
                    for number in range(1, servers + 1)
                ],
            ),
        ],
        attestations=[
            Attestation(code="A18.02", text="We have read the policy and will follow it.", at=moment(SIGNED)),
            Attestation(
                code="A18.04", text="We will not start until we receive written acceptance.", at=moment(SIGNED)
            ),
            Attestation(
                code="A18.07", text="I agree to sign with my typed name. I may ask for paper.", at=moment(SIGNED)
            ),
        ],
        signature=Signature(
            name="Alice Alder",
            title="head of delivery",
            company="Alder Mailings LLC",
            email="alice@alder.example.net",
            at=moment(SIGNED),
            seal=snapshot.seal(fields),
            seal_lines=snapshot.seal_lines(fields).split("\n"),
        ),
        authenticity=authenticity(),
    )
