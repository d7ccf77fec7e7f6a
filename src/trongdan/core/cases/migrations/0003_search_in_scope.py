"""Search inside a narrow scope: who may see a case lies in the index beside its words."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_from_above")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0003_search_in_scope.sql").read_text("utf-8"))
    ]
