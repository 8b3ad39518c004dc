"""The demo's vendors, invented, and the world they live in.

Names are made up; domains are under "example", which nobody can register (RFC 2606), addresses from the documentation
ranges (RFC 5737, RFC 3849), telephone numbers from ranges that Ofcom, ACMA, ARCEP and BNetzA keep for fiction. The
demo fills the product's database from the same table, so that what it watches is what the lab serves.
"""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers

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
    web_mood: str = "normal"  # how it answers, one of lab.web.SiteMood
    domain_listed_on: tuple[str, ...] = ()
    selectors: tuple[str, ...] = ("k1",)  # of the keys that its mail is signed with; () is known to nobody

    @property
    def domain(self) -> str:
        """The domain that its servers are named in."""
        return self.servers[0].hostname.partition(".")[2]

    @property
    def site(self) -> str:
        """Its website, as "https://www.brambleford.example"."""
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
        "abuse@brambleford.example",
        "+442079460142",
        (
            _server("192.0.2.11", "mta1.brambleford.example"),
            _server("192.0.2.12", "mta2.brambleford.example"),
            _server("192.0.2.13", "mta3.brambleford.example"),
            _server("192.0.2.14", "mta4.brambleford.example"),
        ),
    ),
    SeedVendor(
        "Copperwick Outreach",
        "Remi Imbert-Vale",
        "abuse@copperwick.example",
        "+33199001417",
        (
            _server("198.51.100.21", "out1.copperwick.example"),
            _server("198.51.100.22", "out2.copperwick.example", reverse=()),  # nobody set its PTR
        ),
        selectors=(),
    ),
    SeedVendor(
        "Lanternmoor Media",
        "Ingrid Solberg",
        "halt@lanternmoor.example",
        "+4930231250177",
        (
            _server("203.0.113.31", "smtp-a.lanternmoor.example"),
            # its PTR still names the machine that had the address before
            _server("203.0.113.32", "smtp-b.lanternmoor.example", reverse=("retired.lanternmoor.example",)),
        ),
        web_mood="parked",
    ),
    SeedVendor(
        "Ostrel Letters",
        "Tomasz Ostrel",
        "emergency@ostrel.example",
        "+441134960288",
        (
            _server("2001:db8:51::25", "mx6.ostrel.example"),
            _server("192.0.2.51", "mx4.ostrel.example"),
        ),
    ),
    SeedVendor(
        "Quillhaven Post",
        "Priya Anand",
        "abuse-desk@quillhaven.example",
        "+61255500136",
        (_server("198.51.100.61", "post.quillhaven.example"),),
        Shield.REDACTED,
    ),
    SeedVendor(
        "Saltmarrow Partners",
        "Luc Ferrand",
        "stop@saltmarrow.example",
        "+33199004120",
        (
            _server("203.0.113.71", "relay1.saltmarrow.example", listed_on=("bl.spamcop.net",)),
            _server("203.0.113.72", "relay2.saltmarrow.example"),
            _server("203.0.113.73", "relay3.saltmarrow.example"),
        ),
        Shield.PROXY,
    ),
    SeedVendor(
        "Tallowmere Direct",
        "Grace Okonjo",
        "abuse@tallowmere.example",
        "+442079460519",
        (
            _server("192.0.2.81", "mail1.tallowmere.example"),
            _server("192.0.2.82", "mail2.tallowmere.example"),
        ),
        domain_listed_on=("multi.surbl.org",),  # in links of spam, whoever sent that
    ),
    SeedVendor(
        "Wrenfold Campaigns",
        "Jonas Wrenfold",
        "oncall@wrenfold.example",
        "+4930231250904",
        (
            _server("198.51.100.91", "send1.wrenfold.example"),
            _server("198.51.100.92", "send2.wrenfold.example"),
            _server("198.51.100.93", "send3.wrenfold.example"),
        ),
    ),
)

