"""How long a procedure really took, for how many people: from dossiers that got their result. Sums only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

LEAST = 5  # people: below it a figure could point at somebody


@dataclass(frozen=True, slots=True)
class Took:
    """Days from receipt to result in the last twelve months: half of the people waited no longer than `median`, nine of ten
    no longer than `most`."""

    people: int
    median: float
    most: float


def took(code: str) -> Took | None:
    """None below five people. One statement; runs outside any scope, by a definer function that gives sums alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people, median, most FROM td_procedure_took(%s)", [code])
        row = cursor.fetchone()
    return Took(int(row[0]), float(row[1]), float(row[2])) if row and row[0] >= LEAST else None
