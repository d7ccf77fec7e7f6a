"""What became of the points of conclusions, in sums."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reception", "0002_row_security"), ("cases", "0008_after")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0003_promises.sql").read_text("utf-8"))
    ]
