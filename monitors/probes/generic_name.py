"""Does a host name look machine-made, as names of home connections and unnamed hosts do?

A hint in points, not a finding: receivers distrust such names, so a vendor is advised to change them. That a
sender is a home computer needs a second witness, such as a PBL listing (`monitors.probes.machine`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from monitors.probes.address_in_name import holds_address
from monitors.probes.names import is_within, registrable

GENERIC_FROM = 3  # points
ADDRESS_POINTS = 3  # the address is written in the name: the surest sign, in every language
OWN_POINTS = 2  # taken off for a name in a domain of the vendor's own, or for a host that is called after mail
MOST_WEAK = 2  # points of providers' words altogether: alone they never make a name generic
HOME = frozenset(
    {
        *("dyn", "dynamic", "dynip", "dip", "dhcp", "dial", "dialup", "dialin", "ppp", "pppoe", "pppoa", "pool"),
        *("adsl", "dsl", "vdsl", "xdsl", "sdsl", "hdsl", "shdsl", "dyndsl", "cable", "cablemodem", "modem", "docsis"),
        *("hfc", "catv", "fiber", "fibre", "ftth", "fttb", "fttx", "fttc", "gpon", "pon", "broadband", "bb", "wimax"),
        *("customer", "customers", "client", "clients", "subscriber", "subscribers", "subs", "user", "users", "cpe"),
        *("home", "res", "residential", "resnet", "mobile", "lte", "umts", "gprs", "hsdpa", "gsm", "wlan", "wifi"),
        *("nat", "cgn", "cgnat", "unassigned", "noptr", "hsi", "abo"),
    }
)
# Words of a provider's default name, and not of a home connection.
HOSTING = frozenset(
    {
        *("static", "vps", "host", "hosted", "cust", "vm", "cloud", "compute", "colo", "dedicated", "dedi", "ip"),
        *("rev", "reverse", "ptr", "instance", "node", "unknown", "undefined"),
    }
)
# Somebody meant it to send mail.
MAIL = frozenset(
    {
        *("mail", "mails", "email", "mailer", "mailgw", "mailhost", "mailout", "outmail", "mx", "smtp", "smtpout"),
        *("smtps", "out", "outbound", "mta", "relay", "send", "sender", "bounce", "bounces", "newsletter"),
    }
)


@dataclass(frozen=True, slots=True)
class Signs:
    points: int
    seen: tuple[str, ...]  # phrases, strongest first

    @property
    def is_generic(self) -> bool:
        return self.points >= GENERIC_FROM


def signs(name: str, address: IPv4Address | IPv6Address, *, own: Iterable[str] = ()) -> Signs:
    """What in the name speaks for a machine having made it. Whole words count: generaldynamics is fine.

    The registrable domain is left out: it is the owner's, not the host's. A name below one of `own`, the vendor's
    domains, was given by the vendor, who may number its hosts as it likes.
    """
    name = name.lower().rstrip(".")
    host = _host_part(name)
    words = set(re.split(r"[^a-z]+", ".".join(host))) - {""}
    if {"no", "ptr"} <= words:
        words = words - {"ptr"} | {"noptr"}
    points, seen = 0, []
    if holds_address(host, address):
        points += ADDRESS_POINTS
        seen.append("the address is written in it")
    if found := sorted(words & HOME):
        points += 2 * min(len(found), 2)
        seen.append(f'"{found[0]}" is in it')
    if found := sorted(words & HOSTING):
        points += min(len(found), MOST_WEAK)
        seen.append(f'"{found[0]}" is in it')
    if words & MAIL:
        points -= OWN_POINTS
    if is_within(name, [one.lower().rstrip(".") for one in own]):
        points -= OWN_POINTS
    return Signs(points, tuple(seen))


def _host_part(name: str) -> list[str]:
    """The labels before the registrable domain."""
    owner = registrable(name)
    kept = name.removesuffix(owner) if owner else name
    return [label for label in kept.split(".") if label] if owner else name.split(".")[:-2]
