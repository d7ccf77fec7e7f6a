"""Questions of a meeting with signs of a state secret leave the page for leaders."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("listening", "0001_heard")]
    operations = [migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0002_no_secret.sql").read_text("utf-8"))]
