"""The vault: tables and a policy of its own, and its one way in."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0002_open_tables"), ("cases", "0004_scope_once"), ("papers", "0001_files_and_books")]
    operations = [migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0003_vault.sql").read_text("utf-8"))]
