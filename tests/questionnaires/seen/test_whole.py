"""What the looks amount to together."""

from typing import Any

import pytest

from questionnaires.seen.whole import add_up

IN_ORDER = {"look.listed": [], "look.lists_asked": 5, "look.lists_silent": []}


@pytest.mark.parametrize(
    ("servers", "headers", "hosted"),
    [
        ({"192.0.2.1": IN_ORDER}, {"a@x": {"look.mx_addresses": ["192.0.2.1", "192.0.2.9"]}}, True),
        ({"192.0.2.0/28": IN_ORDER}, {"a@x": {"look.mx_addresses": ["192.0.2.9"]}}, True),
        ({"192.0.2.1": IN_ORDER}, {"a@x": {"look.mx_addresses": ["192.0.2.9"]}}, False),
        ({"192.0.2.1": IN_ORDER}, {"a@x": {"look.mx_addresses": ["192.0.2.1"]}, "b@y": None}, None),
        ({"192.0.2.1": IN_ORDER}, {}, None),
        ({}, {"a@x": {"look.mx_addresses": ["192.0.2.1"]}}, None),
    ],
)
def test_whether_mail_comes_in_where_it_goes_out(servers: Any, headers: Any, hosted: bool | None) -> None:
    assert add_up(servers, headers).get("look.headers_hosted") is hosted


@pytest.mark.parametrize(
    ("servers", "says"),
    [
        ({"192.0.2.1": IN_ORDER}, "Not listed on any of the 5 lists that we asked."),
        ({"192.0.2.1": IN_ORDER | {"look.listed": ["Quarry"]}}, "Listed: 192.0.2.1 on Quarry."),
        (
            {"192.0.2.1": IN_ORDER | {"look.lists_silent": ["Quarry"]}},
            "Not listed where a list answered. No answer from Quarry.",
        ),
        ({"192.0.2.1": IN_ORDER, "192.0.2.2": None}, None),
        ({}, None),
    ],
)
def test_the_standing_of_all_servers_in_words(servers: Any, says: str | None) -> None:
    assert add_up(servers, {}).get("look.reputation") == says
