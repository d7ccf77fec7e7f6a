"""What was raised at a dialogue goes with its file."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dialogue", "0001_questions")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0002_forgotten.sql").read_text("utf-8"))
    ]
