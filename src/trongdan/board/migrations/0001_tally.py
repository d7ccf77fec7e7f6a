"""What registers and statistics count by, and closed periods."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("cases", "0006_morning"), ("people", "0003_vault"), ("agencies", "0001_initial")]
    operations = [migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0001_tally.sql").read_text("utf-8"))]
