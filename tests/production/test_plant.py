"""A listing becomes a mail, whichever broker rings."""

import time
from pathlib import Path

import pytest

from lab.run import Lab
from tests.line.crowd import ZONES, crowd, wait_until_all_clear, world_of
from tests.production.plant import RABBITMQ, REDIS, Plant

pytestmark = pytest.mark.production
PATIENCE = 90.0
SERVERS = 5


@pytest.mark.parametrize("broker", [RABBITMQ, REDIS], ids=["rabbitmq", "redis"])
def test_separate_processes_and_two_clocks_turn_each_listing_into_one_mail(broker: str, tmp_path: Path) -> None:
    servers = crowd(SERVERS)
    with (
        Lab(world_of(servers), vendors=()) as lab,
        Plant(tmp_path, broker=broker, resolvers=lab.resolvers, smtp=lab.smtp_address) as plant,
    ):
        plant.prepare()
        plant.import_vendors(servers)
        plant.start()
        plant.wait_until_well(PATIENCE)
        wait_until_all_clear(plant, SERVERS)

        for _, address, _ in servers[:3]:
            lab.world.list(ZONES[0], address)
        plant.wait_for(lambda: len(lab.mail) >= 3, PATIENCE, "three mails")
        time.sleep(3)  # a doubled one would come now
        assert len({mail.message_id for mail in lab.mail}) == len(lab.mail) == 3
        assert plant.rows("SELECT count(*), count(DISTINCT finding_id) FROM halts_haltorder") == [(3, 3)]

        plant.end("worker")
        lab.world.list(ZONES[0], servers[3][1])
        plant.process = None
        plant.wait_for(lambda: plant.status("/health/engine") == 503, PATIENCE, "the worker to be missed")
        assert plant.status("/health/live") == 200

        plant.run("worker", "celery", "-A", "config", "worker", "--pool", "threads", "--concurrency", "10")
        plant.wait_for(lambda: len(lab.mail) >= 4, PATIENCE, "the fourth mail")
        plant.wait_until_well(PATIENCE)

        plant.end("beat", "other beat")
        plant.wait_for(lambda: plant.status("/health/engine") == 503, PATIENCE, "the clocks to be missed")
        assert "The journal holds" in plant.manage("verify-journal").stdout
        assert "Traceback" not in plant.log.read_text()


def test_an_order_is_issued_while_the_broker_is_down_and_mailed_when_it_is_back(tmp_path: Path) -> None:
    servers = crowd(1)
    issue = (
        "from halts.orders import issue; from vendors.models import Vendor; from journal.actor import ENGINE; "
        "from django.utils import timezone; import time; began = time.monotonic(); "
        "issue(Vendor.objects.get(), reason='Stop.', by=ENGINE, at=timezone.now()); "
        "assert time.monotonic() - began < 3"
    )
    with (
        Lab(world_of(servers), vendors=()) as lab,
        Plant(tmp_path, broker="redis://127.0.0.1:1/0", resolvers=lab.resolvers, smtp=lab.smtp_address) as plant,
    ):
        plant.prepare()
        plant.import_vendors(servers)
        plant.manage("shell", "-v0", "-c", issue)
        plant.env["SLUICE_BROKER_URL"] = REDIS
        plant.start()
        plant.wait_for(lambda: len(lab.mail) == 1, PATIENCE, "the mail")
