"""The figures of a report in one walk of the tally."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("board", "0003_counts"), ("cases", "0009_alike_at_once")]
    operations = [migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0004_report_once.sql").read_text("utf-8"))]
