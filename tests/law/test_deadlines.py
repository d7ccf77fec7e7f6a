"""Deadlines: the law's own examples, the laws that every count keeps, and calendars held against a package."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trongdan.kernel.clock import Due, NoLimit, Pause, Unit, due
from trongdan.kernel.errors import CalendarMissing, LawError, Refusal
from trongdan.law import load_law
from trongdan.law.loader import load_rules

LAW = load_law()
DAYS = st.dates(date(2021, 3, 1), date(2026, 12, 31))


def result(rule: str, start: str, variant: str | None = None, *pauses: Pause) -> Due:
    found = LAW.due(rule, date.fromisoformat(start), variant, pauses)
    assert isinstance(found, Due)
    return found


@pytest.mark.parametrize(("rule", "start", "variant", "last", "sentence"), [
    ("KN-02", "2026-06-30", None, "2026-07-10", "10 ngày, kể từ ngày nhận được khiếu nại (Luật Khiếu nại Đ27)"),
    ("KN-02", "2026-07-06", None, "2026-07-15", "07 ngày làm việc, kể từ ngày nhận được (NĐ 155/2026 Đ10)"),
    ("KN-02", "2026-08-28", None, "2026-09-11", "qua 31/08 hoán đổi, 01–02/09 Quốc khánh"),
    ("KN-03", "2026-07-13", None, "2026-08-12", "không quá 30 ngày, kể từ ngày thụ lý (Đ28)"),
    ("KN-03", "2026-07-13", "complex", "2026-08-27", "phức tạp: không quá 45 ngày"),
    ("KN-03", "2026-07-13", "remote", "2026-08-27", "vùng sâu, vùng xa: không quá 45 ngày"),
    ("KN-03", "2026-07-13", "remote_complex", "2026-09-11", "vùng sâu, phức tạp: không quá 60 ngày"),
    ("KN-01", "2026-06-15", None, "2026-09-14", "90 ngày; 13/09/2026 là Chủ nhật"),
    ("KN-05", "2026-08-18", "remote", "2026-10-02", "vùng sâu: không quá 45 ngày (Đ33)"),
    ("KN-06", "2026-08-28", None, "2026-09-07", "03 ngày làm việc (Đ32)"),
    ("TCD-10", "2026-01-05", None, "2026-01-16", "10 ngày làm việc; thứ Bảy 10/01/2026 làm bù"),
    ("XLD-01", "2026-08-05", None, "2026-08-17", "10 ngày; 15/08/2026 là thứ Bảy"),
    ("TCD-16", "2026-08-05", None, "2026-09-21", "45 ngày, kể từ ngày tiếp nhận (NĐ 154/2026 Đ41)"),
    ("KN-03", "2026-01-16", None, "2026-02-23", "15/02/2026 Chủ nhật, Tết 16–20/02, cuối tuần 21–22/02"),
])  # fmt: skip
def test_a_worked_example_ends_on_the_day_the_law_says(rule: str, start: str, variant: str | None, last: str, sentence: str) -> None:
    assert result(rule, start, variant).due == date.fromisoformat(last), sentence


def test_the_swapped_saturday_is_worked_and_the_swapped_friday_is_not() -> None:
    assert LAW.calendar.is_working(date(2026, 1, 10))
    assert not LAW.calendar.is_working(date(2026, 1, 2))


def test_a_suspension_of_ten_days_moves_the_limit_by_ten_and_names_them() -> None:
    pause = Pause(date(2026, 7, 20), date(2026, 7, 30))
    found = result("KN-03", "2026-07-13", None, pause)
    assert found.due == date(2026, 8, 22), "a Saturday that is worked"
    assert any("tạm dừng từ 20/07/2026 đến hết 29/07/2026 (10 ngày)" in s.vi for s in found.steps())


def test_while_paused_there_is_no_last_day_but_what_is_left() -> None:
    found = result("KN-03", "2026-07-13", None, Pause(date(2026, 7, 20), None))
    assert (found.due, found.days_left) == (None, 24)


def test_the_cautious_date_stands_beside_the_due_one() -> None:
    assert result("KN-02", "2026-08-28").caution_due == date(2026, 9, 7)


def test_the_derivation_names_each_rest_day_in_both_languages() -> None:
    steps = result("KN-02", "2026-08-28").steps()
    assert any("Quốc khánh" in s.vi for s in steps)
    assert any("Independence Day" in s.en or "National Day" in s.en for s in steps)
    assert "NĐ 155/2026" in steps[0].vi


def test_a_rule_without_a_number_says_so_with_its_reason() -> None:
    found = LAW.due("PAKN-02", date(2026, 8, 5))
    assert isinstance(found, NoLimit)
    assert "không quy định số ngày" in found.reason


def test_a_year_without_a_calendar_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(CalendarMissing, match="2028"):
        LAW.due("KN-01", date(2027, 12, 1))


def test_a_day_before_the_rule_was_in_force_and_an_unknown_variant_are_refused() -> None:
    with pytest.raises(Refusal, match="chưa có hoặc không còn hiệu lực"):
        LAW.rule("TCD-16").version_on(date(2026, 6, 30))
    with pytest.raises(Refusal, match="không có trường hợp"):
        LAW.due("KN-06", date(2026, 8, 5), "complex")


def test_a_letter_at_night_in_another_zone_counts_from_the_day_in_vietnam() -> None:
    night = datetime(2026, 8, 4, 18, 30, tzinfo=UTC)
    assert LAW.due("XLD-01", night) == LAW.due("XLD-01", date(2026, 8, 5))


def test_all_ninety_rules_are_here_each_with_a_mark_of_where_it_was_read() -> None:
    versions = [v for r in LAW.rules.values() for v in r.versions if not v.local]
    assert len(versions) == 90
    assert {v.source.verified for v in versions} == {"primary", "secondary", "unread"}
    assert all(v.source.where for v in versions if v.source.verified != "unread")
    assert [r for r, v in ((r.id, v) for r in LAW.rules.values() for v in r.versions) if v.local] == ["PT-KNPA-01"]


COUNTABLE = sorted(r.id for r in LAW.rules.values() for v in r.versions if v.value and v.unit.countable and not v.backwards)
PAUSES = st.lists(st.builds(lambda a, n: Pause(a, a + timedelta(days=n)), DAYS, st.integers(0, 40)), max_size=4)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(COUNTABLE), DAYS, PAUSES)
def test_due_is_total_and_never_ends_on_a_rest_day_where_the_rule_rolls(rule: str, start: date, pauses: list[Pause]) -> None:
    try:
        found = LAW.due(rule, start, None, pauses)
    except (CalendarMissing, Refusal):
        return
    if isinstance(found, Due) and found.due is not None:
        version = LAW.rule(rule).version_on(start)
        assert found.due >= start
        assert not version.roll or version.unit is Unit.HOUR or LAW.calendar.is_working(found.due)
        assert found.steps()[0].vi


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["KN-03", "KN-06", "TCD-10"]), DAYS, st.integers(0, 30))
def test_a_later_start_never_ends_earlier(rule: str, start: date, more: int) -> None:
    a, b = LAW.due(rule, start), LAW.due(rule, start + timedelta(days=more))
    assert isinstance(a, Due)
    assert isinstance(b, Due)
    assert a.due <= b.due  # type: ignore[operator]


@given(DAYS, st.integers(1, 60), st.integers(1, 60))
def test_counting_in_two_parts_is_counting_at_once_and_backwards_undoes_it(day: date, a: int, b: int) -> None:
    calendar = LAW.calendar
    assert calendar.add_working(day, a + b) == calendar.add_working(calendar.add_working(day, a), b)
    worked = calendar.next_working(day)
    assert calendar.add_working(calendar.add_working(worked, a), -a) == worked
    assert calendar.count_working(day, calendar.add_working(day, a)) == a


@given(DAYS, st.integers(0, 20), st.integers(1, 30))
def test_a_pause_of_n_days_moves_a_calendar_limit_by_n(start: date, after: int, n: int) -> None:
    rule = LAW.rule("KN-03")
    begin = start + timedelta(days=1 + after)
    from dataclasses import replace

    flat = replace(rule, versions=(replace(rule.versions[0], roll=False),))
    plain = due(flat, start, LAW.calendar)
    paused = due(flat, start, LAW.calendar, pauses=[Pause(begin, begin + timedelta(days=n))])
    assert isinstance(plain, Due)
    assert isinstance(paused, Due)
    assert (paused.due - plain.due).days == n  # type: ignore[operator]


# What the announcements say and the package does not (shared/data/holidays_official_check.csv).
ACCEPTED = {
    date(2026, 1, 2): "nghỉ hoán đổi, Thông báo 12729/VPCP-KGVX; gói không có",
    date(2026, 1, 10): "làm bù cho 02/01/2026; gói không có",
    date(2024, 5, 4): "làm bù cho 29/04/2024; gói chỉ ghi ngày nghỉ",
    date(2025, 4, 26): "làm bù cho 02/05/2025; gói chỉ ghi ngày nghỉ",
    date(2026, 8, 22): "làm bù cho 31/08/2026; gói chỉ ghi ngày nghỉ",
}


def test_calendars_agree_with_the_holidays_package_but_for_the_differences_listed() -> None:
    import holidays

    package = holidays.country_holidays("VN", years=range(2022, 2028))
    day, different = date(2022, 1, 1), set()
    while day.year < 2028:
        theirs = day.weekday() < 5 and day not in package
        if theirs != LAW.calendar.is_working(day):
            different.add(day)
        day += timedelta(days=1)
    assert different == set(ACCEPTED)


RULE = """
[[rule]]
id = "X-1"
title = "X"
starts_at = "x"
[[rule.version]]
id = "X-1"
from = 2020-01-01
value = 5
unit = "working_day"
basis = "Luật X"
source = { verified = "primary", where = "Luật X Đ1" }
"""


@pytest.mark.parametrize(("change", "key"), [
    (('value = 5\n', ""), "X-1.X-1"), (('unit = "working_day"', 'unit = "moon"'), "X-1.X-1.unit"), (('basis = "Luật X"', ""), "X-1.X-1.basis"),
    (('where = "Luật X Đ1"', 'where = ""'), "X-1.X-1.source"), (('value = 5', 'valeu = 5'), "X-1.X-1"),
])  # fmt: skip
def test_a_rule_that_does_not_hold_together_is_refused_with_file_and_key(change: tuple[str, str], key: str) -> None:
    assert load_rules(RULE, "x.toml")
    with pytest.raises(LawError) as caught:
        load_rules(RULE.replace(*change), "x.toml")
    assert (caught.value.file, caught.value.key) == ("x.toml", key)
