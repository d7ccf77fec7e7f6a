"""A number for who stood at the door while there was no network, told when the day is over."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reception", "0004_released")]
    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0005_told_afterwards.sql").read_text("utf-8"))
    ]
