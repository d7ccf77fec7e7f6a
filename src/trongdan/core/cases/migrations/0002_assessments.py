"""Reading what people thought of how their matter was handled: by the superior first, by the rated in sums."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_event_v1"), ("agencies", "0001_initial")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0002_assessments.sql").read_text("utf-8"))
    ]
