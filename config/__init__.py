"""Deployment: settings from the environment, the beat table, urls. Nothing imports it but Django."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
