"""Who did it: a person, a machine with a token, the holder of a link, or the engine itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` is engine, user, token, link or command; `name` is what a reader should see; `ip` as text, or empty.

    `key` is how the journal names it when that is another: people change their names, or have them erased.
    """

    kind: str
    name: str
    ip: str = ""
    key: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.key or self.name}"


ENGINE = Actor("engine", "engine")
