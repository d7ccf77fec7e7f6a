"""What people said in a place, in sums: by subject, by way, by time; with small counts left out in the database itself."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("board", "0002_national"), ("cases", "0008_after"), ("dialogue", "0001_questions"), ("coordination", "0001_register")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0001_heard.sql").read_text("utf-8"))
    ]
