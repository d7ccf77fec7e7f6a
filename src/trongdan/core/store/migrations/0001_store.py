"""Papers of a person's own, who looked at them and what they were used for; results that anyone may check."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("cases", "0010_alike_bounded"), ("people", "0003_vault")]
    operations = [migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0001_store.sql").read_text("utf-8"))]
