"""What a resolver may do to answers on their way: three ordinary settings that make every listing look like none.

The lab's servers stand where a resolver would; in these moods they do what such a resolver does.
"""

from __future__ import annotations

import dataclasses
import ipaddress

from dns.rcode import NXDOMAIN
from dns.rdatatype import A

from lab.world import World
from lab.zone import Record, Reply

SIGNPOST = "198.51.100.251"  # where a resolver that rewrites NXDOMAIN sends people: a page with advertisements


def label_by_label(world: World, name: str, rdtype: int) -> Reply:
    """Strict QNAME minimisation (RFC 9156 without its fallback): the first NXDOMAIN on the way down is believed
    (RFC 8020), and lists say NXDOMAIN for the empty names between their zone and an address."""
    labels = name.split(".")
    depth = world.apex_of(name).count(".") + 1
    for start in range(len(labels) - depth - 1, 0, -1):
        above = world.answer(".".join(labels[start:]), A)
        if above.rcode == NXDOMAIN:
            return above
    return world.answer(name, rdtype)


def without_loopback(reply: Reply) -> Reply:
    """Protection against DNS rebinding over 127.0.0.0/8: such addresses are taken out, and NOERROR is left."""
    kept = tuple(record for record in reply.records if record.rdtype != A or record.rdata[0] != 127)
    return dataclasses.replace(reply, records=kept)


def with_signpost(reply: Reply, name: str, rdtype: int) -> Reply:
    """NXDOMAIN rewritten: what does not exist has an address after all, the same for every name."""
    if reply.rcode != NXDOMAIN or rdtype != A:
        return reply
    return Reply(records=(Record(name, A, 60, ipaddress.IPv4Address(SIGNPOST).packed),))
