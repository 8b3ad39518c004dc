import io
import json

from django.core.management import call_command

from monitors.models import Watch
from tests.monitors.conftest import stage  # noqa: F401  the fixture
from tests.monitors.scene import Scene


def swept(*arguments: str) -> tuple[int, str]:
    """(exit status, what it printed)."""
    out = io.StringIO()
    try:
        call_command("sweep", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_what_is_done_is_counted(stage: Scene) -> None:  # noqa: F811
    assert swept("--stage", "watch") == (0, "watch    3 done\n")
    assert swept("--stage", "watch") == (0, "watch    nothing was due\n")


def test_what_failed_is_not_counted_as_done(stage: Scene) -> None:  # noqa: F811
    Watch.objects.update(faults={"listed": "nonsense"})  # a standing that cannot be read, on either database
    status, said = swept("--stage", "watch")
    assert status == 1
    assert said.startswith("watch    0 done, 3 failed and will be tried again; the last: ")
    Watch.objects.update(lease_token=None, lease_until=None)
    status, said = swept("--stage", "watch", "--json")
    assert (status, json.loads(said)["watch"]["done"], json.loads(said)["watch"]["failed"]) == (1, 0, 3)
