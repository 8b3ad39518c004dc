"""The people's table for the yardstick, without the sign-in machinery that the product hangs on it."""

from django.apps import AppConfig


class Accounts(AppConfig):
    name = "accounts"
