"""Row security reads the scope once a statement, not once a row."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_search_in_scope")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0004_scope_once.sql").read_text("utf-8"))
    ]
