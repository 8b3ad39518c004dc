from collections.abc import Iterator

import pytest

from tests.monitors.probes import wire as wires


@pytest.fixture
def wire() -> Iterator[wires.Wire]:
    """An empty pretend internet, and probes that ask it over real sockets."""
    with wires.wire() as wire:
        yield wire
