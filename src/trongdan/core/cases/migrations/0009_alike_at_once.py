"""What is asked of letters on one matter, for all of them at once."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_after")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0009_alike_at_once.sql").read_text("utf-8"))
    ]
