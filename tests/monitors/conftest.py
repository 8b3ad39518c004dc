from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.monitors.scene import Scene, scene


@pytest.fixture
def stage(db: None, tmp_path: Path, settings: Settings) -> Iterator[Scene]:
    """A small internet and one server in it, enrolled."""
    with scene(tmp_path, settings) as stage:
        stage.enrol()
        yield stage
