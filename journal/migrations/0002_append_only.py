"""Triggers that refuse UPDATE and DELETE of journal entries, on both databases."""

from django.db import migrations

REFUSAL = "The journal is append-only."


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for action in ("UPDATE", "DELETE"):
            schema_editor.execute(
                f"CREATE TRIGGER journal_refuses_{action.lower()} BEFORE {action} ON journal_entry "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        schema_editor.execute(  # REPLACE deletes without a DELETE trigger
            "CREATE TRIGGER journal_refuses_replace BEFORE INSERT ON journal_entry "
            "WHEN EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.id OR position = NEW.position) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    schema_editor.execute(
        "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    schema_editor.execute(
        "CREATE TRIGGER journal_refuses_change BEFORE UPDATE OR DELETE ON journal_entry "
        "FOR EACH ROW EXECUTE FUNCTION journal_refuse()"
    )
    schema_editor.execute(
        "CREATE TRIGGER journal_refuses_truncate BEFORE TRUNCATE ON journal_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()"
    )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for action in ("UPDATE", "DELETE", "REPLACE"):
            schema_editor.execute(f"DROP TRIGGER journal_refuses_{action.lower()}")
        return
    schema_editor.execute("DROP TRIGGER journal_refuses_change ON journal_entry")
    schema_editor.execute("DROP TRIGGER journal_refuses_truncate ON journal_entry")
    schema_editor.execute("DROP FUNCTION journal_refuse()")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
