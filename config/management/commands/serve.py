"""`manage.py serve`: the embedded server, one process."""

import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils import timezone

from accounts.people import has_administrator
from config.celery import app
from config.shell import OLD_DATABASE, is_behind
from engine.embedded import AlreadyServing, Embedded, InstanceLock
from monitors import checks, self_test
from notices import links
from visitors.views.welcome import WELCOME

FIRST_ADMINISTRATOR = "administrator:first"  # the subject of the link


class Command(BaseCommand):
    help = "Serve Sluice from one process: web pages, sweeps and their clock. For production see docs/operations.md."

    def handle(self, *args: Any, **options: Any) -> None:
        database = settings.DATABASES["default"]
        if str(database["ENGINE"]).endswith("sqlite3"):
            try:
                self._lock = InstanceLock(Path(f"{database['NAME']}.lock"))
            except AlreadyServing as refused:
                raise CommandError(str(refused)) from refused
        if is_behind():
            raise CommandError(OLD_DATABASE)
        if not (settings.STATIC_ROOT / "staticfiles.json").exists():  # else no page finds its style sheet
            call_command("collectstatic", interactive=False, verbosity=0)
        try:
            embedded = Embedded(
                app,
                get_wsgi_application(),
                settings.BIND,
                settings.ENGINE_STAGES,
                is_behind_proxy=settings.BEHIND_PROXY,
            )
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {settings.BIND}: {error.strerror}. "
                "Set SLUICE_BIND to another address, or stop what is there."
            ) from error
        self.stdout.write(f"Sluice listens on {settings.PUBLIC_URL} (stop it with Ctrl-C).")
        self._welcome()
        threading.Thread(target=self._test_resolvers, name="resolvers", daemon=True).start()
        raise SystemExit(embedded.run())

    def _welcome(self) -> None:
        """While nobody can administer, print a link that makes the first administrator; earlier ones end."""
        if has_administrator():
            return
        now = timezone.now()
        links.expire(FIRST_ADMINISTRATOR, WELCOME, now)
        token = links.make(WELCOME, FIRST_ADMINISTRATOR, now)
        self.stdout.write("No administrator yet. Open this link once to become the first:")
        self.stdout.write(f"  {links.url(WELCOME, token)}")
        self.stdout.flush()  # a log that is read through a pipe must have it too

    def _test_resolvers(self) -> None:
        """Beside the server, which waits for nobody: say of each resolver what hides listings from us, and the cure."""
        try:
            reports = self_test.run(checks.paths(), checks.blocklists())
        finally:
            connections.close_all()
        for report in reports:
            line = f"Resolver {report.path}: {report.sentence}"
            self.stderr.write(line if report.is_fit else self.style.WARNING(line), lambda text: text)
        self.stderr.flush()
