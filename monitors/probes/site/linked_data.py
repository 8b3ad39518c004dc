"""What a page tells machines of the organisation behind it: JSON-LD and microdata in the vocabulary of schema.org.

Only what the check of contact details needs, within limits: a stranger wrote it. Raises nothing; what cannot be read
says nothing.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from monitors.probes.markup import LONGEST_DATA, plain

MOST_NODES = 500  # of all the data of a page
LONGEST = 200  # letters of one value
PARTS_OF_AN_ADDRESS = ("streetAddress", "postOfficeBoxNumber", "postalCode", "addressLocality", "addressRegion")
PERSONS = frozenset({"Person", "Review", "Rating", "Comment", "Product", "Event"})  # their details are others'
Said = tuple[str, str]  # (name, email, telephone, address given in its parts, or place given as one text; its value)


def of_json(data: Iterable[str]) -> list[Said]:
    """The names, mail addresses, telephone numbers and postal addresses of organisations, in the page's order."""
    found: list[Said] = []
    for node in _nodes(data):
        kinds = node.get("@type", "")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(kind in PERSONS for kind in kinds if isinstance(kind, str)):
            continue
        is_organisation = any(name in node for name in ("legalName", "telephone", "email", "address"))
        for name, part in (("legalName", "name"), ("name", "name"), ("email", "email"), ("telephone", "telephone")):
            if name != "name" or is_organisation:
                found += [(part, value) for value in _texts(node.get(name))]
        if "streetAddress" in node or "postalCode" in node:
            found.append(("address", _address(node)))
        found += [("place", value) for value in _texts(node.get("address"))]
    return [(part, value.removeprefix("mailto:").removeprefix("tel:")) for part, value in found if value]


def of_microdata(items: Iterable[tuple[str, str]]) -> list[Said]:
    """The same of microdata. The parts of one address stand together; a street begins the next one."""
    found: list[Said] = []
    address: dict[str, str] = {}
    for name, value in items:
        if name in ("name", "legalName"):
            found.append(("name", value))
        elif name in ("email", "telephone"):
            found.append((name, value.removeprefix("mailto:").removeprefix("tel:")))
        elif name in (*PARTS_OF_AN_ADDRESS, "addressCountry"):
            if name in address:
                found.append(("address", _address(address)))
                address = {}
            address[name] = value
    if address:
        found.append(("address", _address(address)))
    return [(part, value[:LONGEST]) for part, value in found if value]


def _address(node: dict[str, Any]) -> str:
    """On one line; empty without a place and a street or box: then nobody can write there."""
    said = {name: next(iter(_texts(node.get(name))), "") for name in (*PARTS_OF_AN_ADDRESS, "addressCountry")}
    has_door = said["streetAddress"] or said["postOfficeBoxNumber"]
    if not has_door or not (said["postalCode"] or said["addressLocality"]):
        return ""
    return ", ".join(value for value in said.values() if value)[:LONGEST]


def _nodes(data: Iterable[str]) -> Iterator[dict[str, Any]]:
    """All objects, however nested, as far as the limit goes; without recursion."""
    left = MOST_NODES
    for text in data:
        if len(text) > LONGEST_DATA:
            continue
        try:
            waiting: list[Any] = [json.loads(text)]
        except (ValueError, RecursionError):
            continue
        while waiting and left > 0:
            node = waiting.pop(0)
            left -= 1
            if isinstance(node, dict):
                yield node
                waiting += [value for value in node.values() if isinstance(value, dict | list)]
            elif isinstance(node, list):
                waiting += [value for value in node[:MOST_NODES] if isinstance(value, dict | list)]


def _texts(value: Any) -> list[str]:
    """A value or a list of values, those that are text; of a country also its name."""
    if isinstance(value, dict):
        value = value.get("name")
    values = value[:10] if isinstance(value, list) else [value]
    return [text for one in values if isinstance(one, str) and (text := plain(one)[:LONGEST])]
