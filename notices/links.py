"""Links that let their holder do one thing without signing in: made at sending, found by the token's hash."""

import hashlib
import secrets
from datetime import datetime

from notices.models import Delivery, Link


def make(delivery: Delivery, at: datetime) -> str:
    """A new token for the purpose and subject of `delivery`. Every try gets its own: the plain token is never
    stored."""
    token = secrets.token_urlsafe(32)
    Link.objects.create(
        token_hash=_hash(token),
        purpose=delivery.link_purpose,
        about=delivery.about,
        contact=delivery.contact,
        holder_name=delivery.to_name,
        holder_email=delivery.to_email,
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


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
