"""Who sees a reception calendar, a place in its queue, and who was there."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("reception", "0001_initial"),
        ("cases", "0004_scope_once"),
        ("agencies", "0001_initial"),
        ("notices", "0002_row_security"),
    ]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0002_row_security.sql").read_text("utf-8"))
    ]
