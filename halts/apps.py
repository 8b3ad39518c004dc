from django.apps import AppConfig


class HaltsConfig(AppConfig):
    name = "halts"
