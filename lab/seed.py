"""The demo's vendors, invented, and the world they live in.

Names are made up; domains are under the example domains (RFC 2606), addresses from the documentation ranges
(RFC 5737, RFC 3849), telephone numbers from ranges that Ofcom, ACMA, ARCEP and BNetzA keep for fiction. The
demo fills the product's database from the same table, so that what it watches is what the lab serves.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab.registry import Registrant, Shield
from lab.world import World


@dataclass(frozen=True, slots=True)
class SeedServer:
    """A sending server. `reverse` None means that its PTR is its host name, as it should be."""

    address: str
    hostname: str
    helo: str
    reverse: tuple[str, ...] | None = None
    listed_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeedVendor:
    """A vendor, the person who answers its halt orders, and its servers."""

    name: str
    contact_name: str
    contact_email: str
    contact_phone: str  # E.164
    servers: tuple[SeedServer, ...]
    shield: Shield = Shield.NONE  # of its domain's registration
    web_port: int = 443  # of its website

    @property
    def domain(self) -> str:
        """The domain that its servers are named in."""
        return self.servers[0].hostname.partition(".")[2]

    @property
    def site(self) -> str:
        """Its website, as "https://www.brambleford.example.com"."""
        port = "" if self.web_port == 443 else f":{self.web_port}"
        return f"https://www.{self.domain}{port}"


@dataclass(frozen=True, slots=True)
class SeedList:
    """A blocklist of the built-in catalogue: the code it lists with, its test point and what that answers."""

    zone: str
    code: str
    test_codes: tuple[str, ...]
    covers_ipv6: bool = False
    test_point: str = "127.0.0.2"


LISTS = (
    SeedList("zen.spamhaus.org", "127.0.0.2", ("127.0.0.2", "127.0.0.4", "127.0.0.10"), covers_ipv6=True),
    SeedList("bl.spamcop.net", "127.0.0.2", ("127.0.0.2",)),
    SeedList("dbl.spamhaus.org", "127.0.1.2", ("127.0.1.2",), test_point="dbltest.com"),
    SeedList("psbl.surriel.com", "127.0.0.2", ("127.0.0.2",)),
    SeedList("b.barracudacentral.org", "127.0.0.2", ("127.0.0.2",)),
    SeedList("bl.mailspike.net", "127.0.0.2", ("127.0.0.2",)),
    SeedList("dnsbl.dronebl.org", "127.0.0.8", ("127.0.0.2",), covers_ipv6=True),
    SeedList("bl.spameatingmonkey.net", "127.0.0.2", ("127.0.0.2",)),
    SeedList("dnsbl-1.uceprotect.net", "127.0.0.2", ("127.0.0.2",)),
    SeedList("truncate.gbudb.net", "127.0.0.2", ("127.0.0.2",)),
    SeedList("multi.surbl.org", "127.0.0.64", ("127.0.0.254",), test_point="test.surbl.org"),
    SeedList("multi.uribl.com", "127.0.0.2", ("127.0.0.14",), test_point="test.uribl.com"),
    SeedList("uribl.spameatingmonkey.net", "127.0.0.2", ("127.0.0.2",), test_point="_dnsbl_.test"),
)


def _server(address: str, hostname: str, **particulars: tuple[str, ...]) -> SeedServer:
    return SeedServer(address, hostname, hostname, **particulars)


VENDORS = (
    SeedVendor(
        "Brambleford Mailings",
        "Dana Whitlock",
        "abuse@brambleford.example.com",
        "+442079460142",
        (
            _server("192.0.2.11", "mta1.brambleford.example.com"),
            _server("192.0.2.12", "mta2.brambleford.example.com"),
            _server("192.0.2.13", "mta3.brambleford.example.com"),
            _server("192.0.2.14", "mta4.brambleford.example.com"),
        ),
    ),
    SeedVendor(
        "Copperwick Outreach",
        "Remi Imbert-Vale",
        "abuse@copperwick.example.net",
        "+33199001417",
        (
            _server("198.51.100.21", "out1.copperwick.example.net"),
            _server("198.51.100.22", "out2.copperwick.example.net", reverse=()),  # nobody set its PTR
        ),
    ),
    SeedVendor(
        "Lanternmoor Media",
        "Ingrid Solberg",
        "halt@lanternmoor.example.org",
        "+4930231250177",
        (
            _server("203.0.113.31", "smtp-a.lanternmoor.example.org"),
            # its PTR still names the machine that had the address before
            _server("203.0.113.32", "smtp-b.lanternmoor.example.org", reverse=("retired.lanternmoor.example.org",)),
        ),
    ),
    SeedVendor(
        "Ostrel Letters",
        "Tomasz Ostrel",
        "emergency@ostrel.example.com",
        "+441134960288",
        (
            _server("2001:db8:51::25", "mx6.ostrel.example.com"),
            _server("192.0.2.51", "mx4.ostrel.example.com"),
        ),
    ),
    SeedVendor(
        "Quillhaven Post",
        "Priya Anand",
        "abuse-desk@quillhaven.example.net",
        "+61255500136",
        (_server("198.51.100.61", "post.quillhaven.example.net"),),
        Shield.REDACTED,
    ),
    SeedVendor(
        "Saltmarrow Partners",
        "Luc Ferrand",
        "stop@saltmarrow.example.org",
        "+33199004120",
        (
            _server("203.0.113.71", "relay1.saltmarrow.example.org", listed_on=("bl.spamcop.net",)),
            _server("203.0.113.72", "relay2.saltmarrow.example.org"),
            _server("203.0.113.73", "relay3.saltmarrow.example.org"),
        ),
        Shield.PROXY,
    ),
    SeedVendor(
        "Tallowmere Direct",
        "Grace Okonjo",
        "abuse@tallowmere.example.com",
        "+442079460519",
        (
            _server("192.0.2.81", "mail1.tallowmere.example.com"),
            _server("192.0.2.82", "mail2.tallowmere.example.com"),
        ),
    ),
    SeedVendor(
        "Wrenfold Campaigns",
        "Jonas Wrenfold",
        "oncall@wrenfold.example.net",
        "+4930231250904",
        (
            _server("198.51.100.91", "send1.wrenfold.example.net"),
            _server("198.51.100.92", "send2.wrenfold.example.net"),
            _server("198.51.100.93", "send3.wrenfold.example.net"),
        ),
    ),
)

APPLICANTS = (  # not yet watched: they are invited, fill in, or wait
    SeedVendor(
        "Hazelmoor Bulletin",
        "Edda Nyström",
        "edda@hazelmoor.example.com",
        "+442079460613",
        (_server("192.0.2.111", "mail.hazelmoor.example.com"),),
    ),
    SeedVendor(
        "Fennick and Rowe",
        "Callum Fennick",
        "callum@fennickrowe.example.net",
        "+441134960407",
        (
            _server("198.51.100.121", "a.fennickrowe.example.net"),
            _server("198.51.100.122", "b.fennickrowe.example.net", reverse=()),  # the form tells them
        ),
    ),
    SeedVendor(
        "Marlstone Weekly",
        "Beatrix Marl",
        "beatrix@marlstone.example.org",
        "+33199005213",
        (_server("203.0.113.131", "mx.marlstone.example.org"),),
    ),
    SeedVendor(
        "Inverlea Reach",
        "Sorcha Lennox",
        "sorcha@inverlea.example.com",
        "+441134960851",
        (_server("192.0.2.141", "out.inverlea.example.com"),),
    ),
    SeedVendor(
        "Pellworth Digest",
        "Anselm Pell",
        "anselm@pellworth.example.net",
        "+4930231250366",
        (_server("198.51.100.151", "send.pellworth.example.net"),),
    ),
)

STRANGERS = (  # the lab knows them, the demo's register does not: for who wants to take a vendor on from the beginning
    SeedVendor(
        "Fieldnote Digital Ltd",
        "Jonas Aker",
        "jonas@fieldnote.example.net",
        "+12125550199",
        (_server("192.0.2.161", "out1.fieldnote.example.net"),),
    ),
)


# Whose all networks are
HOSTER = Registrant("Lab Hosting Ltd", "Network Operations", "abuse@hosting.example.org", "+442079460900")


def plant_lists(world: World) -> None:
    """Open the lists with their test points; one that covers no IPv6 has no IPv6 test point."""
    for entry in LISTS:
        points = (entry.test_point, "::ffff:127.0.0.2") if entry.covers_ipv6 else (entry.test_point,)
        world.add_blocklist(entry.zone, test_points=points, codes=entry.test_codes)


def plant_vendors(world: World, vendors: tuple[SeedVendor, ...] = VENDORS + APPLICANTS + STRANGERS) -> None:
    """Give the vendors' servers their forward and reverse names and their listings, and each domain its holder, website
    and mail."""
    for zone in ("example.com", "example.net", "example.org"):
        world.add_zone(zone)
    for network in ("2.0.192", "100.51.198", "113.0.203"):
        world.add_zone(f"{network}.in-addr.arpa")
    for block in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"):
        world.networks.assign(block, HOSTER)
    world.add_zone("8.b.d.0.1.0.0.2.ip6.arpa")
    codes = {entry.zone: entry.code for entry in LISTS}
    for server in (server for vendor in vendors for server in vendor.servers):
        world.add_host(server.hostname, server.address)
        world.set_reverse(server.address, *((server.hostname,) if server.reverse is None else server.reverse))
        for zone in server.listed_on:
            world.list(zone, server.address, codes=(codes[zone],), text=reason(zone, server.address))
    for vendor in vendors:
        _plant_domain(world, vendor)


def _plant_domain(world: World, vendor: SeedVendor) -> None:
    """The domain's registration, website, mail server and SPF; what it lacks of DMARC is for the form to find."""
    address, hostname = vendor.servers[0].address, vendor.servers[0].hostname
    world.register(
        vendor.domain,
        Registrant(vendor.name, email=vendor.contact_email, phone=vendor.contact_phone, shield=vendor.shield),
    )
    world.add_host(vendor.domain, address)
    world.add_host(f"www.{vendor.domain}", "127.0.0.1")  # where the lab's websites are
    world.add_record(vendor.domain, "MX", f"10 {hostname}.")
    world.add_record(vendor.domain, "TXT", '"v=spf1 mx -all"')


def demo_world(*, ttl: int = 5) -> World:
    """The world of the demo: lists and vendors."""
    world = World(ttl=ttl)
    plant_lists(world)
    plant_vendors(world)
    return world


def reason(zone: str, address: str) -> str:
    """The TXT of a listing, as lists word theirs."""
    return f"Blocked, see https://lists.example.org/{zone}?target={address}"
