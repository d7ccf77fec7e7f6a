"""Working days: weekends, holidays, swapped and made-up days, each with the decision behind it.

A calendar is a value built from tables; a year without one is an error, never a silent Monday to Friday (design 5).
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .errors import CalendarMissing

HOLIDAY, OFF_SWAP, WORK_SWAP, LOCAL = "holiday", "off_swap", "work_swap", "local"
NOTE_KINDS = frozenset({HOLIDAY, OFF_SWAP, WORK_SWAP, LOCAL})
WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class DayNote:
    """A day that differs from its weekday. `source` is the decision or law that makes it so."""

    day: date
    kind: str
    name: str
    source: str
    verified: bool
    name_en: str = ""


class Calendar:
    """The working days of a run of years. Lookups are bisections over precomputed ordinals."""

    def __init__(self, years: Iterable[int], notes: Iterable[DayNote]):
        self.years = tuple(sorted(set(years)))
        if not self.years or self.years != tuple(range(self.years[0], self.years[-1] + 1)):
            raise ValueError("the years of a calendar must follow one another")
        self._notes: Mapping[date, DayNote] = {note.day: note for note in notes}
        self._first, self._last = date(self.years[0], 1, 1), date(self.years[-1], 12, 31)
        span = (self._last - self._first).days + 1
        days = [self._first + timedelta(days=i) for i in range(span)]
        self._working = [d.toordinal() for d in days if self._works(d)]
        self._rest = [d.toordinal() for d in days if not self._works(d)]
        self._noted = sorted(self._notes)
        self.version = self._fingerprint()

    def _fingerprint(self) -> str:
        lines = [f"{n.day}|{n.kind}" for n in sorted(self._notes.values(), key=lambda n: n.day)]
        text = f"{self.years[0]}-{self.years[-1]}\n" + "\n".join(lines)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def _works(self, day: date) -> bool:
        note = self._notes.get(day)
        return note.kind == WORK_SWAP if note is not None else day.weekday() < 5

    def _check(self, day: date) -> int:
        if not self.covers(day):
            raise CalendarMissing(day.year)
        return day.toordinal()

    def covers(self, day: date) -> bool:
        return self._first <= day <= self._last

    def is_working(self, day: date) -> bool:
        self._check(day)
        return self._works(day)

    def note(self, day: date) -> DayNote | None:
        self._check(day)
        return self._notes.get(day)

    def rest_reason(self, day: date, english: bool = False) -> str | None:
        """Why a day is a day of rest, by name; None when it is worked."""
        if self.is_working(day):
            return None
        note = self._notes.get(day)
        if note is not None:
            return (note.name_en or note.name) if english else note.name
        return (WEEKDAYS_EN if english else WEEKDAYS_VI)[day.weekday()]

    def next_working(self, day: date) -> date:
        """The day itself when it is worked, else the first worked day after it."""
        index = bisect_left(self._working, self._check(day))
        if index == len(self._working):
            raise CalendarMissing(self.years[-1] + 1)
        return date.fromordinal(self._working[index])

    def add_working(self, day: date, n: int) -> date:
        """The n-th working day after `day` (before it when n is negative); `day` itself is never counted.

        With n = 0 it is `day` itself. Raises CalendarMissing beyond the known years."""
        ordinal = self._check(day)
        if n == 0:
            return day
        index = bisect_right(self._working, ordinal) + n - 1 if n > 0 else bisect_left(self._working, ordinal) + n
        if index < 0:
            raise CalendarMissing(self.years[0] - 1)
        if index >= len(self._working):
            raise CalendarMissing(self.years[-1] + 1)
        return date.fromordinal(self._working[index])

    def count_working(self, after: date, until: date) -> int:
        """How many working days lie in (after, until]; negative when until is before after."""
        a, b = self._check(after), self._check(until)
        return bisect_right(self._working, b) - bisect_right(self._working, a)

    def rest_between(self, first: date, last: date) -> list[date]:
        """The days of rest in [first, last], in order. Raises CalendarMissing."""
        a, b = bisect_left(self._rest, self._check(first)), bisect_right(self._rest, self._check(last))
        return [date.fromordinal(day) for day in self._rest[a:b]]

    def notes_between(self, first: date, last: date) -> list[DayNote]:
        """The noted days in [first, last], in order: what a derivation names."""
        return [self._notes[d] for d in self._noted[bisect_left(self._noted, first):bisect_right(self._noted, last)]]

    def notes(self) -> list[DayNote]:
        """Every noted day, in order."""
        return [self._notes[day] for day in self._noted]
