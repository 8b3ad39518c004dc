"""The advertiser's settings, and a vendor whom nobody accepted yet."""

from ipaddress import ip_network

import pytest
from pytest_django import Settings

from tests import world
from vendors.models import Vendor


@pytest.fixture(autouse=True)
def the_settings(settings: Settings) -> None:
    settings.BLIND_SECONDS = 600
    settings.EGRESS_ALLOW = (ip_network("198.18.0.0/15"),)
    settings.ADVERTISER_NAME = "Harrow & Lyle"


@pytest.fixture
def vendor() -> Vendor:
    return world.make_vendor("Alder Mailings")
