"""The laws every count keeps, whatever the rule, the day and the pauses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from trongdan.kernel.clock import VIETNAM, Due, Pause, Rule, RuleVersion, Unit, due, merge
from trongdan.kernel.errors import CalendarMissing, Refusal
from trongdan.law import load_law

LAW = load_law()
CALENDAR = LAW.calendar
ONE = timedelta(days=1)
DAYS = st.dates(date(2021, 3, 1), date(2026, 12, 31))
ANY_DAY = st.dates(date(2020, 1, 1), date(2028, 12, 31))
FIRST = datetime(2020, 12, 30, tzinfo=VIETNAM)
INSTANTS = st.integers(0, 7 * 366 * 24 * 3600).map(lambda seconds: FIRST + timedelta(seconds=seconds))
COUNTABLE = sorted({v.id: (r, v) for r in LAW.rules.values() for v in r.versions if v.unit.countable and v.value}.items())
FORWARD = [pair for _, pair in COUNTABLE if not pair[1].backwards]


@st.composite
def pauses(draw: st.DrawFn, most: int = 4) -> list[Pause]:
    """Pauses that nest, touch, overlap, are empty, or still last."""
    out = []
    for _ in range(draw(st.integers(0, most))):
        start = draw(DAYS)
        length = draw(st.integers(-2, 40))
        out.append(Pause(start, None if draw(st.integers(0, 9)) == 0 else start + timedelta(days=length)))
    return out


def alone(rule: Rule, version: RuleVersion, **changes: object) -> Rule:
    """A rule with this version alone, in force always."""
    free = replace(version, effective_from=date.min, effective_to=None, **changes)  # type: ignore[arg-type]
    return replace(rule, versions=(free,))


def last(rule: Rule, start: date, variant: str | None = None, stops: list[Pause] | None = None) -> date:
    found = due(rule, start, CALENDAR, variant, stops or ())
    assert isinstance(found, Due)
    assert found.due is not None
    return found.due


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(sorted(LAW.rules)), st.one_of(ANY_DAY, INSTANTS), pauses(), st.integers(0, 3), st.data())
def test_due_is_total(rule: str, start: date | datetime, stops: list[Pause], extended: int, data: st.DataObject) -> None:
    """Any start, at night, on a holiday, on the last day of a year: an answer, or a refusal that says why; nothing else."""
    names = sorted({n for v in LAW.rules[rule].versions for n in v.variants})
    variant = data.draw(st.sampled_from([None, *names]))
    try:
        found = LAW.due(rule, start, variant, stops, extended)
    except (CalendarMissing, Refusal):
        return
    if isinstance(found, Due):
        assert (found.due is None) == (found.days_left is not None)
        assert found.days_left is None or found.days_left >= 0
        assert all(s.vi and s.en for s in found.steps())
        assert found.steps()[0].day == found.version_from


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(FORWARD), DAYS, pauses())
def test_where_the_rule_moves_off_rest_days_the_last_day_is_worked_and_never_before_the_start(
    pair: tuple[Rule, RuleVersion], start: date, stops: list[Pause]
) -> None:
    rule, version = pair
    try:
        found = due(alone(rule, version), start, CALENDAR, None, stops)
    except CalendarMissing:
        return
    assert isinstance(found, Due)
    if found.due is not None:
        assert found.due >= start
        assert not version.roll or version.unit is Unit.HOUR or CALENDAR.is_working(found.due)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([pair for _, pair in COUNTABLE]), DAYS, st.integers(0, 60))
def test_a_later_start_never_ends_earlier(pair: tuple[Rule, RuleVersion], start: date, more: int) -> None:
    rule = alone(*pair)
    try:
        assert last(rule, start) <= last(rule, start + timedelta(days=more))
    except CalendarMissing:
        reject()


@settings(max_examples=300, deadline=None)
@given(DAYS, st.integers(0, 29), st.integers(1, 60), st.booleans())
def test_a_pause_of_n_days_moves_a_calendar_limit_by_n(start: date, after: int, n: int, rolls: bool) -> None:
    rule, version = next(pair for pair in FORWARD if pair[1].id == "KN-03")
    flat = alone(rule, version, roll=False, suspends_from=None)
    begin = start + timedelta(days=1 + after)
    stop = Pause(begin, begin + timedelta(days=n))
    moved = last(flat, start, None, [stop])
    assert moved - last(flat, start) == timedelta(days=n)
    if rolls:
        assert last(alone(rule, version, suspends_from=None), start, None, [stop]) == CALENDAR.next_working(moved)


@settings(max_examples=300, deadline=None)
@given(DAYS, st.integers(0, 20), st.integers(1, 40))
def test_a_pause_moves_a_working_day_limit_by_the_working_days_in_it(start: date, after: int, n: int) -> None:
    rule, version = next(pair for pair in FORWARD if pair[1].id == "TCD-10")
    flat = alone(rule, version)
    begin = start + timedelta(days=1 + after)
    plain = last(flat, start)
    assume(begin <= plain)
    end = begin + timedelta(days=n)
    moved = last(flat, start, None, [Pause(begin, end)])
    assert CALENDAR.count_working(plain, moved) == CALENDAR.count_working(begin - ONE, end - ONE)


@given(DAYS, pauses(6))
def test_pauses_merge_to_the_days_they_cover_however_they_lie(start: date, stops: list[Pause]) -> None:
    spans, open_since = merge(stops, start)
    covered = {start + timedelta(days=n) for n in range(1, 3000)} & {
        day for p in stops for day in _days(p.start, p.end or date(2028, 1, 1))
    }  # fmt: skip
    got = {day for a, b in spans for day in _days(a, b)} | (set(_days(open_since, date(2028, 1, 1))) if open_since else set())
    assert {d for d in got if d < date(2028, 1, 1)} == covered
    assert all(a < b for a, b in spans)
    assert all(spans[i][1] < spans[i + 1][0] for i in range(len(spans) - 1)), "apart and in order"
    assert open_since is None or all(b <= open_since for _, b in spans)


def _days(first: date, end: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((end - first).days)]


@settings(max_examples=200, deadline=None)
@given(DAYS, pauses(4), st.randoms())
def test_the_order_and_the_cutting_of_pauses_change_nothing(start: date, stops: list[Pause], rnd: object) -> None:
    rule, version = next(pair for pair in FORWARD if pair[1].id == "KN-04")
    flat = alone(rule, version, suspends_from=None)
    closed = [p for p in stops if p.end is not None and p.end > p.start]
    halves = [q for p in closed for q in _cut(p)]
    try:
        whole = due(flat, start, CALENDAR, None, closed)
        assert whole == due(flat, start, CALENDAR, None, list(reversed(closed)))
        assert whole == due(flat, start, CALENDAR, None, halves)
    except CalendarMissing:
        reject()


def _cut(p: Pause) -> list[Pause]:
    assert p.end is not None
    middle = p.start + (p.end - p.start) // 2
    return [Pause(p.start, middle), Pause(middle, p.end)]


@given(DAYS, st.integers(1, 60), st.integers(1, 60))
def test_counting_in_two_parts_is_counting_at_once(day: date, a: int, b: int) -> None:
    assert CALENDAR.add_working(day, a + b) == CALENDAR.add_working(CALENDAR.add_working(day, a), b)
    assert CALENDAR.count_working(day, CALENDAR.add_working(day, a)) == a
    assert CALENDAR.add_working(day, 0) == day


@given(DAYS, st.integers(1, 60))
def test_backwards_undoes_forwards_from_a_working_day(day: date, n: int) -> None:
    worked = CALENDAR.next_working(day)
    assert CALENDAR.add_working(CALENDAR.add_working(worked, n), -n) == worked
    assert CALENDAR.add_working(CALENDAR.add_working(worked, -n), n) == worked if worked > date(2021, 7, 1) else True


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([pair for _, pair in COUNTABLE if pair[1].backwards]), DAYS)
def test_a_backward_limit_is_the_latest_day_that_leaves_enough(pair: tuple[Rule, RuleVersion], day: date) -> None:
    """"at least 5 working days before": done on that day it is enough, done on the day after it is not."""
    rule, version = pair
    assume(day >= date(2022, 1, 1))
    done = last(alone(rule, version), day)
    assert version.value is not None

    def between(a: date) -> int:
        return CALENDAR.count_working(a - ONE, day - ONE) if version.unit is Unit.WORKING_DAY else (day - a).days

    assert between(done) >= version.value
    assert between(done + ONE) < version.value


@given(DAYS, st.integers(1, 24))
def test_months_keep_the_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    rule, version = next(pair for pair in FORWARD if pair[1].unit is Unit.MONTH)
    try:
        end = last(alone(rule, version, value=months, roll=False), day)
    except CalendarMissing:
        return
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert end.day == day.day or (end.day < day.day and (end + ONE).day == 1)


@pytest.mark.parametrize("start", [date(2025, 12, 31), date(2026, 2, 16), date(2026, 9, 2), date(2026, 8, 22), date(2024, 2, 29)])
def test_a_start_on_the_last_day_of_the_year_on_tet_on_a_holiday_or_a_leap_day_is_a_start_like_any(start: date) -> None:
    for rule, version in FORWARD:
        assert last(alone(rule, version), start) > start
