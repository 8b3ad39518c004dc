"""Port 43: who is asked, what comes, how long it is believed, and how often a server is asked."""

import asyncio
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress.pace import Spacing, turn
from egress.rdap import Outcome
from egress.whois import Answer, Directory, Place, Whois, _readable
from tests.egress.port43 import Answers, Port43
from tests.monitors.fakes import FakeWorld

LOOPBACK = (ip_network("127.0.0.1/32"),)
RECORD = b"Domain Name: ACME.TEST\r\nRegistrant Organization: Acme Ltd\r\n"
Told = tuple[Answer, Answer | None]


class Scene:
    """A root, a registry and a registrar on ports of their own. The root knows .test, and .none without a server."""

    def __init__(self, registry: Answers = RECORD, registrar: Answers = RECORD, **how: Any) -> None:
        self.registry, self.registrar, self.how = Port43(registry), Port43(registrar), how
        self.root = Port43(b"")
        self.ends_in = float("inf")

    def ask(self, *names: str) -> list[Told]:
        async def work() -> list[Told]:
            async with self.root, self.registry, self.registrar:
                if self.root.says == b"":
                    self.root.says = {
                        "test": f"% IANA\n\ndomain:       TEST\nwhois:        {self.registry.place}\n".encode(),
                        "none": b"domain:       NONE\n\nstatus: ACTIVE\n",
                    }
                if isinstance(self.registry.says, bytes):
                    self.registry.says = self.registry.says.replace(b"REGISTRAR", self.registrar.place.encode())
                world = FakeWorld()
                world.say("whois.test", "127.0.0.1")
                given = {"root": self.root.place, "allow": LOOPBACK, "deadline": 3.0, **self.how}
                whois = Whois(world, **given)
                ends = asyncio.get_running_loop().time() + self.ends_in
                return [await whois.ask_domain(name, ends=ends) for name in names or ("acme.test",)]

        return asyncio.run(work())


def test_the_root_names_the_registry_and_the_registry_answers() -> None:
    scene = Scene()
    ((registry, registrar),) = scene.ask()
    assert registry == Answer(
        Outcome.FOUND,
        f"{scene.registry.place} answered.",
        scene.registry.place,
        "Domain Name: ACME.TEST\nRegistrant Organization: Acme Ltd\n",
    )
    assert registrar is None
    assert (scene.root.asked, scene.registry.asked) == ([b"test\r\n"], [b"acme.test\r\n"])


@pytest.mark.parametrize("line", ["Registrar WHOIS Server: REGISTRAR", "   Whois Server: whois://REGISTRAR/"])
def test_a_registry_may_send_us_on_to_the_registrar(line: str) -> None:
    scene = Scene(b"Domain Name: ACME.TEST\r\n" + line.encode() + b"\r\n")
    ((registry, registrar),) = scene.ask()
    assert registry.outcome is Outcome.FOUND
    assert registrar
    assert (registrar.outcome, registrar.server) == (Outcome.FOUND, scene.registrar.place)
    assert "Acme Ltd" in registrar.text


@pytest.mark.parametrize("line", ["", "Registrar WHOIS Server:", "Registrar WHOIS Server: \nWhois Server:"])
def test_a_registry_that_names_none_is_the_only_one_asked(line: str) -> None:
    scene = Scene(b"Domain Name: ACME.TEST\n" + line.encode() + b"\nX: y\n")
    assert scene.ask()[0][1] is None
    assert scene.registrar.asked == []


# ── who is asked ────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("root", "outcome", "says"),
    [
        ({"test": b"domain: TEST\nstatus: ACTIVE\n"}, Outcome.NO_SERVER, "No registry announces a WHOIS server"),
        (b"% This query returned 0 objects.\n", Outcome.MALFORMED, "says nothing of it"),
        (b"refer: http://whois.test/\n", Outcome.MALFORMED, "names a server that is none"),
        (b"", Outcome.MALFORMED, "sent nothing"),
        (b"refer: whois.nowhere.example\n", Outcome.UNREACHABLE, "whois.nowhere.example has no address"),
        (b"refer: 127.0.0.2\n", Outcome.UNREACHABLE, "which we do not connect to"),
        (b"refer: 93.184.215.14:4343\n", Outcome.UNREACHABLE, "which we do not connect to"),
    ],
)
def test_without_a_server_nobody_is_asked(root: Answers, outcome: Outcome, says: str) -> None:
    scene = Scene()
    scene.root.says = root if root != b"" else {"test": b""}
    ((registry, _),) = scene.ask()
    assert registry.outcome is outcome
    assert says in registry.sentence
    assert scene.registry.asked == []


def test_the_roots_word_is_believed_for_a_day_and_a_second_one_when_it_is_silent() -> None:
    clock = [0.0]
    directory = Directory(lambda: clock[0])
    scene = Scene(directory=directory)

    def asked() -> tuple[int, Outcome]:
        ((registry, _),) = scene.ask()
        return len(scene.root.asked), registry.outcome

    assert asked() == (1, Outcome.FOUND)
    assert asked() == (1, Outcome.FOUND)
    clock[0] += 25 * 3600
    assert asked() == (2, Outcome.FOUND)
    scene.root.says = b"% Later.\n"
    clock[0] += 25 * 3600
    assert asked() == (3, Outcome.FOUND)
    clock[0] += 24 * 3600
    assert asked() == (4, Outcome.MALFORMED)


