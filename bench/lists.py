"""Eight invented blocklists and the addresses to ask them about, the same on every run."""

import random
from pathlib import Path

CODES = ("127.0.0.2", "127.0.0.4", "127.0.0.9")

Truth = dict[tuple[str, str], tuple[str, str]]


def text_of(zone: str, address: str) -> str:
    """What the list says about an address."""
    return f"{zone} lists {address}"


class Lists:
    """`zones` lists of `entries` addresses each; each names about 4 % of the `targets`. `truth` has the code
    and the text of every (target, zone) that is listed."""

    def __init__(self, targets: int, zones: int = 8, entries: int = 200_000, seed: int = 2026) -> None:
        chance = random.Random(seed)
        self.zones = [f"bl{number}.example" for number in range(1, zones + 1)]
        numbers = chance.sample(range(1 << 24, 223 << 24), targets)
        self.targets = [dotted(number) for number in numbers]
        self.truth: Truth = {}
        self.entries: dict[str, dict[int, str]] = {}
        for zone in self.zones:
            listed = {number: chance.choice(CODES) for number in chance.sample(numbers, targets * 4 // 100)}
            for number, code in listed.items():
                self.truth[dotted(number), zone] = (code, text_of(zone, dotted(number)))
            known = set(numbers)
            while len(listed) < entries:
                number = chance.randrange(1 << 24, 223 << 24)
                if number not in known:
                    listed[number] = chance.choice(CODES)
            self.entries[zone] = listed

    def write_questions(self, folder: Path) -> tuple[Path, Path]:
        """The files of targets and of zones."""
        targets, zones = folder / "targets.txt", folder / "zones.txt"
        targets.write_text("\n".join(self.targets) + "\n", encoding="ascii")
        zones.write_text("\n".join(self.zones) + "\n", encoding="ascii")
        return targets, zones

    def write_entries(self, folder: Path) -> dict[str, Path]:
        """One file a zone in the format of rbldnsd's ip4set, which `bench.server` reads too."""
        files = {}
        for zone, listed in self.entries.items():
            files[zone] = folder / zone
            with files[zone].open("w", encoding="ascii") as out:
                out.writelines(f"{dotted(number)} :{code}:{text_of(zone, '$')}\n" for number, code in listed.items())
        return files


def dotted(number: int) -> str:
    """An IPv4 address as it is usually written."""
    return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
