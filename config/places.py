"""Where things are: the readers of addresses and URLs among the settings. Each raises ImproperlyConfigured.

URLs of databases, brokers and mail servers hold passwords: no refusal repeats any part of them.
"""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import env
from egress import resolver
from egress.fetch import trusting
from egress.whois import Place

BROKERS = ("memory", "amqp", "amqps", "redis", "rediss", "redis+socket")
DATABASE_FORM = "sqlite:///PATH or postgres://USER:PASSWORD@HOST:PORT/NAME"
MAIL_FORM = "smtp://, smtps:// or smtp+tls:// with USER:PASSWORD@HOST:PORT, or console:"
MAIL_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
ENCODE = "with %XX for what is special in a password"


def _parts(name: str, url: str, form: str) -> SplitResult:
    """The parts of a URL that may hold a password, its port among them in range."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises when it is not a number below 65536
    except ValueError:
        raise env.refusal(name, None, f"{form}, {ENCODE}; its host or port is wrong") from None
    return parts


def database(home: Path) -> dict[str, Any]:
    """Django's DATABASES entry for `sqlite:///PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME?sslmode=require`.

    SQLite runs with a write-ahead log, immediate transactions and full sync: what survived 150 kills. What stands
    after the ? goes to libpq as it is (PostgreSQL, 34.1.2).
    """
    url = env.text("DATABASE_URL") or f"sqlite:///{quote(str(home / 'sluice.sqlite3'))}"
    parts = _parts("DATABASE_URL", url, DATABASE_FORM)
    name = unquote(parts.path.removeprefix("/"))
    if not name or parts.fragment:
        raise env.refusal("DATABASE_URL", None, f"{DATABASE_FORM}, {ENCODE}; it names no database")
    if parts.scheme == "sqlite":
        if parts.netloc or parts.query:
            raise env.refusal("DATABASE_URL", None, "sqlite:/// with three slashes, then the path and nothing else")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
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
            "NAME": name,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": _libpq_options(parts.query),
        }
    raise env.refusal("DATABASE_URL", None, DATABASE_FORM)


def _libpq_options(query: str) -> dict[str, Any]:
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    options: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    for option in options:
        try:
            make_conninfo(**{option: options[option]})
        except ProgrammingError:
            raise ImproperlyConfigured(
                f"{env.PREFIX}DATABASE_URL has the parameter {option!r}, which PostgreSQL does not know. "
                "See docs/operations.md."
            ) from None
    return options


def mail() -> dict[str, Any]:
    """Django's EMAIL_* settings for `smtp://`, `smtps://` (TLS from the start), `smtp+tls://` (STARTTLS) or
    `console:`."""
    parts = _parts("EMAIL_URL", env.text("EMAIL_URL") or "smtp://127.0.0.1:25", MAIL_FORM)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in MAIL_PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise env.refusal("EMAIL_URL", None, f"{MAIL_FORM}, {ENCODE}")
    return {
        "EMAIL_BACKEND": "notices.punctual.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or MAIL_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }


def broker() -> str:
    """The URL of Celery's broker."""
    form = f"a URL that begins with {', '.join(f'{scheme}://' for scheme in BROKERS)}"
    url = env.text("BROKER_URL") or "memory://localhost"
    if _parts("BROKER_URL", url, form).scheme not in BROKERS:
        raise env.refusal("BROKER_URL", None, form)
    return url


def bind(default: str) -> str:
    """Where to listen, as HOST:PORT; `*` listens everywhere, an IPv6 address stands in brackets."""
    value = env.text("BIND") or default
    host, _, port = value.rpartition(":")
    is_v6 = host.startswith("[") and host.endswith("]")
    try:
        _ = urlsplit(f"//{value}").port  # the brackets' inside and the port's range
        if is_v6:
            ip_address(host[1:-1])
    except ValueError:
        port = ""
    is_host = is_v6 or (host and not set(host) & set(":/@[] ,"))
    if not is_host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise env.refusal("BIND", value, "HOST:PORT, like 127.0.0.1:8000 or [::1]:8000")
    return value


def web(name: str, default: str = "", *, is_root: bool = False) -> str:
    """An http or https URL, empty when there is none; without a path when it `is_root`. No slash at the end."""
    value = env.text(name) or default
    if not value:
        return ""
    wanted = "an http:// or https:// URL" + (" with a host and nothing after it" if is_root else "")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise env.refusal(name, value, wanted) from None
    has_more = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in value or (is_root and has_more):
        raise env.refusal(name, value, wanted)
    return value.rstrip("/")


def file_or_web(name: str, default: str) -> str:
    """The path of a file, or an http or https URL."""
    value = env.text(name) or default
    return web(name, default) if "://" in value else value


def whois_root() -> str:
    """The server that knows which WHOIS server stands for which ending."""
    wanted = "HOST:PORT, like whois.iana.org:43"
    return env.parsed("WHOIS_ROOT", "whois.iana.org:43", lambda value: str(Place.parse(value)), wanted)


def web_ports() -> tuple[int, int]:
    """Where websites listen: the ports of https and of http."""

    def parse(value: str) -> tuple[int, int]:
        https, comma, http = value.partition(",")
        if not comma or not all(0 < int(port) < 65536 for port in (https, http)):
            raise ValueError("two ports from 1 to 65535")
        return int(https), int(http)

    return env.parsed("WEB_PORTS", "443,80", parse, "the port of https and that of http, like 443,80")


def authorities(path: str) -> str:
    """The path of a file with certificates of authorities; ValueError unless it holds some. Empty for none."""
    if path:
        try:
            trusting(path)
        except OSError as error:  # ssl.SSLError is one
            raise ValueError(error.strerror or "no certificates are in it") from error
    return path


def host_of(url: str) -> str:
    """The host of a URL as the Host header has it, without its port."""
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host


def mailbox(name: str) -> str:
    """A bare email address, empty when there is none."""
    value = env.text(name)
    if value and not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", value):
        raise env.refusal(name, value, "one email address without a name around it, like abuse@example.com")
    return value


def resolvers() -> list[str]:
    """DNS servers as ADDRESS:PORT, one a path."""

    def parse(value: str) -> list[str]:
        found = [str(resolver.Path.parse(part)) for part in value.split(",") if part.strip()]
        if not found:
            raise ValueError("there is none")
        return found

    return env.parsed("RESOLVERS", "127.0.0.1:53", parse, "IP addresses of DNS servers, separated by commas")
