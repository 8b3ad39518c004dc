"""`manage.py check-sender`, from the words typed to the exit status."""

import asyncio
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dns.message
import dns.rcode
import dns.rdatatype
import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from tests.egress.scripted import Script, ScriptedServer, name_of, reply

LISTS = (
    'only = true\n[[blocklist]]\nid = "house"\nname = "House"\nzone = "house.test"\nlookup = "https://house.test/"\n'
)
RECORDS = {
    "2.0.0.127.house.test": "A 127.0.0.2",
    "6.113.0.203.house.test": "A 127.0.0.2",
    **{f"{last}.113.0.203.in-addr.arpa": f"PTR mx{last}.test." for last in (5, 6)},
    **{f"mx{last}.test": f"A 203.0.113.{last}" for last in (5, 6)},
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[None]:
    with serving(tmp_path, _script):
        yield


@contextmanager
def serving(
    tmp_path: Path, script: Script, lists_text: str = LISTS, keys: dict[str, str] | None = None
) -> Iterator[None]:
    """A DNS server on loopback in a thread of its own, one list, and the settings that lead there."""
    started, loop = threading.Event(), asyncio.new_event_loop()
    stop, where = asyncio.Event(), []

    async def serve() -> None:
        async with ScriptedServer(script) as server:
            where.append(str(server.path))
            started.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    started.wait(5)
    lists = tmp_path / "lists.toml"
    lists.write_text(lists_text, "utf-8")
    with override_settings(RESOLVERS=where, BLOCKLISTS=lists, BLOCKLIST_KEYS=keys or {}):
        yield
    loop.call_soon_threadsafe(stop.set)
    thread.join(5)
    loop.close()


def run(*words: str) -> tuple[int, str]:
    """(exit status, what was printed)."""
    out = io.StringIO()
    try:
        call_command("check_sender", *words, stdout=out, stderr=io.StringIO())
    except SystemExit as status:
        return int(str(status.code)), out.getvalue()
    return 0, out.getvalue()


def refusal(*words: str) -> str:
    with pytest.raises(CommandError) as refused:
        run(*words)
    assert refused.value.returncode == 2
    return str(refused.value)


@pytest.mark.usefixtures("world")
def test_a_sender_in_good_order_ends_with_0() -> None:
    status, printed = run("203.0.113.5")
    assert status == 0
    assert printed.splitlines()[1] == "Clear\tHouse\tNot listed on House.\thttps://house.test/"


@pytest.mark.usefixtures("world")
def test_a_listed_sender_ends_with_1() -> None:
    status, printed = run("203.0.113.6")
    assert status == 1
    assert printed.splitlines()[-1] == "Listed on House."


@pytest.mark.usefixtures("world")
def test_json_holds_all_that_was_seen_with_the_evidence() -> None:
    status, printed = run("203.0.113.6", "--json")
    seen: dict[str, Any] = json.loads(printed)
    assert (status, seen["verdict"], seen["address"]) == (1, "adverse", "203.0.113.6")
    house = seen["checks"][1]
    assert (house["id"], house["word"], house["codes"]) == ("house", "Listed", ["127.0.0.2"])
    assert house["health"]["healthy"]
    assert house["evidence"][0]["name"] == "6.113.0.203.house.test"


@pytest.mark.parametrize("words", [(), ("--json",)], ids=["for people", "as JSON"])
@pytest.mark.parametrize("can_be_seen", [True, False])
def test_nothing_that_is_printed_holds_the_key(tmp_path: Path, words: tuple[str, ...], can_be_seen: bool) -> None:
    key = "SfdsfdXyzzy42"
    asked: list[str] = []

    def echo(query: dns.message.Message, _: bytes) -> bytes:
        """The key in capitals as an alias, and in the text; of a list in order, or of one that lists the world."""
        name, alias = name_of(query), f"{key.upper()}.example."
        asked.append(name.lower())
        is_listed = name.startswith(("2.0.0.127.", "6.113.0.203.")) or not can_be_seen
        if key.lower() not in name.lower() or not is_listed:
            return reply(query, rcode=dns.rcode.NXDOMAIN)
        is_text = query.question[0].rdtype == dns.rdatatype.TXT
        record = f'TXT "{name.upper()}"' if is_text else "A 127.0.0.2"
        return reply(query, f"{name}. 60 IN CNAME {alias}", f"{alias} 60 IN {record}")

    lists = 'only = true\n[[blocklist]]\nid = "house"\nname = "House"\nkey_zone = "{key}.house.test"\n'
    with serving(tmp_path, echo, lists, {"house": key}):
        status, printed = run("203.0.113.6", *words)
    assert f"6.113.0.203.{key.lower()}.house.test" in asked
    assert status == 1  # there is no reverse name
    assert ("Listed on House" in printed) is can_be_seen
    assert key.lower() not in printed.lower()


@override_settings(RESOLVERS=["127.0.0.1:9"], BLOCKLISTS=None, BLOCKLIST_KEYS={})
def test_a_dead_resolver_ends_with_3_and_nothing_is_clear() -> None:
    status, printed = run("203.0.113.5")
    assert status == 3
    assert "Clear" not in printed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["203.0.113.700"], '"203.0.113.700" is not an IP address.'),
        (["203.0.113.0/24"], '"203.0.113.0/24" is not an IP address.'),
        (["fe80::1%eth0"], '"fe80::1%eth0" is not an IP address.'),
        (["224.0.0.1"], "224.0.0.1 cannot send mail."),
        (["203.0.113.5", "--domain", "no domain"], '"no domain" is not a domain.'),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_ends_with_2(words: list[str], said: str) -> None:
    assert refusal(*words).startswith(said)


def test_a_bad_catalogue_and_a_bad_resolver_are_told_and_end_with_2(tmp_path: Path) -> None:
    with override_settings(RESOLVERS=["127.0.0.1"], BLOCKLISTS=tmp_path / "none.toml", BLOCKLIST_KEYS={}):
        assert "none.toml cannot be read" in refusal("203.0.113.5")
    with override_settings(RESOLVERS=["dns.example"], BLOCKLISTS=None, BLOCKLIST_KEYS={}):
        assert "'dns.example' is not a resolver" in refusal("203.0.113.5")


def _script(query: dns.message.Message, _: bytes) -> bytes:
    name = name_of(query).lower()
    record = RECORDS.get(name, "")
    if record.startswith(f"{dns.rdatatype.to_text(query.question[0].rdtype)} "):
        return reply(query, f"{name}. 60 IN {record}")
    return reply(query, rcode=dns.rcode.NOERROR if record else dns.rcode.NXDOMAIN)
