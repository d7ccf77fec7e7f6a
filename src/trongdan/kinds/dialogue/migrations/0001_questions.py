"""Questions for a dialogue, their supports, and what the public sees of meetings."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_morning")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0001_questions.sql").read_text("utf-8"))
    ]
