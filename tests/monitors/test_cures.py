"""What a vendor is told to do about a fault: from the table, the codes, and what the catalogue knows of the list."""

import pytest

from monitors.catalogue import load
from monitors.cures import _table, cure
from monitors.probes.entry import Blocklist

LISTS = {entry.id: entry for entry in load(None, {})}
ADDRESS = "192.0.2.10"


def told(check_id: str, *codes: str, result: str = "", subject: str = ADDRESS) -> str:
    entry: Blocklist | None = LISTS.get(check_id.partition(":")[2])
    return " ".join(cure(check_id, result=result, codes=codes, subject=subject, entry=entry).steps)


@pytest.mark.parametrize(
    ("check_id", "result", "codes", "words"),
    [
        ("dnsbl:spamcop", "listed", ["127.0.0.2"], "End the cause first"),
        ("dnsbl:spamcop", "listed", ["127.0.0.2"], "an entry ends about 24 hours after the last report"),
        ("dnsbl:spamhaus-zen", "listed", ["127.0.0.4"], "Take it off the network"),
        ("dnsbl:spamhaus-zen", "listed", ["127.0.0.10"], "home or changing connections"),
        ("dnsbl:spamhaus-zen", "listed", ["127.0.0.4", "127.0.0.11"], "Take it off the network"),
        ("dnsbl:spamhaus-zen", "listed", ["not a code"], "End the cause first"),
        ("dnsbl:spamhaus-dbl", "listed", ["127.0.1.2"], "The list names 192.0.2.10 itself"),
        ("dnsbl:gone", "listed", [], "End the cause first"),
        ("fcrdns", "fail_no_ptr", [], "to give it a reverse name (PTR)"),
        ("fcrdns", "fail_mismatch", [], "Let the reverse name lead back"),
        ("fcrdns", "another", [], "a reverse name that leads back to it"),
        ("spf", "several", [], "Leave one SPF record"),
        ("dkim", "weak_key", [], "2,048 bits"),
        ("dmarc", "none", [], "_dmarc.192.0.2.10"),
        ("mx", "null_mx", [], "takes no mail"),
        ("registration", "not_met", ["email:free_mail", "phone:missing"], "none of a free or throw-away provider"),
        (
            "registration",
            "not_met",
            ["email:free_mail", "phone:missing"],
            "a telephone number that your company answers",
        ),
        ("website", "incomplete", ["site:live", "opt_out:not_found"], "Put a way to opt out"),
        ("website", "parked", ["site:parked"], "stop using the domain"),
        ("attested:yahoo-aol", "", [], "ask the list or provider to take it back"),
    ],
)
def test_each_fault_has_its_cure(check_id: str, result: str, codes: list[str], words: str) -> None:
    assert words in told(check_id, *codes, result=result)


def test_a_code_that_is_well_adds_nothing() -> None:
    assert "Show on the website" not in told("website", "opt_out:not_found", "contact:found", result="incomplete")


def test_the_page_of_the_list_is_named() -> None:
    found = cure("dnsbl:spamcop", codes=["127.0.0.2"], subject=ADDRESS, entry=LISTS["spamcop"])
    assert (found.lookup, found.of) == ("https://www.spamcop.net/bl.shtml", "SpamCop")


def test_every_line_of_the_table_is_whole_sentences() -> None:
    for kind, lines in _table().items():
        assert "any" in lines, kind
        for words in lines.values():
            assert words.endswith((".", "=.")), words
            assert "{subject}" in words or "{" not in words


def test_the_key_of_a_list_is_in_no_cure() -> None:
    keyed = {entry.id: entry for entry in load(None, {"spamhaus-zen": "sekrit0key"})}["spamhaus-zen"]
    found = cure("dnsbl:spamhaus-zen", codes=["127.0.0.2"], subject=ADDRESS, entry=keyed)
    assert "sekrit0key" not in " ".join([*found.steps, found.lookup, found.of])
