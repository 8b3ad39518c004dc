"""Every way to write an address that we must not go to, asked for directly and by a redirect: nobody is knocked at.

The DNS of these tests says of every name that it is 127.0.0.2, so that a form which passes for a name leads there too.
"""

import asyncio
import contextlib
from ipaddress import ip_network

import pytest

from egress.answer import Answer
from egress.fetch import Fetcher, Page, Unfetched, Why
from tests.egress.web import Web, plain
from tests.egress.witness import Doors, Witness, doors, watching
from tests.monitors.fakes import answer

INSIDE = ("127.0.0.1", "127.0.0.2", "::1")
FORMS = [
    # IPv4, in all spellings that one library or another takes for loopback
    "http://127.0.0.2:{port}/",
    "http://127.0.0.2.:{port}/",
    "http://127.2:{port}/",
    "http://127.0.2:{port}/",
    "http://2130706434:{port}/",
    "http://0x7f000002:{port}/",
    "http://0X7F.0X0.0X0.0X2:{port}/",
    "http://0177.0.0.2:{port}/",
    "http://0177.0.0.02:{port}/",
    "http://017700000002:{port}/",
    "http://0x7f.2:{port}/",
    "http://127.0.0.0x2:{port}/",
    "http://00000127.0.0.2:{port}/",
    "http://4422106114:{port}/",  # one round further than 32 bits
    "http://127.0.0.258:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0:{port}/",
    "http://127.127.127.127:{port}/",
    # networks that are nobody's or our own
    "http://10.0.0.1/",
    "http://10.255.255.255:443/",
    "http://172.16.0.1/",
    "http://172.31.255.254/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://100.127.255.254/",
    "http://169.254.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://192.0.0.192/",  # metadata of another cloud
    "http://198.18.0.1/",
    "http://192.0.2.1/",
    "http://192.88.99.1/",
    "http://224.0.0.251/",
    "http://255.255.255.255/",
    # IPv6, with IPv4 inside
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.2]:{port}/",
    "http://[::ffff:7f00:2]:{port}/",
    "http://[::FFFF:7F00:0002]:{port}/",
    "http://[::127.0.0.2]:{port}/",
    "http://[::ffff:0:127.0.0.2]:{port}/",
    "http://[64:ff9b::127.0.0.2]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::7f00:2]/",
    "http://[2002:7f00:2::]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[2001:0:7f00:2::]/",  # Teredo
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%lo]/",
    "http://[fe80::1%25lo]/",
    "http://[::1%25lo]:{port}/",
    "http://[::ffff:127.0.0.2%25lo]:{port}/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",  # metadata again
    "http://[ff02::1]/",
    "http://[v1.web.example]:{port}/",
    "http://[127.0.0.2]:{port}/",
    # names
    "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/",
    "http://localhost.localdomain:{port}/",
    "http://a.localhost:{port}/",
    "http://inside.example:{port}/",
    "http://inside.example.:{port}/",
    "http://INSIDE.example:{port}/",
    "http://127.0.0.2.nip.example:{port}/",
    "http://metadata.google.internal/",
    "http://xn--inside-9za.example:{port}/",
    "http://-inside.example:{port}/",
    "http://inside..example:{port}/",
    "http://.inside.example:{port}/",
    "http://inside_.example:{port}/",
    "http://{long}.example:{port}/",
    # characters that programs read in different ways
    "http://１２７.0.0.2:{port}/",
    "http://127。0。0。2:{port}/",
    "http://①②⑦.0.0.2:{port}/",
    "http://127.0.0.2\u200b:{port}/",
    "http://ınside.example:{port}/",
    "http://ⓛocalhost:{port}/",
    "http://%31%32%37.0.0.2:{port}/",
    "http://127%2e0%2e0%2e2:{port}/",
    "http://inside.example%00.web.example:{port}/",
    "http://inside.example%2f@web.example:{port}/",
    "http://web.example\\@127.0.0.2:{port}/",
    "http://127.0.0.2\\.web.example:{port}/",
    "http:\\\\127.0.0.2:{port}/",
    "http://127.0.0.2:{port}\\@web.example/",
    "http://127.0.0.2 :{port}/",
    "http://127.0.0.2\t:{port}/",
    "http://127.0.0.2:{port}/\tx",
    "http://127.0.0.2:{port}/ HTTP/1.1\r\nHost: web.example\r\n\r\n",
    "http://127.0.0.2:{port}\r\n/",
    "http://127.0.0.2:{port}/\x00",
    "http://127.0.0.2#@web.example:{port}/",
    "http://127.0.0.2:{port}#web.example",
    "http://127.0.0.2:{port}?@web.example/",
    "http://127.0.0.2;web.example:{port}/",
    "http://127.0.0.2,web.example:{port}/",
    # names and passwords
    "http://web.example@127.0.0.2:{port}/",
    "http://web.example:80@127.0.0.2:{port}/",
    "http://a:b@c@127.0.0.2:{port}/",
    "http://@127.0.0.2:{port}/",
    # ports
    "http://93.184.215.14:22/",
    "http://93.184.215.14:{port}/",
    "https://93.184.215.14:8443/",
    "http://93.184.215.14:0/",
    "http://127.0.0.2:65536/",
    "http://127.0.0.2:-80/",
    "http://127.0.0.2:８０/",
    # other schemes, and none
    "https://127.0.0.2:{port}/",
    "ftp://127.0.0.2:{port}/",
    "gopher://127.0.0.2:{port}/_x",
    "file:///etc/passwd",
    "file://127.0.0.2/etc/passwd",
    "dict://127.0.0.2:{port}/d:x",
    "ws://127.0.0.2:{port}/",
    "unix:///var/run/docker.sock",
    "data:text/html,hello",
    "javascript:alert(1)",
    "jar:http://127.0.0.2:{port}!/x",
    "http:127.0.0.2:{port}",
    "//127.0.0.2:{port}/",
    "http:///127.0.0.2:{port}/",
    "http://",
    "http://:{port}/",
    "http://[",
    "http://[::1",
    "",
]


