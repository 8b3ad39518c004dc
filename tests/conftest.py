"""Settings that need no file, no network and no wait; people and things are made in tests/world.py."""

import os
import tempfile
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

HOME = Path(tempfile.mkdtemp(prefix="sluice-tests-"))
(HOME / "static").mkdir()  # WhiteNoise warns when it is missing
os.environ["SLUICE_HOME"] = str(HOME)
os.environ.setdefault("SLUICE_SECRET_KEY", "a key for tests only")
os.environ.setdefault("SLUICE_ADVERTISER_NAME", "Harrow & Lyle")
os.environ.setdefault("SLUICE_ABUSE_ADDRESS", "abuse@harrow.example.com")
os.environ.setdefault("SLUICE_EMAIL_URL", "smtp://127.0.0.1:1")
os.environ.setdefault("SLUICE_REQUIRE_MFA", "false")  # tests/accounts/test_second_factor.py turns it on


@pytest.fixture(autouse=True)
def quick_and_separate(settings: Settings) -> None:
    """Passwords that cost no time, static files that need no collecting, and throttles that start from nothing."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    cache.clear()
