"""Triggers that refuse UPDATE and DELETE of a published version, on both databases.

SQLite loses the triggers of a table that a later migration makes anew (Django does so for most changes of a table): such
a migration installs them again, and tests/policies/test_models.py notices when one forgets.
"""

from django.db import migrations

REFUSAL = "A published version of the policy never changes."
TABLE = "policies_policyversion"
PUBLISHED = "OLD.state = 'published'"


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        # REPLACE deletes without a DELETE trigger: of an INSERT, and of an UPDATE that takes another's id or number
        taken = f"EXISTS (SELECT 1 FROM {TABLE} WHERE state = 'published' AND (id = NEW.id OR number = NEW.number)"
        for action, condition in (
            ("UPDATE", f"{PUBLISHED} OR {taken} AND id <> OLD.id)"),
            ("DELETE", PUBLISHED),
            ("INSERT", f"{taken})"),
        ):
            schema_editor.execute(
                f"CREATE TRIGGER policy_refuses_{action.lower()} BEFORE {action} ON {TABLE} "
                f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    schema_editor.execute(
        "CREATE FUNCTION policy_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    schema_editor.execute(
        f"CREATE TRIGGER policy_refuses_change BEFORE UPDATE OR DELETE ON {TABLE} "
        f"FOR EACH ROW WHEN ({PUBLISHED}) EXECUTE FUNCTION policy_refuse()"
    )
    schema_editor.execute(
        f"CREATE TRIGGER policy_refuses_truncate BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION policy_refuse()"
    )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for action in ("UPDATE", "DELETE", "INSERT"):
            schema_editor.execute(f"DROP TRIGGER policy_refuses_{action.lower()}")
        return
    schema_editor.execute(f"DROP TRIGGER policy_refuses_change ON {TABLE}")
    schema_editor.execute(f"DROP TRIGGER policy_refuses_truncate ON {TABLE}")
    schema_editor.execute("DROP FUNCTION policy_refuse()")


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial"), ("journal", "0002_append_only")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
