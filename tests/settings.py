"""The settings of the tests: nothing to collect, no network, no wait, and a home that is thrown away.

pytest-django reads the settings before any conftest.py, so the environment is prepared here.
"""

import os
import tempfile
from pathlib import Path

_home = Path(tempfile.mkdtemp(prefix="sluice-tests-"))
(_home / "static").mkdir()  # WhiteNoise warns when it is missing
os.environ |= {
    "SLUICE_HOME": str(_home),
    "SLUICE_SECRET_KEY": "a key for tests only",
    "SLUICE_ADVERTISER_NAME": "Harrow & Lyle",
    "SLUICE_ABUSE_ADDRESS": "abuse@harrow.example.com",
    "SLUICE_EMAIL_URL": "smtp://127.0.0.1:1",
    "SLUICE_WHOIS_ROOT": "127.0.0.1:1",
    "SLUICE_REGISTRY_SECONDS": "0",
    "SLUICE_REQUIRE_MFA": "false",  # tests/accounts/test_second_factor.py turns it on
}

from config.settings import *  # noqa: E402, F403
from config.settings import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # costs no time
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # cleared without a database
LIST_ENTRIES_SECONDS = None  # no test but those of monitors.list_entries asks what the desk changed
