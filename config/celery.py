"""The Celery application: a doorbell and a pool of hands. The database is the queue."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sluice")
app.config_from_object("config.beat:CELERY")
app.autodiscover_tasks()
