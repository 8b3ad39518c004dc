"""Watches get their vendor, and may be of a domain or of the vendor itself; readings become runs; lists get quarantine
and allowance."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, OuterRef, Q, Subquery


def fill(apps, schema_editor):
    watch = apps.get_model("monitors", "Watch")
    server = apps.get_model("vendors", "SendingServer")
    vendor = server.objects.filter(pk=OuterRef("server")).values("vendor")[:1]
    watch.objects.filter(vendor=None).update(vendor=Subquery(vendor))
    apps.get_model("monitors", "Observation").objects.update(last_at=F("first_at"), is_latest=False)
    # Suspicions had no paths; two readings that open a finding belong to one stretch of looking.
    watch.objects.exclude(faults={}).update(faults={})


class Migration(migrations.Migration):
    dependencies = [("monitors", "0001_initial"), ("vendors", "0003_domains_and_aliases")]

    operations = [
        migrations.RemoveConstraint("observation", "observation_once_a_reading"),
        migrations.RemoveIndex("observation", "observation_by_age"),
        migrations.AlterModelOptions("observation", options={}),
        migrations.RenameField("observation", "looked_at", "first_at"),
        migrations.RemoveField("observation", "number"),
        migrations.RemoveField("observation", "slot"),
        migrations.AddField("observation", "last_at", models.DateTimeField(null=True)),
        migrations.AddField("observation", "count", models.PositiveIntegerField(default=1)),
        migrations.AddField("observation", "is_latest", models.BooleanField(default=True)),
        migrations.AddField("observation", "likeness", models.CharField(default="", max_length=16), preserve_default=False),
        migrations.AddField("observation", "meanings", models.JSONField(default=list)),
        migrations.AddField(
            "watch",
            "vendor",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="watches", to="vendors.vendor"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
