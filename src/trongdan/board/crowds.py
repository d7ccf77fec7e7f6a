"""The warning "many people, one matter": which groups of letters grow, and how. Read inside a scope; the sums are those of the
agencies that the scope answers for, from many people on where it sees no letter of the group itself."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from uuid import UUID

from trongdan.core.cases import alike


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared warning. `many` people, `grows` letters in `recent` days, listed for `window` days."""

    id: str
    name: str
    formula: str
    unit: str
    many: int
    many_basis: str
    grows: int
    recent: int
    window: int
    basis: str


@lru_cache(maxsize=1)
def warning() -> Declared:
    """The declaration in warnings.toml. Raises TypeError when a key lacks or is too many."""
    table = tomllib.loads((files(__package__) / "warnings.toml").read_text("utf-8"))
    return Declared(**next(w for w in table["warning"] if w["id"] == "crowd"))


@dataclass(frozen=True, slots=True)
class Crowd:
    """A group of letters on one matter. `weeks` are (Monday, people of that week, people so far), without gaps; `lately` the
    letters of the declared recent days' weeks; `mine` whether the scope sees a letter of it."""

    group: UUID
    letters: int
    people: int
    lately: int
    weeks: tuple[tuple[date, int, int], ...]
    agencies: tuple[str, ...]
    communes: tuple[str, ...]
    mine: bool
    many: bool
    grows: bool


def crowds(today: date) -> list[Crowd]:
    """The groups to be warned of or watched, growing ones first, then by people."""
    declared = warning()
    since = today - timedelta(days=declared.window)
    by_group: dict[UUID, list[alike.Week]] = {}
    for week in alike.growth(since, declared.many):
        by_group.setdefault(week.group, []).append(week)
    found = [_crowd(weeks, today) for weeks in by_group.values()]
    return sorted((c for c in found if c.letters > 1), key=lambda c: (not c.grows, -c.people, c.group))


def of_group(group: UUID, today: date) -> Crowd | None:
    """One group, if it got a letter within the window."""
    return next((c for c in crowds(today) if c.group == group), None)


def _crowd(weeks: Sequence[alike.Week], today: date) -> Crowd:
    declared = warning()
    first, last = weeks[0].week, max(weeks[-1].week, today - timedelta(days=today.weekday()))
    people = {w.week: w.people for w in weeks}
    days = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    new = [people.get(day, 0) for day in days]
    lately = sum(w.letters for w in weeks if w.week + timedelta(days=6) >= today - timedelta(days=declared.recent))
    total = sum(new)
    return Crowd(weeks[0].group, sum(w.letters for w in weeks), total, lately, tuple(zip(days, new, accumulate(new), strict=True)),
                 tuple(sorted({a for w in weeks for a in w.agencies})), tuple(sorted({c for w in weeks for c in w.communes})),
                 weeks[0].mine, total >= declared.many, lately >= declared.grows)  # fmt: skip
