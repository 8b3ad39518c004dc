"""Settings from the environment: typed, and refused with a sentence when not understood.

Each reader takes the name without the prefix `SLUICE_` and a default. A value can also stand in a file named by
`SLUICE_<NAME>_FILE` (secrets of containers). Nothing here guesses: `yes` is not a number, `False` is never true. No
refusal repeats what is secret. Addresses of all kinds are read by config/places.py.
"""

import os
import tempfile
from collections.abc import Callable, Collection
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

PREFIX = "SLUICE_"
T = TypeVar("T")


def refusal(name: str, value: str | None, wanted: str) -> ImproperlyConfigured:
    """The sentence for a value that is not understood; `value` is None when it is secret, or may hold a password."""
    found = "is not understood" if value is None else f"is {value!r}"
    return ImproperlyConfigured(f"{PREFIX}{name} {found}. It must be {wanted}. See docs/operations.md.")


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
        except UnicodeDecodeError:
            raise ImproperlyConfigured(f"{PREFIX}{name}_FILE names {file}, which is not UTF-8 text.") from None
    return os.environ.get(PREFIX + name, default).strip()


def flag(name: str, default: bool) -> bool:
    """`true` or `false`, in any case; anything else is refused."""
    value = text(name)
    if not value:
        return default
    if value.lower() not in {"true", "false"}:
        raise refusal(name, value, "true or false")
    return value.lower() == "true"


def number(name: str, default: float, *, least: float = 0) -> float:
    """A number, at least `least`."""
    value = text(name)
    if not value:
        return default
    try:
        found = float(value)
    except ValueError:
        raise refusal(name, value, f"a number of at least {least:g}") from None
    if not found >= least or found == float("inf"):
        raise refusal(name, value, f"a number of at least {least:g}")
    return found


def whole(name: str, default: int, *, least: int = 0) -> int:
    """A whole number, at least `least`."""
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise refusal(name, value, f"a whole number of at least {least}")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas; blanks around the parts are dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def choice(name: str, default: str, allowed: Collection[str]) -> str:
    """One of `allowed`, in any case; as it is spelled there."""
    value = text(name) or default
    found = next((one for one in allowed if one.lower() == value.lower()), None)
    if found is None:
        raise refusal(name, value, f"one of {', '.join(allowed)}")
    return found


def parsed(name: str, default: str, parse: Callable[[str], T], wanted: str, *, is_secret: bool = False) -> T:
    """The value through `parse`, whose ValueError becomes the refusal; without the value when it `is_secret`."""
    value = text(name) or default
    try:
        return parse(value)
    except ValueError as error:
        if is_secret:
            raise refusal(name, None, wanted) from None
        raise refusal(name, value, f"{wanted} ({error})") from None


def home(default: Path) -> Path:
    """The folder of everything that is kept. Made at first need for its owner alone (mode 700): the database, the
    made secret and the mail in it are nobody else's. A folder that is there keeps the mode that it has."""
    folder = Path(text("HOME") or default).resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{PREFIX}HOME is {folder}, which cannot be made: {error.strerror}.") from error
    return folder


def secret(name: str, folder: Path) -> str:
    """The secret from the environment, or one made at first need and kept in `folder` with mode 600.

    It is written beside its place and linked there when it is whole: who is killed meanwhile leaves no half of one,
    and of two that make one at once the first one counts.
    """
    value = text(name)
    if value:
        return value
    file = folder / f"{name.lower().replace('_', '-')}.txt"
    if not file.exists():
        try:
            handle, draft = tempfile.mkstemp(dir=folder, prefix=f".{file.name}.")  # mode 600
        except OSError as error:
            raise ImproperlyConfigured(
                f"{folder} cannot be written to: {error.strerror}. "
                f"Set {PREFIX}{name}, or {PREFIX}HOME to another folder."
            ) from error
        try:
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(os.urandom(48).hex())
                out.flush()
                os.fsync(out.fileno())
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    if kept := file.read_text(encoding="ascii").strip():
        return kept
    raise ImproperlyConfigured(f"{file} is empty. Put the key back from a backup, or remove the file to make another.")


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
