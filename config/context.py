"""What every page may name: the advertiser, and the moment the page speaks of."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone


def advertiser(request: HttpRequest) -> dict[str, Any]:
    return {
        "advertiser_name": settings.ADVERTISER_NAME,
        "abuse_address": settings.ABUSE_ADDRESS,
        "abuse_phone": settings.ABUSE_PHONE,
        "public_url": settings.PUBLIC_URL,
        "is_demo": settings.DEMO,
        "now": timezone.now(),
    }
