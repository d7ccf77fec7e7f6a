"""Moved days counted, and figures of conclusions disclosed in stages."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reception", "0003_promises")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0004_released.sql").read_text("utf-8"))
    ]
