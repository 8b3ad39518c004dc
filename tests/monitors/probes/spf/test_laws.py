"""Whatever records say, an evaluation ends, within its limits, with one of the seven results."""

import asyncio
from ipaddress import ip_address

from hypothesis import given
from hypothesis import strategies as st

from egress.answer import Outcome
from monitors.probes.reading import Severity, Verdict
from monitors.probes.spf import check_host, look_spf_for
from tests.monitors.probes.spf.dns import Dns

NAMES = [
    "a.example",
    "b.example",
    "c.example",
    "%{d}",
    "%{i}.%{d2}",
    "%{p}.a.example",
    "%{l}..x",
    "localhost",
    "%{x}",
    "",
]
KINDS = ["a", "mx", "ptr", "exists", "include", "all", "ip4", "ip6", "redirect", "exp", "moo"]
TERM = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "+", "-", "~", "?"]),
    st.sampled_from(KINDS),
    st.sampled_from([":", ":", "=", ""]),
    st.sampled_from([*NAMES, "192.0.2.0", "2001:db8::"]),
    st.sampled_from(["", "", "/24", "//64", "/0", "/99"]),
)
SOUND = st.sampled_from(
    [
        *("a", "mx", "ptr", "include:b.example", "include:c.example", "redirect=c.example", "exp=b.example", "~all"),
        *("exists:%{i}.%{d}", "exists:%{p}.b.example", "a:gone.example", "mx:%{d1r}.example", "+ptr:c.example", "-all"),
    ]
)
RECORD = st.lists(TERM | SOUND | SOUND, max_size=14).map(" ".join) | st.text(max_size=60)


def world(records: list[str], mx: int, broken: list[str]) -> Dns:
    lines = [f"{name} TXT v=spf1 {record}" for name, record in zip(NAMES, records, strict=False)]
    lines += [f"a.example MX {number} h{number}.example" for number in range(mx)]
    lines += [f"3.2.0.192.in-addr.arpa PTR h{number}.c.example" for number in range(mx)]
    lines += ["h1.c.example A 192.0.2.3", "h2.example A 192.0.2.9", "b.example A 192.0.2.7"]
    dns = Dns(*lines)
    for name in broken:
        dns.fail(name, Outcome.SERVFAIL)
    return dns


WORLD = st.builds(
    world,
    st.lists(RECORD, min_size=3, max_size=3),
    st.integers(0, 12),
    st.lists(st.sampled_from(["b.example", "c.example", "h1.example", "3.2.0.192.in-addr.arpa"]), max_size=1),
)


@given(WORLD, st.sampled_from(["192.0.2.3", "2001:db8::3", "::ffff:192.0.2.3"]))
def test_an_evaluation_always_ends_within_its_limits(dns: Dns, client: str) -> None:
    found = asyncio.run(check_host(dns, ip_address(client), "a.example"))
    assert found.terms <= 11  # the eleventh ends it
    assert found.voids <= 3
    # 11 records, 10 terms of at most 11 questions, the client's names and their addresses for each %{p}, and exp
    assert len(dns.asked) <= 11 + 10 * 11 + 22 * 11 + 12


@given(WORLD)
def test_a_reading_never_halts_and_never_clears_what_was_not_seen(dns: Dns) -> None:
    servers = [ip_address("192.0.2.3"), ip_address("2001:db8::3")]
    reading = asyncio.run(look_spf_for(dns, "a.example", servers))
    assert reading.severity in (Severity.WARN, Severity.NONE)
    assert bool(reading.grounds) is (reading.verdict is Verdict.ADVERSE)
    if reading.verdict is Verdict.CLEAR:
        results = [one["result"] for one in reading.evidence if "server" in one]
        assert results == ["pass", "pass"]
