"""Encrypts the secrets of second factors that were stored in plain text."""

from django.db import migrations

from accounts.mfa_adapter import ENCRYPTED, MFAAdapter


def encrypt(apps, schema_editor):
    adapter = MFAAdapter()
    for factor in apps.get_model("mfa", "Authenticator").objects.exclude(type="webauthn"):
        plain = {
            name: factor.data[name]
            for name in ("secret", "seed")
            if name in factor.data and not factor.data[name].startswith(ENCRYPTED)
        }
        if plain:
            factor.data |= {name: adapter.encrypt(value) for name, value in plain.items()}
            factor.save(update_fields=["data"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_invitation_and_token'),
        ('mfa', '0003_authenticator_type_uniq'),
    ]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
