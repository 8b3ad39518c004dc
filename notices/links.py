"""Links that let their holder do one thing without signing in: made at sending, found by the token's hash."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings

from notices.models import Link
from vendors.models import Contact


def make(
    purpose: str,
    about: str,
    at: datetime,
    *,
    contact: Contact | None = None,
    holder_name: str = "",
    holder_email: str = "",
) -> str:
    """A new token that lets its holder do `purpose` about one subject, until `expire` ends it.

    The plain token is never stored, so every sending of a letter makes its own.
    """
    token = secrets.token_urlsafe(32)
    Link.objects.create(
        token_hash=_hash(token),
        purpose=purpose,
        about=about,
        contact=contact,
        holder_name=holder_name,
        holder_email=holder_email,
        created_at=at,
    )
    return token


def find(token: str, purpose: str, at: datetime) -> Link | None:
    """The link with this token and purpose, if it has not expired."""
    link = Link.objects.filter(token_hash=_hash(token), purpose=purpose).select_related("contact").first()
    return link if link and (link.expires_at is None or link.expires_at > at) else None


def expire(about: str, purpose: str, at: datetime) -> None:
    """Let the links about a subject end at `at`."""
    Link.objects.filter(about=about, purpose=purpose, expires_at=None).update(expires_at=at)


def url(purpose: str, token: str) -> str:
    """Where the holder goes: the purpose is the first part of the path."""
    return f"{settings.PUBLIC_URL}/{purpose}/{token}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
