"""What those above an agency see of it: assessments, and who is late with how much. Never a letter."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_event_v1"), ("agencies", "0001_initial")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0002_from_above.sql").read_text("utf-8"))
    ]
