"""Names are looked for as names."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_choices")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0014_names.sql").read_text("utf-8"))
    ]
