"""What every test begins with; settings are in tests/settings.py, people and things in tests/world.py."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nobody_has_been_throttled() -> None:
    cache.clear()
