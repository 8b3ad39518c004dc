"""How checks and their results stand on a page: the order of the columns, and the word in a small cell."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitors import checks
from monitors.models import Finding, Watch
from monitors.probes.entry import Blocklist
from monitors.probes.reading import Verdict
from vendors.models import SendingServer

WORDS = {
    "not_looked_yet": "not yet",
    "refused_by_list": "refused",
    "unmapped_code": "odd code",
    "nodata": "no answer",
    "servfail": "failed",
    "timeout": "timed out",
    "list_unhealthy": "list blind",
    "own_fault": "our fault",
    "fail_no_ptr": "no name",
    "fail_mismatch": "mismatch",
    "fail_ptr_target_missing": "name missing",
    "bad_ptr": "bad name",
    "temperror": "failed",
    "not_checked": "not checked",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check as people know it. `entry` is the blocklist behind it, where there is one."""

    id: str
    title: str
    entry: Blocklist | None = None


def check(check_id: str) -> Check:
    """The check with this id; a list that left the catalogue keeps its id as its name."""
    prefix, _, list_id = check_id.partition(":")
    is_list = f"{prefix}:" in (checks.DNSBL, checks.ATTESTED)
    entry = next((one for one in checks.known() if is_list and one.id == list_id), None)
    return Check(check_id, checks.check_name(check_id), entry)


def list_title(list_id: str) -> str:
    """What people call the blocklist; its id when it left the catalogue."""
    return checks.check_name(checks.DNSBL + list_id)


def in_order(check_ids: Iterable[str]) -> list[Check]:
    """Blocklists in the catalogue's order, then those that left it, then reverse DNS."""
    places = {
        prefix + entry.id: place
        for place, entry in enumerate(checks.blocklists())
        for prefix in (checks.DNSBL, checks.ATTESTED)
    }
    known = sorted(set(check_ids), key=lambda one: (one == checks.FCRDNS, places.get(one, len(places)), one))
    return [check(one) for one in known]


def headline(finding: Finding) -> str:
    """What was found, as a sentence without its stop: `mta3.example.net is listed on SpamCop`."""
    subject = finding.subject
    name = str(subject) if not isinstance(subject, SendingServer) else subject.hostname or subject.address
    was = "is" if finding.state == Finding.State.OPEN else "was"
    if finding.watch.check_id.startswith(checks.DNSBL):
        return f"{name} {was} listed on {checks.check_name(finding.watch.check_id)}"
    if finding.watch.check_id.startswith(checks.ATTESTED):
        return f"{name} {was} in bad standing at {checks.check_name(finding.watch.check_id)}"
    if finding.watch.check_id == checks.FCRDNS:
        return f"The reverse DNS of {name} {was} at fault"
    return f"{checks.check_name(finding.watch.check_id)}: {name} {was} at fault"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands where a server's row meets a check's column; `state` is a verdict, or none."""

    state: str
    word: str
    check: Check


def cell(address: str, one: Check, watch: Watch | None) -> Cell:
    """A list that holds no such addresses says so; what has not been looked at is unknown, never clear."""
    if watch is not None and watch.is_running:
        return Cell(watch.verdict, word_of(watch), one)
    entry = one.entry
    if entry is None or entry.covers(checks.address_of(address)):
        return Cell("none", "not watched", one)
    kinds = [kind for kind in ("IPv4", "IPv6") if kind.lower() in entry.targets]
    return Cell("none", f"{kinds[0]} only" if len(kinds) == 1 else "not covered", one)


def word_of(watch: Watch) -> str:
    """One or two words for the watch's last reading."""
    if watch.verdict == Verdict.CLEAR:
        return "clear"
    return WORDS.get(watch.result, watch.result.replace("_", " "))
