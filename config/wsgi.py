"""The WSGI application that gunicorn, waitress and the tests serve."""

import os

from django.core.checks import ERROR, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# Commands check the settings by themselves; a web server that only imports this file does not.
if errors := [f"{found.msg} {found.hint or ''}" for found in run_checks() if found.is_serious(ERROR)]:
    raise ImproperlyConfigured("\n".join(errors))
