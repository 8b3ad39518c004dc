"""Tokens for machines: `sluice_<8 id>_<43 random>_<6 checksum>`.

The prefix lets secret scanners find a leaked one, the id finds the row, and the checksum tells a mistyped token from a
revoked one without a look into the database. The 256 random bits need no slow hash: SHA-256 of them is stored.
"""

import hashlib
import hmac
import re
import secrets
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import ApiToken, Role, User
from accounts.rights import usual_scopes
from journal.actor import Actor
from journal.record import move, note, turn

LIFETIME = timedelta(days=365)
USE_IS_NOTED_EVERY = timedelta(minutes=1)
_FORM = re.compile(r"sluice_([a-z2-9]{8})_([A-Za-z0-9_-]{43})_([0-9a-f]{6})")
_ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class TokenRefused(ValueError):
    """No token can be made as asked; the sentence says why and what to do."""


def create(
    *,
    role: str,
    name: str,
    by: Actor,
    at: datetime,
    scopes: Iterable[str] | None = None,
    lifetime: timedelta = LIFETIME,
    user: User | None = None,
) -> tuple[ApiToken, str]:
    """The row and the token itself, which nobody can show again. Without `scopes`, all that the role allows.

    Raises TokenRefused for an unknown role or scope, an empty name, a lifetime that is not positive, or a scope that
    the role has no right to.
    """
    allowed = usual_scopes(role)
    wanted = list(dict.fromkeys(allowed if scopes is None else scopes))
    if role not in Role.values:
        raise TokenRefused(f"{role!r} is not a role. Use one of {', '.join(Role.values)}.")
    if not name.strip():
        raise TokenRefused("A token needs a name that says which machine has it.")
    if not wanted or (beyond := [scope for scope in wanted if scope not in allowed]):
        asked = f"{', '.join(beyond)} is not for" if wanted else "It needs at least one scope of"
        raise TokenRefused(f"{asked} the role {role}. Choose from {', '.join(allowed)}.")
    if lifetime <= timedelta(0):
        raise TokenRefused("A token must live for at least one day.")
    public_id = "".join(secrets.choice(_ID_LETTERS) for _ in range(8))
    secret = secrets.token_urlsafe(32)
    with turn():
        token = ApiToken.objects.create(
            public_id=public_id,
            secret_hash=_hash(secret),
            name=name.strip()[:100],
            role=role,
            scopes=wanted,
            created_at=at,
            created_by=user,
            expires_at=at + lifetime,
        )
        note(token, "created", by=by, at=at, role=role, scopes=wanted, expires_at=token.expires_at)
    head = f"sluice_{public_id}_{secret}"
    return token, f"{head}_{_checksum(head)}"


def find(plain: str, now: datetime) -> ApiToken | None:
    """The live token that `plain` is, or None: mistyped, unknown, expired and revoked all look the same.

    Notes the use, at most once a minute.
    """
    form = _FORM.fullmatch(plain.strip())
    if not form or not hmac.compare_digest(_checksum(plain.strip().rpartition("_")[0]), form[3]):
        return None
    token = ApiToken.objects.filter(public_id=form[1]).first()
    if token is None or not hmac.compare_digest(_hash(form[2]), token.secret_hash):
        return None
    if token.state != ApiToken.State.ACTIVE or token.expires_at <= now:
        return None
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_IS_NOTED_EVERY)
    if ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now):
        token.last_used_at = now
    return token


def revoke(token: ApiToken, *, by: Actor, at: datetime) -> None:
    """End the token from the next request on. Raises MoveRefused when it was revoked already."""
    move(token, ApiToken.State.REVOKED, by=by, at=at, changes={"revoked_at": at})


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _checksum(head: str) -> str:
    return f"{zlib.crc32(head.encode()) & 0xFFFFFF:06x}"
