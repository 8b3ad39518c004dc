"""Real commits for tests that need several connections at once."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.journal.tampering import put_triggers_back, take_triggers_away


@pytest.fixture
def _triggers_come_back(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Set up first, so that it ends last: after the flush."""
    yield
    with django_db_blocker.unblock():
        put_triggers_back()


@pytest.fixture
def committed(_triggers_come_back: None, transactional_db: None) -> Iterator[None]:
    """A database in which what is written is there for everybody. It is emptied afterwards, the journal too, which
    refuses that while its triggers stand."""
    assert connection.vendor == "postgresql", "Run these through 'make test-production': they need PostgreSQL."
    yield
    take_triggers_away()
