"""What people said in a place, for a leader before a visit: by subject, by way and by time, with words that a person let go, and
what the place owes. Sums come from the database with small counts left out; read inside a scope that may count the place."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.db import connection

from trongdan.kinds.dialogue import selectors as dialogue
from trongdan.law.periods import Met


@dataclass(frozen=True, slots=True)
class Declared:
    """The declaration in heard.toml; `sources` {id: name}, `kinds` those of them that are kinds of case."""

    least: int
    span: int
    spans: int
    examples: int
    sources: Mapping[str, str]
    kinds: tuple[str, ...]


@lru_cache(maxsize=1)
def declared() -> Declared:
    """Raises KeyError when a key lacks."""
    t = tomllib.loads((files(__package__) / "heard.toml").read_text("utf-8"))
    rows = t["source"]
    return Declared(t["least"], t["span"], t["spans"], t["examples"], {s["id"]: s["name"] for s in rows},
                    tuple(s["id"] for s in rows if s.get("case", True)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """How often; None stands for fewer than may be shown. `change` only where both are known."""

    key: str
    now: int | None
    was: int | None

    @property
    def change(self) -> int | None:
        return None if self.now is None or self.was is None else self.now - self.was

    @property
    def less(self) -> int:
        """By how much it fell, when it did."""
        return max(0, -(self.change or 0))


@dataclass(frozen=True, slots=True)
class Said:
    """Words that a person has read and let go. `source` a source's id or a kind."""

    source: str
    topic: str | None
    words: str
    on: date


@dataclass(frozen=True, slots=True)
class Visit:
    """One page before a visit. `since` the first day of the last span, `before` of the one before; `spans` (first day, last day,
    how many at least), the newest first; `voters` step -> how many; `duty` of this year; `meetings` the last few announced."""

    place: str
    since: date
    before: date
    topics: Sequence[Count]
    sources: Sequence[Count]
    spans: Sequence[tuple[date, date, int | None]]
    examples: Sequence[Said]
    open: int
    late: int
    oldest: date | None
    voters: Mapping[str, int]
    duty: Met
    meetings: Sequence[dialogue.Meeting]


def _rows(query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def may_count(place: str) -> bool:
    """Whether the scope may read the sums of a place: its own agency, or one above."""
    return bool(_rows("SELECT td_hears(%s)", [place])[0][0])


def before_a_visit(place: str, today: date) -> Visit:
    """All that the page says of a place. Inside the scope; empty sums when it may not count the place."""
    d = declared()
    found = _rows("SELECT axis, key, now, was FROM td_heard(%s, %s, %s, %s, %s, %s)",
                  [place, today, d.span, d.spans, list(d.kinds), d.least])  # fmt: skip
    since = today - timedelta(days=d.span - 1)
    year = today - timedelta(days=d.span * d.spans - 1)
    told = {key: now for axis, key, now, _was in found if axis == "span"}
    still, late, oldest = (_rows("SELECT open, late, oldest FROM td_owed_by(%s)", [place]) or [(0, 0, None)])[0]
    words = _rows("SELECT source, topic, words, on_date FROM td_heard_words(%s, %s, %s)", [place, year, d.examples])
    spans = [(since - timedelta(days=d.span * i), today - timedelta(days=d.span * i), told.get(str(i))) for i in range(d.spans)]
    return Visit(
        place, since, since - timedelta(days=d.span),
        [Count(key, now, was) for axis, key, now, was in found if axis == "topic"],
        [Count(d.sources.get(key, key), now, was) for axis, key, now, was in found if axis == "source"], spans,
        [Said(*row) for row in words][: d.examples], still, late, oldest,
        dict(_rows("SELECT step, cases FROM td_voters_in(%s, %s)", [place, year])),
        dialogue.duty_of_year(today.year, [place])[place], dialogue.announced(place, 3),
    )  # fmt: skip


def places(today: date) -> list[Count]:
    """How much was heard in each commune below the scope, the most first. One statement."""
    d = declared()
    return [Count(*row) for row in _rows("SELECT place, now, was FROM td_heard_places(%s, %s, %s, %s)",
                                         [today, d.span, list(d.kinds), d.least])]  # fmt: skip
