"""Settings from the environment: typed, and refused with a sentence when not understood.

Each reader takes the name without the prefix `SLUICE_` and a default. A value can also stand in a file named by
`SLUICE_<NAME>_FILE` (secrets of containers). Nothing here guesses: `yes` is not a number, `False` is never true.
"""

import os
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "SLUICE_"
T = TypeVar("T")


def _refuse(name: str, value: str, wanted: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{PREFIX}{name} is {value!r}. It must be {wanted}. See docs/operations.md.")


def text(name: str, default: str = "") -> str:
    """The value as written, without surrounding blanks; from the file `SLUICE_<NAME>_FILE` when that is set."""
    file = os.environ.get(f"{PREFIX}{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"{PREFIX}{name}_FILE names {file}, which cannot be read: {error.strerror}."
            ) from error
    return os.environ.get(PREFIX + name, default).strip()


def flag(name: str, default: bool) -> bool:
    """`true` or `false`, in any case; anything else is refused."""
    value = text(name)
    if not value:
        return default
    if value.lower() not in {"true", "false"}:
        raise _refuse(name, value, "true or false")
    return value.lower() == "true"


def number(name: str, default: float, *, least: float = 0) -> float:
    """A number, at least `least`."""
    value = text(name)
    if not value:
        return default
    try:
        found = float(value)
    except ValueError:
        raise _refuse(name, value, f"a number of at least {least:g}") from None
    if not found >= least or found == float("inf"):
        raise _refuse(name, value, f"a number of at least {least:g}")
    return found


def whole(name: str, default: int, *, least: int = 0) -> int:
    """A whole number, at least `least`."""
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise _refuse(name, value, f"a whole number of at least {least}")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas; blanks around the parts are dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def parsed(name: str, default: str, parse: Callable[[str], T], wanted: str) -> T:
    """The value through `parse`, whose ValueError becomes the refusal."""
    value = text(name, default)
    try:
        return parse(value)
    except ValueError as error:
        raise _refuse(name, value, f"{wanted} ({error})") from None


def database(url: str, home: Path) -> dict[str, object]:
    """Django's DATABASES entry for `sqlite:///PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME`.

    SQLite runs with a write-ahead log, immediate transactions and full sync: what survived 150 kills.
    """
    if not url:
        url = f"sqlite:///{home / 'sluice.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")) if parts.path != "/:memory:" else ":memory:",
            "CONN_MAX_AGE": 60,  # a new connection reads the schema again: a fifth of a short page's time
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(
        f"{PREFIX}DATABASE_URL starts with {parts.scheme!r}. It must be sqlite:///PATH or postgres://USER:PASSWORD@HOST:PORT/NAME."
    )


def mail(url: str) -> dict[str, object]:
    """Django's EMAIL_* settings for `smtp://`, `smtps://` (TLS from the start), `smtp+tls://` (STARTTLS) or
    `console:`."""
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"}:
        raise ImproperlyConfigured(
            f"{PREFIX}EMAIL_URL starts with {parts.scheme!r}. "
            "It must start with smtp://, smtps:// or smtp+tls://, or be console:."
        )
    return {
        "EMAIL_BACKEND": "notices.punctual.EmailBackend",
        "EMAIL_HOST": parts.hostname or "127.0.0.1",
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }


def secret(name: str, home: Path) -> str:
    """The secret from the environment, or one made at first need and kept in HOME with mode 600."""
    value = text(name)
    if value:
        return value
    file = home / f"{name.lower().replace('_', '-')}.txt"
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        made = os.urandom(48).hex()
        home.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(made)
        except FileExistsError:  # another process was first; its secret is the one
            return file.read_text(encoding="ascii").strip()
        return made


def pairs(value: str) -> dict[str, str]:
    """`a=1,b=2` as a mapping."""
    found = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        name, equals, rest = part.partition("=")
        if not equals or not name.strip() or not rest.strip():
            raise ValueError("each part has the form NAME=VALUE")
        found[name.strip()] = rest.strip()
    return found


def networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """`192.0.2.0/24,2001:db8::/32` as networks."""
    return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
