"""Letters about one matter: signatures, groups, repeats."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_morning"), ("people", "0003_vault")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0007_alike.sql").read_text("utf-8"))
    ]
