"""A limit that ends in a year without a calendar waits for it: nothing is refused, nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from trongdan.kernel.calendar import Calendar
from trongdan.kernel.clock import Due, NoLimit
from trongdan.kernel.errors import CalendarMissing
from trongdan.kernel.lawbook import NO_CALENDAR, due_or_wait
from trongdan.law import load_law

LAW = load_law()
LATE = date(LAW.calendar.years[-1], 6, 1)  # a year from here has no calendar yet
LONG = "KN-25"  # a year to go to court


def with_next_year() -> Calendar:
    known = LAW.calendar
    return Calendar((*known.years, known.years[-1] + 1), known._notes.values())


def test_a_long_limit_waits_for_the_calendar_of_its_year_instead_of_failing() -> None:
    with pytest.raises(CalendarMissing):
        LAW.due(LONG, LATE)
    waits = due_or_wait(LAW, LONG, LATE)
    assert isinstance(waits, NoLimit)
    assert waits.reason == NO_CALENDAR
    assert waits.basis == LAW.rule(LONG).version_on(LATE).basis


def test_the_limit_is_counted_when_the_calendar_comes() -> None:
    later = replace(LAW, calendar=with_next_year())
    counted = due_or_wait(later, LONG, LATE)
    assert isinstance(counted, Due)
    assert counted.due is not None
    assert counted.due.year == LATE.year + 1


def test_a_start_before_every_calendar_is_an_error_as_ever() -> None:
    with pytest.raises(CalendarMissing):
        due_or_wait(LAW, "TCD-09", date(LAW.calendar.years[0] - 1, 3, 2))
