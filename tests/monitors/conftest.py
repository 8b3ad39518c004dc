from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from pytest_django import Settings

from lab.rdap import RdapServer
from monitors.models import Watch
from tests.monitors.scene import Scene, scene
from vendors.models import Domain


@pytest.fixture
def stage(db: None, tmp_path: Path, settings: Settings) -> Iterator[Scene]:
    """A small internet and one server in it, enrolled."""
    with scene(tmp_path, settings) as stage:
        stage.enrol()
        yield stage


@pytest.fixture
def registry(stage: Scene) -> Iterator[RdapServer]:
    with RdapServer(stage.world) as registry:
        yield registry


@pytest.fixture
def surveyed(stage: Scene, registry: RdapServer) -> Scene:
    """Registries behind the stage's resolvers; the vendor is called Alder Mail, and example.net is its own."""
    vendor = stage.server.vendor
    vendor.name = "Alder Mail Ltd"
    vendor.save()
    Domain.objects.filter(vendor=vendor).update(is_declared=True)
    stage.settings.RDAP_BOOTSTRAP = registry.bootstrap_url
    stage.settings.EGRESS_ALLOW = (ip_network("127.0.0.0/8"),)
    stage.settings.SURVEY_SPACING_SECONDS, stage.settings.SURVEY_SECONDS = 86_400, 86_400
    stage.settings.LEASE_SECONDS, stage.settings.DEMO = 20, True
    Watch.objects.filter(check_id="website").update(is_running=False)  # it has tests of its own
    return stage
