"""Search that walks the newest cases of a scope first."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_scope_once")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0005_newest_first.sql").read_text("utf-8"))
    ]
