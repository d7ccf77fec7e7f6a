"""Calendars: held against the moon, against a package, and against what was announced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.law.lunar import solar
from trongdan.kernel.calendar import HOLIDAY, OFF_SWAP, WORK_SWAP, Calendar, DayNote
from trongdan.kernel.errors import CalendarMissing, LawError
from trongdan.law import load_law
from trongdan.law.loader import load_year
from trongdan.law.periods import tet

LAW = load_law()
CALENDAR = LAW.calendar
YEARS = range(2021, 2028)


def days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def named(year: int, name: str) -> list[date]:
    return [n.day for n in CALENDAR.notes_between(date(year, 1, 1), date(year, 12, 31)) if name in n.name and n.kind == HOLIDAY]


@pytest.mark.parametrize(("day", "known"), [
    ((1, 1, 2021), date(2021, 2, 12)), ((1, 1, 2022), date(2022, 2, 1)), ((1, 1, 2023), date(2023, 1, 22)),
    ((1, 1, 2024), date(2024, 2, 10)), ((1, 1, 2025), date(2025, 1, 29)), ((1, 1, 2026), date(2026, 2, 17)),
    ((1, 1, 2007), date(2007, 2, 17)),  # the year in which Beijing's calendar has the 18th
    ((10, 3, 2023), date(2023, 4, 29)),  # after the leap second month
])  # fmt: skip
def test_the_moon_of_the_tests_gives_the_days_that_are_known(day: tuple[int, int, int], known: date) -> None:
    assert solar(*day) == known


@pytest.mark.parametrize("year", YEARS)
def test_the_lunar_holidays_are_where_the_moon_puts_them(year: int) -> None:
    first = solar(1, 1, year)
    assert tet(CALENDAR, year) == first
    for offset in range(-1, 3):  # the eve and the first three days at least, whatever the five days of a year are
        assert not CALENDAR.is_working(first + timedelta(days=offset))
    assert sum(not CALENDAR.is_working(first + timedelta(days=n)) for n in range(-3, 6)) >= 5, "five days of Tết"
    assert solar(10, 3, year) in named(year, "Giỗ Tổ Hùng Vương")


@pytest.mark.parametrize("year", YEARS)
def test_every_statutory_holiday_of_the_labour_code_is_there_and_named(year: int) -> None:
    fixed = [date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2)]
    fixed += [date(year, 11, 24)] if year >= 2026 else []
    for day in fixed:
        assert not CALENDAR.is_working(day)
        note = CALENDAR.note(day)
        assert note is not None, day
        assert note.kind == HOLIDAY, day
        assert note.source, day
    national = [d for d in named(year, "Quốc khánh") if d.month in (8, 9)]
    assert len(national) >= 2, "two days for the National Day"


@pytest.mark.parametrize("year", YEARS)
def test_each_swapped_day_off_has_a_day_worked_for_it_and_a_decision(year: int) -> None:
    notes = CALENDAR.notes_between(date(year, 1, 1), date(year, 12, 31))
    off, worked = ([n for n in notes if n.kind == kind] for kind in (OFF_SWAP, WORK_SWAP))
    assert len(off) == len(worked)
    assert all(n.day.weekday() >= 5 for n in worked)
    assert all(n.day.weekday() < 5 for n in off)
    assert all(n.source for n in off + worked)


@pytest.mark.parametrize("year", YEARS)
def test_a_holiday_on_a_weekend_is_made_up_for_on_a_working_day(year: int) -> None:
    """Bộ luật Lao động 2019 Đ111 k3: the next working day is off instead."""
    fixed = [date(year, 1, 1), solar(10, 3, year), date(year, 4, 30), date(year, 5, 1)]
    for day in fixed:
        if day.weekday() >= 5:
            near = [d for d in days(day, day + timedelta(days=6)) if d.weekday() < 5 and not CALENDAR.is_working(d)]
            assert near, f"nothing off for {day}"


# Where the calendars say other than the package `holidays`, each with the reason.
ACCEPTED = {
    date(2026, 1, 2): "nghỉ hoán đổi, Thông báo 12729/VPCP-KGVX ngày 25/12/2025; gói không có",
    date(2026, 1, 10): "làm bù cho 02/01/2026, cùng thông báo; gói không có",
    date(2024, 5, 4): "làm bù cho 29/04/2024; gói chỉ ghi ngày nghỉ",
    date(2025, 4, 26): "làm bù cho 02/05/2025; gói chỉ ghi ngày nghỉ",
    date(2026, 8, 22): "làm bù cho 31/08/2026; gói chỉ ghi ngày nghỉ",
}


def test_calendars_agree_with_the_holidays_package_but_for_the_differences_listed() -> None:
    import holidays

    package = holidays.country_holidays("VN", years=YEARS)
    different = {
        day for day in days(date(2021, 1, 1), date(2027, 12, 31))
        if (day.weekday() < 5 and day not in package) != CALENDAR.is_working(day)
    }  # fmt: skip
    assert different == set(ACCEPTED), sorted(different ^ set(ACCEPTED))


def test_a_calendar_knows_its_years_and_no_others() -> None:
    assert CALENDAR.years == tuple(YEARS)
    for outside in (date(2020, 12, 31), date(2028, 1, 1)):
        with pytest.raises(CalendarMissing, match=str(outside.year)):
            CALENDAR.is_working(outside)
    with pytest.raises(ValueError, match="follow one another"):
        Calendar([2024, 2026], [])


def test_a_new_holiday_gives_the_calendar_another_version_and_the_same_days_the_same() -> None:
    notes = CALENDAR.notes()
    assert Calendar(YEARS, notes).version == CALENDAR.version
    more = DayNote(date(2026, 7, 20), HOLIDAY, "Ngày nghỉ mới", "QĐ 1/QĐ-TTg", verified=True)
    assert Calendar(YEARS, [*notes, more]).version != CALENDAR.version


@pytest.mark.parametrize(("change", "key"), [
    (('day = 2026-01-01', 'day = 2025-01-01'), "2025-01-01"), (('kind = "holiday"', 'kind = "feast"'), "2026-01-01"),
    (('source = "X"', 'source = ""'), "2026-01-01.source"), (('name = "T"', 'nam = "T"'), "2026-01-01"),
])  # fmt: skip
def test_a_year_that_does_not_hold_together_is_refused(change: tuple[str, str], key: str) -> None:
    text = 'year = 2026\n[[day]]\nday = 2026-01-01\nkind = "holiday"\nname = "T"\nsource = "X"\n'
    assert load_year(text, "x.toml")[0] == 2026
    with pytest.raises(LawError) as caught:
        load_year(text.replace(*change), "x.toml")
    assert caught.value.key == key


def test_a_province_adds_a_day_of_its_own_in_its_local_file(tmp_path: Path) -> None:
    local = tmp_path / "tinh.toml"
    local.write_text('[[day]]\nday = 2026-07-20\nname = "Nghỉ do bão"\nsource = "Công điện 1/CĐ-UBND"\n', "utf-8")
    law = load_law(local)
    assert not law.calendar.is_working(date(2026, 7, 20))
    assert law.calendar.rest_reason(date(2026, 7, 20)) == "Nghỉ do bão"
    assert law.calendar.version != CALENDAR.version
