"""What people see of a report, and how long they wait for it."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest
from rich.console import Console

from egress.resolver import Path
from lab.run import Lab
from monitors import check_sender, checks
from monitors.check_sender import Report, Sender, look_now
from monitors.sender import showing
from monitors.sender.looking import Progress
from monitors.sender.progress import sentence
from tests.monitors.sender.lab import ALL, DOMAIN, HOST, NAME, SENDER, opened, run

ESCAPE = "\x1b["


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    with opened(monkeypatch) as lab:
        yield lab


def report(lab: Lab, *, lasts: float = 10.0, progress: Progress | None = None) -> Report:
    paths = [Path.parse(resolver) for resolver in lab.resolvers]
    sender = Sender(ip_address(SENDER), (DOMAIN,), HOST, ("s1",))
    work = look_now(paths, checks.blocklists(), sender, NAME, now=datetime.now(UTC), lasts=lasts, progress=progress)
    return asyncio.run(work)


def printed(found: Report, **how: object) -> str:
    given: dict[str, object] = {"width": 110, "force_terminal": True, "highlight": False, "color_system": "standard"}
    console = Console(**(given | how))  # type: ignore[arg-type]
    with console.capture() as out:
        showing.show(found, console)
    return out.get()


def test_on_a_terminal_it_stands_in_groups_with_the_evidence(lab: Lab) -> None:
    lab.world.list("bl.spamcop.net", SENDER, text="mailed a trap")
    found = report(lab)
    shown = printed(found, force_terminal=False, color_system=None)
    order = [
        SENDER, "Blocklists", "Listed", "mailed a trap", "DNS", "Reverse DNS", "HELO", "Who holds it",
        f"{DOMAIN}  named by you", "Blocklists", "SPF", "v=spf1 mx -all", "Registration", f"The holder is {NAME}",
        "Website", f"{SENDER}: Listed on SpamCop.", f"{DOMAIN}: ",
    ]  # fmt: skip
    place = 0
    for part in order:
        assert part in shown[place:], part
        place = shown.index(part, place) + len(part)
    for resolver in lab.resolvers:
        assert f"{resolver}: 5.113.0.203.bl.spamcop.net A → 127.0.0.2" in shown
    assert "proved on 2 of 2 resolvers" in shown
    assert "https://www.spamcop.net/bl.shtml" in shown


def test_colours_are_for_a_terminal_that_wants_them(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    found = report(lab)
    assert f"{ESCAPE}32mClear" in printed(found)
    monkeypatch.setenv("NO_COLOR", "1")
    assert f"{ESCAPE}32m" not in printed(found)
    assert ESCAPE not in printed(found, force_terminal=False, color_system=None)
    assert ESCAPE not in run(SENDER, *ALL)[1]


def test_no_line_is_wider_than_the_terminal(lab: Lab) -> None:
    found = report(lab)
    for width in (60, 80, 200):
        console = Console(width=width, no_color=True, force_terminal=False, highlight=False)
        with console.capture() as out:
            showing.show(found, console)
        assert max(map(len, out.get().splitlines())) <= min(width, showing.WIDEST)


def test_it_is_over_in_time_when_nobody_answers_and_nothing_is_clear(lab: Lab) -> None:
    for path in lab.paths:
        path.set_mood("silent")
    progress = Progress()
    began = time.monotonic()
    found = report(lab, lasts=1.0, progress=progress)
    assert time.monotonic() - began < 2.5
    assert {check.word for check in found.every} <= {"Unknown", "Not covered", "Not configured"}
    assert progress.done == progress.total
    assert not progress.waiting


def test_a_silent_registry_keeps_nobody_waiting_past_the_end(lab: Lab) -> None:
    lab.rdap.set_mood("silent")
    lab.whois.set_mood("silent")
    began = time.monotonic()
    found = report(lab, lasts=2.0)
    assert time.monotonic() - began < 3.5
    words = {check.id: check.word for domain in found.domains for check in domain.checks}
    assert (words["registration"], words["spf"]) == ("Unknown", "Clear")


def test_more_domains_than_are_looked_at_are_named(lab: Lab) -> None:
    paths = [Path.parse(resolver) for resolver in lab.resolvers]
    sender = Sender(ip_address(SENDER), tuple(f"d{number}.example" for number in range(9)))
    found = asyncio.run(look_now(paths, (), sender, now=datetime.now(UTC), lasts=3.0))
    assert (len(found.domains), found.left_out) == (8, ("d8.example", DOMAIN))
    assert "not looked at: d8.example, acme.example. Name them with --domain." in showing.lines(found)


def test_the_line_says_what_is_waited_for() -> None:
    progress = Progress()
    with progress.of("SPF of acme.example"):
        pass
    with progress.of("Website of acme.example"), progress.of("DMARC of acme.example"):
        assert sentence(progress, 3.2) == ("Looked at 1 of 3, waiting for Website of acme.example and 1 more (3 s)")
    assert sentence(progress, 4.0) == "Looked at 3 of 3 (4 s)"


def test_a_fault_of_our_own_leaves_the_other_checks_alone(lab: Lab) -> None:
    broken = object()
    paths = [Path.parse(lab.resolvers[0])]
    sender = Sender(ip_address(SENDER), (), None, (broken,))  # type: ignore[arg-type]
    found = asyncio.run(look_now(paths, checks.blocklists(), sender, now=datetime.now(UTC), lasts=3.0))
    results = {check.id: check.reading and check.reading.result for check in found.domains[0].checks}
    assert (results["dkim"], results["spf"]) == ("own_fault", "pass")
    assert check_sender.Word.CLEAR in {check.word for check in found.checks}
