"""A pretend DNS that refuses impossible names as the real one does, and a short way to write what is in it."""

from egress import wire
from egress.answer import Answer
from tests.monitors.fakes import FakeWorld


class Dns(FakeWorld):
    """Made of lines such as "a.example TXT v=spf1 -all"; records of one name and type gather."""

    def __init__(self, *lines: str) -> None:
        super().__init__()
        gathered: dict[tuple[str, str], list[str]] = {}
        for line in lines:
            name, rdtype, record = line.split(" ", 2)
            gathered.setdefault((name, rdtype), []).append(record)
        for (name, rdtype), records in gathered.items():
            self.say(name, *records, rdtype=rdtype)

    async def __call__(self, name: str, rdtype: str, *, path: int = 0) -> Answer:
        return await super().__call__(wire.question(name, rdtype).name, rdtype, path=path)
