"""Devices that work without the network, the references lent to them, and what a person must look at."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("cases", "0006_morning"), ("people", "0003_vault")]
    operations = [migrations.RunSQL((Path(__file__).parent.parent / "sql" / "0001_leases.sql").read_text("utf-8"))]
