"""Duties per period, and days around which the law forbids."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trongdan.kernel.errors import CalendarMissing, Refusal
from trongdan.law import load_law
from trongdan.law.periods import forbidden_around_tet, met, per_of, period_of, tet

LAW = load_law()
DAYS = st.dates(date(2021, 1, 1), date(2027, 12, 31))


def test_the_commune_chair_owes_two_days_in_july_2026_and_one_is_not_enough() -> None:
    rule, july = LAW.rule("TCD-02"), period_of("month", date(2026, 7, 15))
    once = met(rule, july, [date(2026, 7, 2), date(2026, 7, 2), date(2026, 8, 6)])
    assert (once.met, once.missing, once.counted) == (False, 1, (date(2026, 7, 2),))
    assert met(rule, july, [date(2026, 7, 2), date(2026, 7, 16)]).met


def test_before_july_2026_it_was_one_day_each_week() -> None:
    rule = LAW.rule("TCD-01")
    week = period_of("week", date(2026, 6, 10))
    assert (week.first, week.last) == (date(2026, 6, 8), date(2026, 6, 14))
    assert met(rule, week, [date(2026, 6, 11)]).met
    assert not met(rule, week, [date(2026, 6, 15)]).met


def test_a_duty_that_ended_or_began_inside_a_period_obliges_when_half_of_it_lies_under_it() -> None:
    weekly, monthly = LAW.rule("TCD-01"), LAW.rule("TCD-02")
    crossing = met(weekly, period_of("week", date(2026, 7, 1)), [])
    assert crossing.version is None, "two of seven days"
    assert crossing.met, "what does not oblige is not missed"
    assert met(monthly, period_of("month", date(2026, 6, 20)), []).version is None
    assert met(LAW.rule("DT-01"), period_of("year", date(2025, 9, 1)), []).needed == 1, "184 of 365 days"


def test_a_version_that_only_cites_another_basis_obliges_in_its_month() -> None:
    november = met(LAW.rule("TCD-08"), period_of("month", date(2025, 11, 5)), [])
    assert november.version is not None
    assert (november.version.id, november.needed) == ("TCD-08a", 2)


@given(DAYS, st.lists(DAYS, max_size=12))
def test_only_distinct_days_of_the_period_count(day: date, facts: list[date]) -> None:
    period = period_of("month", day)
    found = met(LAW.rule("TCD-03"), period, facts)
    assert found.counted == tuple(sorted({d for d in facts if (d.year, d.month) == (day.year, day.month)}))
    assert found.met == (len(found.counted) >= 1)
    assert found.missing == max(0, found.needed - len(found.counted))


@given(DAYS, st.sampled_from(["week", "month", "year"]))
def test_periods_hold_their_day_and_follow_one_another(day: date, per: str) -> None:
    period = period_of(per, day)
    assert period.first <= day <= period.last
    assert period_of(per, period.last + timedelta(days=1)).first == period.last + timedelta(days=1)


def test_a_deadline_is_no_duty_of_a_period() -> None:
    with pytest.raises(Refusal, match="không phải nghĩa vụ theo kỳ"):
        per_of(LAW.rule("KN-03").versions[0])
    with pytest.raises(ValueError, match="no such period"):
        period_of("decade", date(2026, 1, 1))


def test_no_coercion_fifteen_days_before_and_after_tet() -> None:
    assert forbidden_around_tet(LAW.rule("DD-11"), LAW.calendar, 2026) == (date(2026, 2, 2), date(2026, 3, 4))
    with pytest.raises(Refusal, match="không phải khoảng thời gian"):
        forbidden_around_tet(LAW.rule("KN-03"), LAW.calendar, 2026)
    with pytest.raises(CalendarMissing):
        tet(LAW.calendar, 2028)