APPLICANTS = (  # not yet watched: they are invited, fill in, or wait
    SeedVendor(
        "Hazelmoor Bulletin",
        "Edda Nyström",
        "edda@hazelmoor.example",
        "+442079460613",
        (_server("192.0.2.111", "mail.hazelmoor.example"),),
    ),
    SeedVendor(
        "Fennick and Rowe",
        "Callum Fennick",
        "callum@fennickrowe.example",
        "+441134960407",
        (
            _server("198.51.100.121", "a.fennickrowe.example"),
            _server("198.51.100.122", "b.fennickrowe.example", reverse=()),  # the form tells them
        ),
    ),
    SeedVendor(
        "Marlstone Weekly",
        "Beatrix Marl",
        "beatrix@marlstone.example",
        "+33199005213",
        (_server("203.0.113.131", "mx.marlstone.example"),),
    ),
    SeedVendor(
        "Inverlea Reach",
        "Sorcha Lennox",
        "sorcha@inverlea.example",
        "+441134960851",
        (_server("192.0.2.141", "out.inverlea.example"),),
    ),
    SeedVendor(
        "Pellworth Digest",
        "Anselm Pell",
        "anselm@pellworth.example",
        "+4930231250366",
        (_server("198.51.100.151", "send.pellworth.example"),),
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


# A public key whose private half nobody has; strings of a TXT record have 255 octets at most (RFC 1035, 3.3.14)
KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvobeC0hLqw9OGXmgiqeZoOqsYTjPTODENvTinbtdLe1hj2lEZkGF"
    "CHcwBbQ1p0HvUSa2Z1dFAgu+ByYiS2HZ0+rQVWIP9WU8PZuvvQKdTHgHhX0LBHXPpoRWOanwyPOyv7LTLSTvuzQZNE9OPhn7"
    "3XSDSOffXr5QtHaRaB6AIajtgPF6LLqTJkJ4vs0MrwDuLqXoQc/eVrIEojy9bN5W1sVXLYUj722X7GtACMfe4AsBs2xGivKe"
    "l99/r1jrNrrIiEovsIbxGBF8AIt+2gLr1CcjXn2ijR+SPM3b9rPLmAD2/uAK444pAmCXQYY/ll2DwlFhV6+4hr3EDNw+WxFl"
    "yQIDAQAB"
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
    for zone in ("example", "example.com", "example.net", "example.org"):
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
        for zone in vendor.domain_listed_on:
            world.list(zone, vendor.domain, codes=(codes[zone],), text=reason(zone, vendor.domain))


def _plant_domain(world: World, vendor: SeedVendor) -> None:
    """The domain's registration, website, mail server, keys and policies; what those who apply lack of them is for the
    form to find."""
    hostname = vendor.servers[0].hostname
    is_accepted = vendor in VENDORS
    senders = [f"ip{6 if ':' in server.address else 4}:{server.address}" for server in vendor.servers]
    country = phonenumbers.region_code_for_number(phonenumbers.parse(vendor.contact_phone)) or "GB"
    holder = Registrant(
        vendor.name, email=vendor.contact_email, phone=vendor.contact_phone, country=country, shield=vendor.shield
    )
    world.register(vendor.domain, holder)
    for name in (vendor.domain, f"www.{vendor.domain}"):
        world.add_host(name, "127.0.0.1")  # where the lab's websites are
    world.add_record(vendor.domain, "MX", f"10 {hostname}.")
    world.add_record(vendor.domain, "TXT", f'"v=spf1 {" ".join(senders) if is_accepted else "mx"} -all"')
    if is_accepted:
        world.add_record(
            f"_dmarc.{vendor.domain}", "TXT", f'"v=DMARC1; p=quarantine; rua=mailto:dmarc@{vendor.domain}"'
        )
    for selector in vendor.selectors:
        world.add_record(
            f"{selector}._domainkey.{vendor.domain}", "TXT", f'"v=DKIM1; k=rsa; " "p={KEY[:200]}" "{KEY[200:]}"'
        )


def demo_world(*, ttl: int = 5) -> World:
    """The world of the demo: lists and vendors."""
    world = World(ttl=ttl)
    plant_lists(world)
    plant_vendors(world)
    return world


def reason(zone: str, address: str) -> str:
    """The TXT of a listing, as lists word theirs."""
    return f"Blocked, see https://lists.example.org/{zone}?target={address}"
