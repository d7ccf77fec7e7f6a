"""Rights on the tables that are used outside any scope: the allow-list of open_tables, nothing else."""

from django.db import migrations

from trongdan.core.people.open_tables import grant_statements


def grant(apps, editor):
    with editor.connection.cursor() as cursor:
        existing = set(editor.connection.introspection.table_names(cursor))
        for statement in grant_statements(existing):
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("cases", "0001_event_v1"),
        ("agencies", "0001_initial"),
        ("papers", "0001_files_and_books"),
        ("sessions", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("otp_totp", "0003_add_timestamps"),
        ("otp_static", "0003_add_timestamps"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
