"""What an agency's list can be narrowed to, asked of as few cases as will do."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_lent")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0013_choices.sql").read_text("utf-8"))
    ]
