"""What registries and registrars answered about one name: the answers side by side, unread."""

from dataclasses import dataclass
from typing import Protocol

from egress import rdap


class WhoisAnswer(Protocol):
    """The end of one WHOIS question, as `egress.whois` gives it. `text` is "" when none came."""

    @property
    def outcome(self) -> rdap.Outcome: ...
    @property
    def sentence(self) -> str: ...
    @property
    def server(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Registered:
    """What the registry said, and the registrar after it; `name` is the name that was asked for, "" when none can be
    registered there. `whois` and `whois_registrar` are asked where RDAP is not spoken."""

    name: str
    registry: rdap.Answer | None
    registrar: rdap.Answer | None = None
    whois: WhoisAnswer | None = None
    whois_registrar: WhoisAnswer | None = None
