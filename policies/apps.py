from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate


class PoliciesConfig(AppConfig):
    name = "policies"

    def ready(self) -> None:
        post_migrate.connect(_bring_the_first, sender=self)


def _bring_the_first(*, using: str, apps: Any = installed, **_: Any) -> None:
    """Number 1 of the policy is there as soon as its table is: after each migration, which says which `apps` have their
    tables by then, and after a flush, which does not say."""
    from django.utils import timezone

    from policies.drafts import publish_first

    tables = ("policies", "PolicyVersion"), ("journal", "Entry")
    if using == DEFAULT_DB_ALIAS and all(name.lower() in apps.all_models[label] for label, name in tables):
        publish_first(timezone.now())
