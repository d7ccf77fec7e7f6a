"""The answers that an agency gave before, to hold a new one against them. Runs inside a scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from .declaration import papers

MOST = 200  # the newest cases that are looked through


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was answered in another case, all its fields together."""

    case: UUID
    reference: str
    words: str


def earlier(agency: str, kind: str, case: UUID, most: int = MOST) -> list[Earlier]:
    """The newest answers of an agency in cases of a kind that the scope sees. A vault case and a state secret lend nobody
    their words. One statement."""
    fields = sorted({field for paper in papers().values() for field in paper.reply})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.reference, string_agg(t.body, E'\\n' ORDER BY t.field, t.id) FROM (SELECT id, reference FROM td_case "
            "WHERE agency = %s AND kind = %s AND id <> %s AND NOT vault AND secret IS NULL ORDER BY opened_on DESC, id LIMIT %s) "
            "AS c JOIN td_content t ON t.case_id = c.id AND t.field = ANY(%s) AND t.body IS NOT NULL GROUP BY 1, 2 ORDER BY 2",
            [agency, kind, case, most, fields])  # fmt: skip
        return [Earlier(*row) for row in cursor.fetchall()]


def reply_words(form: str, words: dict[str, str]) -> str:
    """What a paper answers in its own words; "" when it is no answer. `words` by field."""
    paper = papers().get(form)
    said: Sequence[str] = [_said(words, field) for field in paper.reply] if paper else ()
    return "\n".join(s for s in said if s)


def _said(words: dict[str, str], place: str) -> str:
    """A field's words; of a place that shows a day as people write it (`…_vi`), that day."""
    if place in words or not place.endswith("_vi"):
        return words.get(place, "")
    day = words.get(place.removesuffix("_vi"), "").split("-")
    return "/".join(reversed(day)) if len(day) == 3 else ""
