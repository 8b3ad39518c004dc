"""The command as an operator meets it: its files, its sentences, its summary and its exit."""

import io
import json
import socket
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from monitors.management.commands.blocklist_scan import Command
from tests.egress.scripted import serving
from tests.monitors.test_scan import blocklist


def run(*arguments: object) -> tuple[str, str]:
    """What the command writes to standard output and to standard error."""
    stdout, stderr = io.StringIO(), io.StringIO()
    command = Command(stdout=stdout, stderr=stderr, no_color=True)
    parser = command.create_parser("manage.py", "blocklist-scan")
    try:
        command.handle(**vars(parser.parse_args([str(argument) for argument in arguments])))
    except CommandError as refusal:
        refusal.add_note(stderr.getvalue())
        raise
    return stdout.getvalue(), stderr.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> tuple[object, ...]:
    (tmp_path / "targets").write_text("192.0.2.1\n192.0.2.2\n192.0.2.21\n")
    (tmp_path / "zones").write_text("bl.example\n")
    return ("--targets", tmp_path / "targets", "--zones", tmp_path / "zones")


def test_a_scan_writes_what_is_listed_and_unknown_and_says_what_it_did(
    files: tuple[object, ...], tmp_path: Path
) -> None:
    with serving(blocklist) as server:
        stdout, stderr = run(*files, "--resolver", server.path, "--csv", tmp_path / "out.csv")

    assert (tmp_path / "out.csv").read_text() == (
        "address,zone,verdict,codes,reason\n"
        "192.0.2.2,bl.example,listed,127.0.0.2,see https://bl.example/2\n"
        "192.0.2.21,bl.example,unknown,192.0.2.80,hijacked\n"
    )
    assert stdout == ""
    assert "3 addresses in 1 zone: 1 listed, 1 clear, 1 unknown (1 hijacked)." in stderr


def test_all_adds_what_is_clear_and_a_dash_writes_to_standard_output(files: tuple[object, ...]) -> None:
    with serving(blocklist) as server:
        stdout, _ = run(*files, "--resolver", server.path, "--csv", "-", "--all")

    assert "192.0.2.1,bl.example,clear,,\n" in stdout


def test_the_summary_speaks_json(files: tuple[object, ...], tmp_path: Path) -> None:
    with serving(blocklist) as server:
        stdout, stderr = run(*files, "--resolver", server.path, "--csv", tmp_path / "out.csv", "--json")

    summary = json.loads(stdout)
    assert (summary["addresses"], summary["zones"], summary["lookups"]) == (3, 1, 4)
    assert (summary["listed"], summary["clear"], summary["unknown"]) == (1, 1, 1)
    assert summary["unknown_because"] == {"hijacked": 1}
    assert stderr == ""


def test_bad_lines_are_all_named_and_nothing_is_asked(files: tuple[object, ...], tmp_path: Path) -> None:
    (tmp_path / "targets").write_text("192.0.2.1\nmail.example\n")
    (tmp_path / "zones").write_text("bl..example\n")

    with (
        serving(blocklist) as server,
        pytest.raises(CommandError, match=r"Nothing was scanned\. Correct these 2 first\.") as refused,
    ):
        run(*files, "--resolver", server.path, "--csv", tmp_path / "out.csv")

    assert "targets, line 2: 'mail.example' is not" in refused.value.__notes__[0]
    assert "zones, line 1: 'bl..example' is not" in refused.value.__notes__[0]
    assert server.asked == []
    assert not (tmp_path / "out.csv").exists()


def test_a_zone_that_is_there_twice_is_refused_with_both_lines(files: tuple[object, ...], tmp_path: Path) -> None:
    (tmp_path / "zones").write_text("bl.example\nother.example\nBL.example.  # again\n")

    with serving(blocklist) as server, pytest.raises(CommandError, match=r"Correct this first\.") as refused:
        run(*files, "--resolver", server.path, "--csv", tmp_path / "out.csv")

    assert refused.value.__notes__ == [
        f"{tmp_path / 'zones'}, line 3: 'BL.example.' stands in line 1 already. Keep one of them.\n"
    ]
    assert server.asked == []


def test_one_address_in_one_zone_is_told_as_one(files: tuple[object, ...], tmp_path: Path) -> None:
    (tmp_path / "targets").write_text("192.0.2.1\n")
    with serving(blocklist) as server:
        _, stderr = run(*files, "--resolver", server.path, "--csv", tmp_path / "out.csv")

    assert stderr.startswith("1 address in 1 zone: 0 listed, 1 clear, 0 unknown.\n1 lookup in ")


def test_a_server_that_is_not_there_fails_and_still_leaves_the_unknown_rows(
    files: tuple[object, ...], tmp_path: Path
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]

    with pytest.raises(CommandError, match="did not answer at all"):
        run(*files, "--resolver", f"127.0.0.1:{port}", "--csv", tmp_path / "out.csv")

    assert (tmp_path / "out.csv").read_text().count(",unknown,,unreachable\n") == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--resolver", "dns.example"], "'dns.example' is not an IP address"),
        (["--resolver", "127.0.0.1:53", "--in-flight", "0"], "whole number from 1 to"),
        (["--resolver", "127.0.0.1:53", "--rate", "fast"], "lookups a second, or 0"),
        (["--resolver", "127.0.0.1:53", "--rate", "nan"], "lookups a second, or 0"),
        (["--resolver", "127.0.0.1:53", "--json", "--csv", "-"], "give --csv a file"),
        (
            ["--resolver", "127.0.0.1:53", "--targets", "no/such/file"],
            r"no/such/file: No such file or directory\. Nothing was scanned\.",
        ),
        (
            ["--resolver", "127.0.0.1:53", "--csv", "no/such/folder/out.csv"],
            r"No such file or directory\. Nothing was scanned\.",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    files: tuple[object, ...], tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(*files, "--csv", tmp_path / "out.csv", *arguments)
