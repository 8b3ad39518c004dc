"""Who at the advertiser is told when something needs a person."""

from django.conf import settings

from accounts.models import Role, User
from notices.outbox import Recipient


def staff() -> list[Recipient]:
    """IT and administrators who can sign in; when there are none yet, the abuse address of the advertiser."""
    people = User.objects.filter(is_active=True, role__in=[Role.IT, Role.ADMINISTRATOR]).order_by("pk")
    found = [Recipient(user.name, user.email) for user in people]
    if not found and settings.ABUSE_ADDRESS:
        found = [Recipient(settings.ADVERTISER_NAME, settings.ABUSE_ADDRESS)]
    return found
