"""The catalogue of procedures: versions by the date in force, and the imports that brought them. Public reference data;
written by `services.py` alone, under td_job."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class CatalogueImport(models.Model):
    """One import that was applied. Its newest id is the revision of the catalogue that searches are built for."""

    at = models.DateTimeField(auto_now_add=True)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    in_force = models.DateField()
    by = models.CharField(max_length=120)
    demo = models.BooleanField(default=False)  # the demonstration's few; the first real import takes their place
    counts = models.JSONField(default=dict)  # {rows, refused, added, changed, gone, same, notes: {why: procedures}}

    class Meta:
        db_table = "td_catalogue_import"


class ProcedureVersion(models.Model):
    """A procedure as it stands from a day on, to the day before the next version or its end (`until`)."""

    code = models.CharField(max_length=12)
    since = models.DateField()
    until = models.DateField(null=True)
    name = models.TextField()
    field = models.CharField(max_length=300)
    levels = ArrayField(models.CharField(max_length=12))
    digest = models.CharField(max_length=64)  # of the typed body: two imports of the same words are the same version
    body = models.JSONField()  # typed.Procedure.as_body()
    brought_by = models.ForeignKey(CatalogueImport, models.PROTECT, related_name="+")

    class Meta:
        db_table = "td_procedure"
        constraints = (models.UniqueConstraint(fields=["code", "since"], name="td_procedure_once"),)
        indexes = (models.Index(fields=["since", "until"], name="td_procedure_when"),)
