"""Whose pages are walked, and what each does first, through the pages, so that all of theirs are there."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.staff_ways import administrator, two_steps
from tests.browser.story import Story
from tests.browser.vendor_ways import (
    owner,
    who_adds_addresses,
    who_fills_in,
    who_has_a_letter,
    who_has_signed,
    who_is_asked,
    who_is_locked_out,
    who_is_suspended,
    who_mends,
)
from tests.browser.visitor_ways import visitors
from tests.browser.walker import Walker


@dataclass(frozen=True, slots=True)
class Way:
    """Somebody, or a visitor whose `email` is empty, and how to walk."""

    email: str
    walk: Callable[[Story, Walker], None]


WAYS = {
    "a visitor": Way("", visitors),
    "an administrator": Way("ada@harrow.example.com", administrator),
    "an auditor with a second step": Way("orla@harrow.example.com", two_steps),
    "a vendor's owner": Way("owner@brambleford.example", owner),
    "one who is asked who holds a domain": Way("owner@quillhaven.example", who_is_asked),
    "one accepted": Way("owner@pellworth.example", who_has_a_letter),
    "one suspended": Way("owner@ostrel.example", who_is_suspended),
    "one who fills in": Way("owner@fennickrowe.example", who_fills_in),
    "one who mends": Way("owner@inverlea.example", who_mends),
    "one who has signed": Way("owner@marlstone.example", who_has_signed),
    "one who adds addresses": Way("owner@wrenfold.example", who_adds_addresses),
    "one who is locked out": Way("owner@brambleford.example", who_is_locked_out),  # last: it locks all others too
}
