"""What every test begins with; settings are in tests/settings.py, people and vendors in tests/world.py."""

import hypothesis
import pytest
from django.core.cache import cache

hypothesis.settings.register_profile("unhurried", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def nobody_has_been_throttled() -> None:
    cache.clear()
