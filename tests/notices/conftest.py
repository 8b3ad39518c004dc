"""A mail server that listens, and a clock that stands until the test moves it."""

from collections.abc import Iterator

import pytest
import time_machine
from pytest_django import Settings

from lab.smtp import SmtpSink
from tests.notices.post import point_mail_at
from tests.world import NOON


@pytest.fixture
def sink(settings: Settings) -> Iterator[SmtpSink]:
    with SmtpSink(seed=7) as sink:
        point_mail_at(sink.port, settings)
        yield sink


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock
