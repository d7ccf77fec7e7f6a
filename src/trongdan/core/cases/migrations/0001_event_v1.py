"""Event v1, read columns, content and identity apart, scope and roles: in SQL, since Django has no words for them."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0001_event_v1.sql").read_text("utf-8"))
    ]
