"""The bodies of the province read every agency's sums."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("board", "0002_national")]
    operations = [migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0003_counts.sql").read_text("utf-8"))]
