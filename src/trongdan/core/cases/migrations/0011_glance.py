"""Looking at a case that is not one's own, for a day, beside an event that says why."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_alike_bounded")]
    operations = [migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0011_glance.sql").read_text("utf-8"))]
