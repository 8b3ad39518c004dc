import os
from pathlib import Path

import pytest

from engine.embedded import AlreadyServing, InstanceLock


def test_a_second_instance_on_the_same_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    held = InstanceLock(tmp_path / "sluice.sqlite3.lock")
    with pytest.raises(AlreadyServing) as refused:
        InstanceLock(tmp_path / "sluice.sqlite3.lock")
    assert str(refused.value) == (
        f"Sluice already runs on this database (process {os.getpid()}). "
        "Stop that one first, or set SLUICE_HOME to another folder."
    )
    held.release()


def test_the_lock_of_an_instance_that_ended_is_free_again(tmp_path: Path) -> None:
    InstanceLock(tmp_path / "new" / "lock").release()
    InstanceLock(tmp_path / "new" / "lock").release()


def test_instances_on_different_databases_do_not_know_each_other(tmp_path: Path) -> None:
    locks = [InstanceLock(tmp_path / name) for name in ("one", "two")]
    for lock in locks:
        lock.release()
