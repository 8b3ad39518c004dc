"""Dana of IT at the desk, and a vendor with one server and one contact."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests import world
from vendors.models import Contact, SendingServer, Vendor

SignIn = Callable[[User], Client]


@dataclass(frozen=True, slots=True)
class Desk:
    """What most tests of the desk speak of."""

    people: world.People
    vendor: Vendor
    server: SendingServer
    contact: Contact


@pytest.fixture
def desk(db: None, settings: Settings) -> Desk:
    settings.EGRESS_ALLOW = (ip_network("198.18.0.0/15"), ip_network("203.0.113.0/24"))
    people = world.make_people()
    vendor = people.vendor_a
    contact = world.make_contact(vendor, "Theo Marsh", email="abuse@alder.example.net")
    return Desk(people, vendor, world.make_server(vendor, "203.0.113.27", hostname="mta3.alder.example.net"), contact)


@pytest.fixture
def sign_in() -> SignIn:
    def signed_in(user: User) -> Client:
        client = Client()
        world.come_in(client, user)
        return client

    return signed_in


@pytest.fixture
def dana(desk: Desk, sign_in: SignIn) -> Client:
    """A browser in which Dana of IT is signed in."""
    return sign_in(desk.people.dana)
