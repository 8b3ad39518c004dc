from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.beat import STAGES
from engine.models import Cycle
from tests.world import make_people


@contextmanager
def dead_database(fault: type[Exception]) -> Iterator[None]:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise fault("the server closed the connection")

    with connection.execute_wrapper(refuse):
        yield


def all_well(age: timedelta = timedelta(0)) -> None:
    Cycle.objects.all().delete()
    for stage in STAGES:
        Cycle.objects.create(stage=stage, finished_at=timezone.now() - age, last_error="secret detail")


def test_live_asks_nobody(client: Client) -> None:
    response = client.get("/health/live")  # without a database: pytest-django would refuse it
    assert response.status_code == 200
    assert response.json() == {"status": "alive"}


@pytest.mark.django_db
def test_engine_is_well_when_every_stage_is_on_time(client: Client) -> None:
    all_well()
    response = client.get("/health/engine")
    assert response.status_code == 200
    assert response.json()["status"] == "well"
    assert [stage["stage"] for stage in response.json()["stages"]] == list(STAGES)


@pytest.mark.django_db
def test_engine_is_late_when_a_stage_is(client: Client) -> None:
    all_well()
    Cycle.objects.filter(stage="deliver").update(finished_at=timezone.now() - timedelta(minutes=3))
    response = client.get("/health/engine")
    assert response.status_code == 503
    assert response.json()["sentence"] == "Late: deliver."
    assert "last finished 180 s ago" in response.content.decode()


@pytest.mark.django_db
def test_engine_is_late_before_it_ever_ran(client: Client) -> None:
    response = client.get("/health/engine")
    assert response.status_code == 503
    assert {stage["why"] for stage in response.json()["stages"]} == {"has not run yet"}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_a_dead_database_is_503_with_a_sentence_also_for_who_is_signed_in(
    client: Client, fault: type[Exception]
) -> None:
    client.force_login(make_people().dana)
    with dead_database(fault):
        response = client.get("/health/engine")
        live = client.get("/health/live")
    assert response.status_code == 503
    assert response.json()["sentence"].startswith("The database does not answer")
    assert live.status_code == 200


@pytest.mark.django_db
def test_the_world_does_not_read_what_went_wrong(client: Client) -> None:
    all_well()
    assert "secret detail" not in client.get("/health/engine").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/live", "/health/engine"])
def test_health_is_read_only_and_never_cached(client: Client, path: str) -> None:
    assert "no-store" in client.get(path)["Cache-Control"]
    assert client.head(path).status_code in {200, 503}
    assert client.post(path).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/live", "/health/engine"])
def test_health_answers_plain_requests_for_any_host_and_nothing_else_does(settings: Settings, path: str) -> None:
    settings.ALLOWED_HOSTS = ["gate.example.com"]
    settings.PUBLIC_URL = "https://gate.example.com"
    settings.SECURE_SSL_REDIRECT = True
    client = Client(headers={"host": "10.0.0.7:8000"})
    assert client.get(path).status_code in {200, 503}
    assert client.get("/policy/").status_code == 400
    assert client.get("/policy/", secure=True).status_code == 400
