"""docs/operations.md and the code speak of the same settings and commands."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text()
READERS = [ROOT / "config" / name for name in ("settings.py", "beat.py", "places.py", "env.py")]


def test_every_setting_is_explained_and_every_explained_one_is_read() -> None:
    code = "".join(reader.read_text() for reader in READERS)
    read = set(
        re.findall(
            r'\b(?:text|flag|number|whole|words|choice|parsed|secret|web|file_or_web|mailbox)\(\s*"([A-Z_]+)"', code
        )
    )
    explained = set(re.findall("SLUICE_([A-Z_]+)", PAGE)) - {"SECRET_KEY_FILE"}
    assert read == explained


def test_every_command_that_is_named_exists() -> None:
    commands = {file.stem for file in ROOT.glob("*/management/commands/*.py")} | {"migrate", "collectstatic", "check"}
    named = {name.replace("-", "_") for name in re.findall(r"manage\.py ([a-z-]+)", PAGE)}
    assert named <= commands
    assert {file.stem for file in ROOT.glob("*/management/commands/[a-z]*.py")} - {"lab"} <= named
