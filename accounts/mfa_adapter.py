"""The secrets behind second factors, encrypted at rest: who reads a copy of the database cannot make anybody's codes.

Fernet (AES-128-CBC with HMAC-SHA256) under a key that HKDF (RFC 5869) derives from SECRET_KEY. Earlier keys of
SECRET_KEY_FALLBACKS still decrypt.
"""

import base64
import logging
from functools import lru_cache

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

ENCRYPTED = "gAAAA"  # how each Fernet token begins; base32 and hexadecimal secrets never do
log = logging.getLogger(__name__)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = DefaultMFAAdapter.error_messages | {
        "unreadable": "Your second step cannot be checked: the server's secret key was changed. Ask IT to put the old "
        "one into SLUICE_SECRET_KEY_FALLBACKS, or an administrator to forget your second step."
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. What was stored before secrets were encrypted is read as it is. Raises a ValidationError, which
        the form shows, when no key fits: an empty secret would make codes that anybody can compute."""
        if not encrypted_text.startswith(ENCRYPTED):
            return encrypted_text
        try:
            return _fernet().decrypt(encrypted_text).decode()
        except InvalidToken:
            log.exception("a second factor's secret does not fit SLUICE_SECRET_KEY or its fallbacks")
            raise self.validation_error("unreadable") from None


def _fernet() -> MultiFernet:
    return MultiFernet([_keyed(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


@lru_cache(maxsize=8)
def _keyed(secret: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"sluice second factor").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
