"""Reading officials: who holds a post, who is signed in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from trongdan.core.agencies.models import Appointment

from .models import Person


def holder_name(post: str, on: date | None = None) -> str:
    """The name of who holds a post (now, or on a day); empty when nobody does."""
    found = Appointment.objects.filter(post_id=post).order_by("-since")
    if on is not None:
        found = found.filter(since__lte=on)
    row = found.values_list("person", flat=True).first()
    return Person.objects.filter(id=row).values_list("name", flat=True).first() or "" if row else ""


def names_of(people: set[str]) -> dict[str, str]:
    """person id -> name."""
    ids = [UUID(p) for p in people if p]
    return {str(i): n for i, n in Person.objects.filter(id__in=ids).values_list("id", "name")}