async def astray(name: str, rdtype: str, *, path: int = 0) -> Answer:
    """Every name is 127.0.0.2, and ::1; only our own web.example is 127.0.0.1."""
    inside = {"A": "127.0.0.1" if name == "web.example" else "127.0.0.2", "AAAA": "::1"}
    if name == "web.example" and rdtype == "AAAA":
        return answer(name=name, rdtype=rdtype)
    return answer(inside[rdtype], name=name, rdtype=rdtype)


def written(form: str, port: int) -> str:
    return form.replace("{port}", str(port)).replace("{long}", "a" * 64)


def test_there_are_enough_of_them() -> None:
    assert len(set(FORMS)) == len(FORMS) > 60


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_a_forbidden_address_is_connected_to(form: str) -> None:
    async def work() -> Doors:
        async with doors(*INSIDE) as inside:
            with pytest.raises(Unfetched) as caught:
                await Fetcher(astray, deadline=2).fetch(written(form, inside.port))
            assert caught.value.why is Why.FORBIDDEN
        return inside

    with watching() as witness:
        inside = asyncio.run(work())
    assert (witness.connects, witness.lookups, sum(inside.visits.values())) == ([], [], 0)


@pytest.mark.parametrize("form", FORMS)
def test_nor_by_a_redirect_of_somebody_who_may_be_reached(form: str) -> None:
    """127.0.0.1 stands for the public here, by the operator's word."""
    found: list[Page] = []

    async def work(witness: Witness) -> Doors:
        async with doors("127.0.0.2", "::1") as inside:

            async def say(path: bytes, writer: asyncio.StreamWriter) -> None:
                to = written(form, inside.port).encode()
                writer.write(b"HTTP/1.1 302 Found\r\nLocation: " + to + b"\r\nContent-Length: 0\r\n\r\n")

            async with Web(say) as web:
                fetcher = Fetcher(astray, allow=[ip_network("127.0.0.1/32")], deadline=2)
                with contextlib.suppress(Unfetched):
                    found.append(await fetcher.fetch(f"http://web.example:{web.port}/"))
                assert web.visits >= 1
                assert witness.connects_but(("127.0.0.1", web.port)) == []
        return inside

    with watching() as witness:
        inside = asyncio.run(work(witness))
    assert sum(inside.visits.values()) == 0
    assert witness.lookups == []
    assert all(page.status == 302 for page in found)  # a redirect to nowhere is no redirect


def test_the_witness_sees_what_there_is_to_see() -> None:
    async def work() -> Doors:
        async with doors(*INSIDE, banner=plain()) as inside:
            allowed = Fetcher(astray, allow=[ip_network("127.0.0.0/8")], deadline=2)
            with pytest.raises(Unfetched):  # inside.example has ::1 as well
                await allowed.fetch(f"http://inside.example:{inside.port}/")
            assert (await allowed.fetch(f"http://127.0.0.2:{inside.port}/")).body == b"hello"
        return inside

    with watching() as witness:
        inside = asyncio.run(work())
    assert witness.connects == [("127.0.0.2", inside.port)]
    assert (inside.visits["127.0.0.1"], inside.visits["127.0.0.2"]) == (0, 1)
