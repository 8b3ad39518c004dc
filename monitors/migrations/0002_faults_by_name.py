from django.db import migrations, models


def number_the_observations(apps, schema_editor):
    Observation = apps.get_model("monitors", "Observation")
    rows = Observation.objects.order_by("watch_id", "slot").only("pk", "watch_id")
    watch, number = None, 0
    for row in rows.iterator():
        watch, number = row.watch_id, number + 1 if row.watch_id == watch else 0
        Observation.objects.filter(pk=row.pk).update(number=number)


def forget_suspicions(apps, schema_editor):
    """A list of faults becomes a mapping. What was counted so far is counted again, one spacing later."""
    apps.get_model("monitors", "Watch").objects.update(faults={})


class Migration(migrations.Migration):
    dependencies = [("monitors", "0001_initial")]

    operations = [
        migrations.RemoveField("watch", "adverse_count"),
        migrations.RemoveField("watch", "first_adverse_at"),
        migrations.RemoveField("watch", "last_adverse_at"),
        migrations.AlterField("watch", "faults", models.JSONField(default=dict)),
        migrations.RunPython(forget_suspicions, migrations.RunPython.noop),
        migrations.RemoveConstraint("observation", "observation_once_a_slot"),
        migrations.AddField("observation", "number", models.PositiveIntegerField(default=0), preserve_default=False),
        migrations.RunPython(number_the_observations, migrations.RunPython.noop),
        migrations.AddConstraint(
            "observation",
            models.UniqueConstraint(fields=["watch", "number"], name="observation_once_a_reading"),
        ),
        migrations.AddIndex("observation", models.Index(fields=["looked_at"], name="observation_by_age")),
    ]
