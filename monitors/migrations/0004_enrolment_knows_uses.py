"""A domain that is used for something else has other checks: what its watches were made for is kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitors", "0003_quarantine_and_allowance")]

    operations = [migrations.AddField("enrolment", "uses", models.JSONField(default=list))]
