"""The lists and numbers of a morning: in order, and counted at once."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_newest_first")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0006_morning.sql").read_text("utf-8"))
    ]
