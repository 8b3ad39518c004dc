"""System checks of our own settings: each says what is wrong and what to do."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from config.beat import BROKER_URL
from halts.policy import Ladder
from monitors import catalogue
from monitors.catalogue import CatalogueRefused
from questionnaires import definition_file


@register(Tags.security, deploy=True)
def staff_use_a_second_factor(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.REQUIRE_MFA or settings.DEMO:
        return []
    return [
        checks.Warning(
            "Staff may sign in without a second factor.",
            hint="Remove SLUICE_REQUIRE_MFA=false: who can lift a halt order must be hard to impersonate.",
            id="sluice.W001",
        )
    ]


@register()
def escalation_is_understood(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    try:
        Ladder.parse(settings.ESCALATION)
    except ValueError as error:
        return [
            checks.Error(
                f"SLUICE_ESCALATION is {settings.ESCALATION!r}: {error}.",
                hint="Write for example contact:15m,backup:15m,staff:15m.",
                id="sluice.E001",
            )
        ]
    return []


@register()
def blocklists_are_understood(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The operator's file and keys; without this they would be refused at the first look. What the desk laid over them
    is in the database, and cannot keep anybody from starting."""
    try:
        catalogue.load(settings.BLOCKLISTS, settings.BLOCKLIST_KEYS)
    except CatalogueRefused as refused:
        return [checks.Error(str(refused), hint="Correct SLUICE_BLOCKLISTS or its file.", id="sluice.E002")]
    return []


@register()
def exhibits_are_understood(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A released definition that was changed would be refused at the first page that needs it."""
    try:
        for exhibit in ("A", "B"):
            for version in definition_file.versions(exhibit):
                definition_file.load(exhibit, version)
    except definition_file.DefinitionRefused as refused:
        return [checks.Error(str(refused), hint="docs/exhibits.md says how questions change.", id="sluice.E003")]
    return []


@register()
def exhibits_are_released(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Of a definition that is not in the list nobody can say whether it is the one that vendors signed."""
    hint = (
        f"Put {definition_file.RELEASED} and its files back as the product came; docs/exhibits.md says how to release."
    )
    return [
        *(
            checks.Error(
                f"{name} has no line in {definition_file.RELEASED}, so nobody would see that it was changed.",
                hint=hint,
                id="sluice.E004",
            )
            for name in definition_file.unreleased()
        ),
        *(
            checks.Error(f"{name} is released and is not there.", hint=hint, id="sluice.E004")
            for name in definition_file.lost()
        ),
    ]


@register(Tags.database)
def broker_reaches_the_workers(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """`memory://` lives in one process; with PostgreSQL several are meant."""
    if BROKER_URL.startswith("memory") and "postgresql" in str(settings.DATABASES["default"]["ENGINE"]):
        return [
            checks.Warning(
                "PostgreSQL is used with the in-memory broker: separate workers will never hear the bell.",
                hint="Set SLUICE_BROKER_URL to RabbitMQ or Redis, unless you run 'manage.py serve' alone.",
                id="sluice.W002",
            )
        ]
    return []


@register(deploy=True)
def advertiser_is_named(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    missing = [name for name in ("ADVERTISER_NAME", "ABUSE_ADDRESS") if not getattr(settings, name)]
    if settings.ADVERTISER_NAME == "The advertiser":
        missing = ["ADVERTISER_NAME", *missing]
    if not missing:
        return []
    return [
        checks.Warning(
            f"Not set: {', '.join(f'SLUICE_{name}' for name in dict.fromkeys(missing))}.",
            hint="Orders and letters go out in this name, and name this address for questions.",
            id="sluice.W003",
        )
    ]
