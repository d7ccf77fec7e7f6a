"""The catalogue of procedures. Public reference data: open to reading without a scope (core/people/open_tables.py)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("people", "0002_open_tables")]
    operations = [
        migrations.CreateModel(
            name="CatalogueImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("file", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("in_force", models.DateField()),
                ("by", models.CharField(max_length=120)),
                ("demo", models.BooleanField(default=False)),
                ("counts", models.JSONField(default=dict)),
            ],
            options={"db_table": "td_catalogue_import"},
        ),
        migrations.CreateModel(
            name="ProcedureVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("name", models.TextField()),
                ("field", models.CharField(max_length=300)),
                ("levels", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None)),
                ("digest", models.CharField(max_length=64)),
                ("body", models.JSONField()),
                ("brought_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="procedures.catalogueimport")),
            ],
            options={
                "db_table": "td_procedure",
                "indexes": [models.Index(fields=["since", "until"], name="td_procedure_when")],
                "constraints": [models.UniqueConstraint(fields=("code", "since"), name="td_procedure_once")],
            },
        ),
    ]
