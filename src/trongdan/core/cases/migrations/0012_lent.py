"""Steps at other agencies: whose hands a case is in, found there at once."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_glance")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0012_lent.sql").read_text("utf-8"))
    ]
