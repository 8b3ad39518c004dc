"""Does a host name look machine-made, as names of home connections and unnamed hosts do?

A hint in points, not a finding: receivers distrust such names, so a vendor is advised to change them. That a
sender is a home computer needs a second witness, such as a PBL listing.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from itertools import permutations

GENERIC_FROM = 3  # points
ADDRESS_POINTS = 3  # the address is written in the name: the surest sign, in every language
HOME = {
    *("dyn", "dynamic", "dhcp", "dial", "dialup", "dialin", "ppp", "pppoe", "pool", "adsl", "dsl", "vdsl"),
    *(
        "cable",
        "customer",
        "client",
        "home",
        "res",
        "residential",
        "broadband",
        "bb",
        "fiber",
        "ftth",
        "catv",
    ),
    *("cpe", "mobile", "lte", "nat", "user", "unassigned", "noptr"),
}
HOSTING = {"static", "vps", "host", "cust"}  # a provider's default name, but not a home connection's
MAIL = {"mail", "mx", "smtp", "out", "outbound", "mta", "relay", "send"}  # somebody meant it to send mail
NIBBLES = 8  # of an IPv6 address, in a row, that count as the address


@dataclass(frozen=True, slots=True)
class Signs:
    points: int
    seen: tuple[str, ...]  # phrases, strongest first

    @property
    def is_generic(self) -> bool:
        return self.points >= GENERIC_FROM


def signs(name: str, address: IPv4Address | IPv6Address) -> Signs:
    """What in the name speaks for a machine having made it. Whole words count: generaldynamics is fine.

    The last two labels are left out: they are the owner's, not the host's.
    """
    host = name.lower().rstrip(".").split(".")[:-2]
    words = set(re.split(r"[^a-z]+", ".".join(host))) - {""}
    if "no" in words and "ptr" in words:
        words.add("noptr")
    points, seen = 0, []
    if _holds_address(host, address):
        points += ADDRESS_POINTS
        seen.append("the address is written in it")
    for kind, worth in ((HOME, 2), (HOSTING, 1)):
        if found := sorted(words & kind):
            points += worth * min(len(found), 2)
            seen.append(f'"{found[0]}" is in it')
    if words & MAIL:
        points -= 2
    return Signs(points, tuple(seen))


def _holds_address(host: list[str], address: IPv4Address | IPv6Address) -> bool:
    text = ".".join(host)
    if isinstance(address, IPv6Address):
        nibbles = address.exploded.replace(":", "")
        forms = (nibbles, nibbles[::-1])
        plain = re.sub(r"[.:-]", "", text)
        # Runs of zeros are in every long name of digits, and say nothing.
        return any(
            form[start : start + NIBBLES] in plain
            for form in forms
            for start in range(len(nibbles) - NIBBLES + 1)
            if len(form[start : start + NIBBLES].replace("0", "")) >= NIBBLES // 2
        )
    octets = list(address.packed)
    numbers = [int(run) for run in re.findall(r"\d+", text)]
    in_a_row = (sorted(numbers[start : start + 4]) for start in range(len(numbers) - 3))
    if sorted(octets) in in_a_row:
        return True
    runs = re.findall(r"[0-9a-f]+", text)
    for order in permutations(octets):
        if any("".join(f"{octet:03d}" for octet in order) in run for run in runs):
            return True
        if any("".join(f"{octet:02x}" for octet in order) in run for run in runs):
            return True
    return False
