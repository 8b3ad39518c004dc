from pathlib import Path

import pytest

from tests.line.installation import Installation


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with a migrated database and collected static files, for installations to start from."""
    folder = tmp_path_factory.mktemp("prepared")
    Installation(folder, resolvers=["127.0.0.1:1"], smtp="127.0.0.1:1").prepare()
    return folder
