"""Is an address written in a host name? In any order, with any separator, padded, in hex, as one number. Pure."""

import re
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from itertools import permutations

NIBBLES = 8  # of an IPv6 address, in a row, that count as the address
PARTS = 4  # of an IPv6 address (groups of 16 bits), in a row, that count as the address
SHORTEST_RUN = 8  # digits of an IPv4 address that is written without any separator or padding


def holds_address(host: Sequence[str], address: IPv4Address | IPv6Address) -> bool:
    """Whether the labels of a host name have the address in them."""
    text = ".".join(host)
    return _holds_v6(text, address) if isinstance(address, IPv6Address) else _holds_v4(text, address)


def _holds_v4(text: str, address: IPv4Address) -> bool:
    octets = list(address.packed)
    numbers = [int(run[:10]) for run in re.findall(r"[0-9]+", text)]
    if any(sorted(four) == sorted(octets) for four in _in_a_row(numbers, 4)):
        return True
    forward_and_back = (octets, octets[::-1])
    pairs = [int(run, 16) for run in re.findall(r"(?<![0-9a-z])[0-9a-f]{2}(?![0-9a-z])", text)]
    if any(four in forward_and_back for four in _in_a_row(pairs, 4)):
        return True
    runs = re.findall(r"[0-9a-f]+", text)
    for order in permutations(octets):
        written = {"".join(f"{octet:03d}" for octet in order), "".join(f"{octet:02x}" for octet in order)}
        if any(form in run for form in written for run in runs):
            return True
    digits = re.findall(r"[0-9]+", text)
    whole = {str(int(address))} | {"".join(str(octet) for octet in order) for order in forward_and_back}
    return any(form in digits for form in whole if len(form) >= SHORTEST_RUN)


def _holds_v6(text: str, address: IPv6Address) -> bool:
    nibbles = address.exploded.replace(":", "")
    plain = re.sub(r"[.:_-]", "", text)
    for form in (nibbles, nibbles[::-1]):
        for start in range(len(form) - NIBBLES + 1):
            piece = form[start : start + NIBBLES]
            # Runs of zeros are in every long name of digits, and say nothing.
            if len(piece.replace("0", "")) >= NIBBLES // 2 and piece in plain:
                return True
    parts = [int(group, 16) for group in address.exploded.split(":")]
    written = [int(run, 16) for run in re.findall(r"(?<![0-9a-z])[0-9a-f]{1,4}(?![0-9a-z])", text)]
    rows = [row for row in _in_a_row(parts, PARTS) if sum(map(bool, row)) >= PARTS // 2]
    if any(row in rows for row in _in_a_row(written, PARTS)):
        return True
    return any(_is_compressed(label, address) for label in text.split("."))


def _is_compressed(label: str, address: IPv6Address) -> bool:
    """Written with hyphens in place of colons, as 2001-db8--5, and words before or behind it."""
    for found in re.finditer(r"(?<![0-9a-z])[0-9a-f]{1,4}(?:--?[0-9a-f]{1,4})+(?![0-9a-z])", label):
        with suppress(AddressValueError):
            if IPv6Address(found[0].replace("-", ":")) == address:
                return True
    return False


def _in_a_row(numbers: Sequence[int], count: int) -> list[list[int]]:
    return [list(numbers[start : start + count]) for start in range(len(numbers) - count + 1)]
