"""What the spellings of a source's code have in common gets a column. Sources that only differ in spelling become one."""

from django.db import migrations, models


def fill(apps, schema_editor):
    from questionnaires.source_codes import key_of

    ListSource = apps.get_model("questionnaires", "ListSource")
    Addition = apps.get_model("questionnaires", "Addition")
    first = {}
    for source in ListSource.objects.order_by("pk"):
        key = key_of(source.code)
        if known := first.get((source.vendor_id, key)):
            Addition.objects.filter(source=source).update(source=known)
            source.delete()
        else:
            first[source.vendor_id, key] = source.pk
            ListSource.objects.filter(pk=source.pk).update(key=key)


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0002_reminder")]

    operations = [
        migrations.RemoveConstraint(model_name="listsource", name="source_code_once_a_vendor"),
        migrations.AddField(
            model_name="listsource",
            name="key",
            field=models.CharField(default="", editable=False, max_length=300),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
