"""What was said of who holds a domain, by everybody who was asked. Pure: a value, nobody asks here."""

from dataclasses import dataclass

from egress import rdap
from egress.whois import Answer


@dataclass(frozen=True, slots=True)
class Registered:
    """What the registry said, and the registrar after it when the registry leaves the holder to it; `name` is the name
    that was asked for, "" when none can be registered there (and then nobody was asked).

    `whois` and `whois_registrar` are the same over port 43: asked only where no RDAP server is announced or none could
    be had, None otherwise. Their FOUND means that text came, not that it is a registration.
    """

    name: str
    registry: rdap.Answer | None
    registrar: rdap.Answer | None = None
    whois: Answer | None = None
    whois_registrar: Answer | None = None
