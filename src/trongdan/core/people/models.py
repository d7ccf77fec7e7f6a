"""Officials who sign in. Whom a case is owed to is not here: identities lie apart, under row security (core.cases)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Person(models.Model):
    """An official. Authority comes from appointments to posts (core.agencies), never from this row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="person")
    name = models.CharField(max_length=120)
    demo = models.BooleanField(default=False)

    class Meta:
        db_table = "td_person"

    def __str__(self) -> str:
        return self.name
