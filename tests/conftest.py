"""What all tests share: people, a vendor of each, and settings that need no file, no network and no wait."""

import os
import tempfile

os.environ["SLUICE_HOME"] = tempfile.mkdtemp(prefix="sluice-tests-")
os.environ.setdefault("SLUICE_SECRET_KEY", "a key for tests only")
os.environ.setdefault("SLUICE_ADVERTISER_NAME", "Harrow & Lyle")
os.environ.setdefault("SLUICE_ABUSE_ADDRESS", "abuse@harrow.example.com")
os.environ.setdefault("SLUICE_EMAIL_URL", "smtp://127.0.0.1:1")
