"""The command line's last words: settings that are refused, and a database that is not ready, end a command with one
sentence instead of a traceback. Exit status 1; with --json one JSON object says the same."""

import json
import sys
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor

OLD_DATABASE = "The database is not up to date. Run 'manage.py migrate' first; 'make run' does both."


def run(argv: list[str]) -> None:
    """Run the command that `argv` names."""
    try:
        execute_from_command_line(argv)
    except ImproperlyConfigured as refused:
        _end(str(refused), as_json="--json" in argv)
    except (DatabaseError, InterfaceError):
        if not (sentence := _about_database()):
            raise
        _end(sentence, as_json="--json" in argv)


def is_behind() -> bool:
    """The database lacks a migration. Raises DatabaseError when it does not answer."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _about_database() -> str:
    """What keeps every command from working; empty when it is nothing of that kind."""
    try:
        return OLD_DATABASE if is_behind() else ""
    except (DatabaseError, InterfaceError) as fault:
        said = " ".join(str(fault).split())
        return f"The database does not answer: {said}. See that it runs, and that SLUICE_DATABASE_URL names it."


def _end(sentence: str, *, as_json: bool) -> NoReturn:
    if as_json:
        sys.stdout.write(json.dumps({"ok": False, "sentence": sentence}, ensure_ascii=False) + "\n")
    sys.stderr.write(f"{sentence}\n")
    sys.exit(1)
