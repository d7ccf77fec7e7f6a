"""The section of letters on one matter within its time, whatever the size of the matter."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_alike_at_once")]
    operations = [migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0010_alike_bounded.sql").read_text("utf-8"))]