def test_an_ending_without_a_server_is_remembered_as_such() -> None:
    scene = Scene(directory=Directory())
    assert [told[0].outcome for told in scene.ask("acme.none", "other.none")] == [Outcome.NO_SERVER] * 2
    assert len(scene.root.asked) == 1


@pytest.mark.parametrize(
    "name",
    ["acme", "", "ACME.test", "acme test.test", "-h.test", "acme-.test", "a_b.test", "acme.test\r\nother.test",
     "acme.test\n", "acme..test", "acmé.test", "a" * 64 + ".test", ".".join(["a" * 60] * 5) + ".test", "acme.test\0",
     "=acme.test", "domain acme.test", "acme.test/e"],
)  # fmt: skip
def test_what_is_no_domain_name_never_reaches_the_wire(name: str) -> None:
    scene = Scene()
    with pytest.raises(ValueError, match="no domain name"):
        scene.ask(name)
    assert scene.root.asked == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("whois.iana.org", Place("whois.iana.org")),
        ("WHOIS.Nic.Example.:4343", Place("whois.nic.example", 4343)),
        ("[2001:db8::1]:43", Place("2001:db8::1")),
        ("127.0.0.1:1043", Place("127.0.0.1", 1043)),
    ],
)
def test_a_server_is_written_with_its_port_or_without(text: str, place: Place) -> None:
    assert Place.parse(text) == place
    assert Place.parse(str(place)) == place


@pytest.mark.parametrize("text", ["", ":43", "a b", "a:0", "a:65536", "a:b", "http://a/", "a/b", "::1", "a@b", "-a"])
def test_what_is_no_server_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no server"):
        Place.parse(text)


# ── what comes ──────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Inhaber: Müller\r\nOrt:\tKöln\r".encode(), "Inhaber: Müller\nOrt:\tKöln\n"),
        ("Inhaber: Müller\n".encode("latin-1"), "Inhaber: Müller\n"),
        (b"\n\n a: b\0c\x1b[31m\x07\n\n", " a: b c [31m\n"),
        ("x: \u202eevil\u2066\n".encode(), "x:  evil\n"),
        (b"x: " + b"y" * 600 + b"\nz: 1\n", "x: " + "y" * 496 + "…\nz: 1\n"),
    ],
)
def test_text_comes_out_printable_in_lines_of_a_length(body: bytes, text: str) -> None:
    assert _readable(body) == (text, True)


@given(st.binary(max_size=3000))
def test_no_bytes_break_the_reading(body: bytes) -> None:
    text, _ = _readable(body)
    assert all(line.replace("\t", " ").isprintable() and len(line) <= 500 for line in text.split("\n"))
    text.encode()


# ── how often ───────────────────────────────────────────────────────────────
def test_a_server_is_asked_when_its_turn_has_come() -> None:
    asked: list[str] = []

    def may_ask(server: str) -> float:
        asked.append(server)
        return 0.02 if asked.count(server) == 1 else 0.0

    scene = Scene(may_ask=may_ask)
    assert scene.ask()[0][0].outcome is Outcome.FOUND
    assert asked == [scene.root.place] * 2 + [scene.registry.place] * 2


def test_a_server_whose_turn_comes_too_late_is_not_asked_and_that_is_said() -> None:
    scene = Scene(may_ask=lambda server: 3600.0)
    ((registry, _),) = scene.ask()
    assert registry.outcome is Outcome.LIMITED
    assert "our turn does not come in time" in registry.sentence
    assert scene.root.asked == []


def test_a_round_that_is_nearly_over_ends_the_question() -> None:
    async def silence(question: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(10)

    scene = Scene(silence)
    scene.ends_in = 0.3
    ((registry, _),) = scene.ask()
    assert (registry.outcome, registry.sentence) == (
        Outcome.UNREACHABLE,
        f"{scene.registry.place} did not answer in time.",
    )


def test_turns_come_one_a_spacing_and_server() -> None:
    clock = [100.0]
    spacing = Spacing(1.0, clock=lambda: clock[0])
    assert [spacing("a"), spacing("b"), spacing("a")] == [0.0, 0.0, 1.0]
    clock[0] += 0.75
    assert spacing("a") == 0.25
    clock[0] += 0.25
    assert [spacing("a"), spacing("a")] == [0.0, 1.0]


def test_of_many_who_wait_each_gets_a_turn() -> None:
    async def work() -> tuple[list[bool], float]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        spacing: Callable[[str], float] = Spacing(0.05)
        return list(await asyncio.gather(*(turn(spacing, "a", began + 5) for _ in range(5)))), loop.time() - began

    got, took = asyncio.run(work())
    assert all(got)
    assert took >= 0.2
