"""What of each case the national database has."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("board", "0001_tally")]
    operations = [migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0002_national.sql").read_text("utf-8"))]
