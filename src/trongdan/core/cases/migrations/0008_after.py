"""What came after an answer, counted apart; what was made public; assessments without the vault."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_alike"), ("people", "0003_vault")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0008_after.sql").read_text("utf-8"))
    ]
