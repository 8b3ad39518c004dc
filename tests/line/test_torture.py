"""A short torture in the suite; the whole one is `make torture`."""

import pytest

from tests.line.torture import main

pytestmark = pytest.mark.slow


def test_a_server_killed_again_and_again_loses_nothing_and_doubles_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Each kill may catch the four hands of the mail stage between a server's yes and our note of it."""
    status = main(["--kills", "2", "--findings", "10", "--copies", "80", "--looks", "100"])
    assert status == 0, capsys.readouterr().out
