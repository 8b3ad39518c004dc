"""The table of Django's database cache, in which processes that share PostgreSQL count attempts together."""

from django.core.management import call_command
from django.db import migrations

TABLE = "sluice_cache"


def make(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [migrations.RunPython(make, lambda apps, editor: editor.execute(f"DROP TABLE {TABLE}"))]
