"""The Front's sample, its call list, its answers."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("cases", "0008_after"), ("agencies", "0001_initial")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0001_sample.sql").read_text("utf-8"))
    ]
