"""Deadlines: the law's own worked examples, and how a result explains itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from trongdan.kernel.clock import Due, NoLimit, Pause, due
from trongdan.kernel.errors import CalendarMissing, LawError, Refusal
from trongdan.law import load_law
from trongdan.law.examples import Example, examples

LAW = load_law()


def result(rule: str, start: str, variant: str | None = None, *pauses: Pause, extended: int = 0) -> Due:
    found = LAW.due(rule, date.fromisoformat(start), variant, pauses, extended)
    assert isinstance(found, Due)
    return found


def words(found: Due) -> str:
    return "\n".join(s.vi for s in found.steps())


@pytest.mark.parametrize("example", examples(), ids=lambda e: f"{e.rule} {e.start} {e.variant or ''}".strip())
def test_a_worked_example_ends_on_the_day_the_law_says(example: Example) -> None:
    found = example.compute(LAW)
    assert found.due == example.due, f"{example.sentence} ({example.basis})"
    assert f"{example.due:%d/%m/%Y}" in words(found)


def test_the_examples_cover_each_way_of_counting() -> None:
    versions = [e.compute(LAW).asked.version for e in examples()]
    assert {v.unit.value for v in versions} == {"calendar_day", "working_day", "consecutive_day", "month", "hour"}
    assert {v.backwards for v in versions} == {True, False}
    assert {v.roll for v in versions} == {True, False}
    assert {"complex", "remote", "remote_complex", "several_places"} <= {e.variant for e in examples()}
    assert any(e.pauses for e in examples())
    assert any(e.extended for e in examples())


def test_every_deadline_read_in_the_law_itself_has_a_worked_example_with_its_sentence() -> None:
    """Where only a secondary source was read there is no sentence of the law to print."""
    shown = {e.rule for e in examples()} | {e.compute(LAW).version for e in examples()}
    read = {(r.id, v.id) for r in LAW.rules.values() for v in r.versions
            if v.unit.countable and v.no_limit is None and v.source.verified == "primary"}  # fmt: skip
    assert [version for rule, version in read if not {rule, version} & shown] == []


def test_a_suspension_of_ten_days_moves_the_limit_by_ten_and_names_them() -> None:
    found = result("KN-03", "2026-07-13", None, Pause(date(2026, 7, 20), date(2026, 7, 30)))
    assert found.due == date(2026, 8, 22), "a Saturday that is worked"
    assert "tạm dừng từ 20/07/2026 đến hết 29/07/2026 (10 ngày)" in words(found)


def test_whether_a_limit_may_pause_is_the_laws_to_say_and_the_derivation_cites_it() -> None:
    stop = Pause(date(2026, 7, 8), date(2026, 7, 18))
    for rule in ("KN-02", "KN-06", "TC-01", "TC-02", "TCD-16"):
        assert result(rule, "2026-07-06", None, stop) == result(rule, "2026-07-06"), rule
        assert not LAW.rule(rule).version_on(date(2026, 7, 6)).pause_basis
    for rule, article in (("KN-01", "Đ9"), ("KN-03", "Đ11a"), ("KN-04", "Đ11a"), ("TC-05", "Luật Tố cáo Đ34 k2")):
        paused = result(rule, "2026-07-06", None, stop)
        assert paused.due != result(rule, "2026-07-06").due
        assert article in next(s.vi for s in paused.steps() if "tạm dừng" in s.vi)


def test_a_suspension_after_the_last_day_moves_nothing_and_is_not_named() -> None:
    found = result("KN-03", "2026-07-13", None, Pause(date(2026, 9, 1), date(2026, 9, 30)))
    assert found.due == date(2026, 8, 12)
    assert "tạm dừng" not in words(found)


def test_before_the_law_knew_suspension_its_days_counted() -> None:
    """Luật Khiếu nại Đ11a and NĐ 124/2020 Đ28b are in force since 2026-07-01, for pending cases too (NĐ 155 Đ22 k1)."""
    old = result("KN-03", "2025-07-14", None, Pause(date(2025, 7, 20), date(2025, 7, 30)))
    assert old.due == result("KN-03", "2025-07-14").due
    pending = result("KN-03", "2026-06-15", None, Pause(date(2026, 6, 20), date(2026, 7, 11)))
    plain = result("KN-03", "2026-06-15")
    assert plain.due == date(2026, 7, 15)
    assert pending.due == date(2026, 7, 27), "ten days since 1 July; 25 July is a Saturday"
    assert "NĐ 155/2026/NĐ-CP Đ22 k1" in words(pending)
    assert "Điều khoản chuyển tiếp" not in words(result("KN-03", "2026-07-13"))


def test_while_paused_there_is_no_last_day_but_what_is_left() -> None:
    found = result("KN-03", "2026-07-13", None, Pause(date(2026, 7, 20), None))
    assert (found.due, found.days_left) == (None, 24)
    assert "còn 24 ngày" in words(found)
    working = result("TCD-10", "2026-07-06", None, Pause(date(2026, 7, 13), None))
    assert (working.due, working.days_left) == (None, 6)
    rule = LAW.rule("DD-03")
    pausing = replace(rule, versions=(replace(rule.versions[0], excludes_suspension=True),))
    months = due(pausing, date(2026, 1, 15), LAW.calendar, None, [Pause(date(2026, 12, 31), None)])
    assert isinstance(months, Due)
    assert (months.due, months.days_left) == (None, 16)
    late = result("KN-03", "2026-07-13", None, Pause(date(2026, 9, 20), None))
    assert late.due == date(2026, 8, 12), "a pause that began after the last day came too late"


def test_the_cautious_date_stands_beside_the_due_one() -> None:
    assert result("KN-02", "2026-08-28").caution_due == date(2026, 9, 7)
    assert result("KN-02", "2026-06-30").caution_due is None


def test_a_limit_counted_back_to_a_rest_day_advises_the_working_day_before() -> None:
    found = result("DD-01", "2026-07-01", "nong_nghiep")
    assert (found.due, found.caution_due) == (date(2026, 5, 2), date(2026, 4, 29))
    assert "ngày làm việc liền trước, 29/04/2026" in words(found)


def test_the_derivation_names_each_rest_day_the_article_and_the_case_in_both_languages() -> None:
    steps = result("KN-02", "2026-08-28").steps()
    assert any("Quốc khánh" in s.vi for s in steps)
    assert any("Independence Day" in s.en or "National Day" in s.en for s in steps)
    assert "NĐ 155/2026" in steps[0].vi
    assert "read in the primary text" in steps[0].en
    worked = result("TCD-10", "2026-01-05").steps()
    assert any("Tính 10/01/2026 là ngày làm việc" in s.vi for s in worked)
    cases = result("KN-03", "2026-07-13", "remote_complex").steps()
    assert "vùng sâu, vùng xa đi lại khó khăn, vụ việc phức tạp" in cases[1].vi
    assert "remote area and complex case" in cases[1].en


def test_every_step_of_every_example_speaks_both_languages() -> None:
    for example in examples():
        for step in example.compute(LAW).steps():
            assert step.vi.endswith((".", "!"))
            assert step.en.endswith(".")
            assert not set("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ") & set(step.en.split("(")[0].split("Under")[0].lower())


def test_an_extension_is_granted_as_often_as_the_law_allows_and_says_by_whom() -> None:
    once, twice = (result("TC-05", "2026-07-06", extended=n) for n in (1, 2))
    assert (once.due, twice.due) == (date(2026, 9, 4), date(2026, 10, 5))
    assert "do người giải quyết tố cáo, bằng quyết định" in words(once)
    assert result("TC-05", "2026-07-06", "complex", extended=1).due == once.due, "the case's whole holds the extension"
    for rule, times in (("TC-05", 3), ("KN-03", 1), ("PT-KNPA-01", 2)):
        with pytest.raises(Refusal, match="không được gia hạn"):
            LAW.due(rule, date(2026, 7, 6), None, (), times)


def test_one_id_covers_both_kinds_of_land_and_both_versions_in_time() -> None:
    for asked in ("DD-01", "DD-02"):
        assert result(asked, "2025-12-31", "nong_nghiep").due == date(2025, 10, 2)
        assert result(asked, "2025-12-31", "phi_nong_nghiep").due == date(2025, 7, 4)
        assert result(asked, "2026-01-01", "nong_nghiep").due == date(2025, 11, 2)
        assert result(asked, "2026-01-01", "phi_nong_nghiep").due == date(2025, 9, 3)
    assert result("DD-01", "2026-01-01", "nong_nghiep").version == "DD-02"
    assert result("DD-01", "2026-05-04", "nong_nghiep").due == result("DD-02a", "2026-05-04").due
    with pytest.raises(Refusal, match="cần nêu trường hợp"):
        LAW.due("DD-01", date(2026, 1, 1))
    with pytest.raises(Refusal, match="không có trường hợp"):
        LAW.due("DD-01", date(2026, 1, 1), "complex")


def test_a_rule_without_a_number_says_so_with_its_reason() -> None:
    for rule in ("PAKN-02", "CT-03", "YK-02"):
        found = LAW.due(rule, date(2026, 8, 5))
        assert isinstance(found, NoLimit)
        assert found.reason
        assert found.version_from is not None


def test_a_year_without_a_calendar_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(CalendarMissing, match="2028"):
        LAW.due("KN-01", date(2027, 12, 1))


@pytest.mark.parametrize("start", [date.max, date(9999, 12, 30), datetime.max.replace(tzinfo=UTC)])
def test_the_ends_of_time_are_a_missing_calendar_and_not_a_crash(start: date) -> None:
    for rule in ("KN-03", "KN-02", "DD-03", "BV-04"):
        with pytest.raises(CalendarMissing):
            LAW.due(rule, start)


def test_a_day_before_the_rule_was_in_force_and_an_unknown_rule_or_variant_are_refused() -> None:
    with pytest.raises(Refusal, match="chưa có hoặc không còn hiệu lực"):
        LAW.rule("TCD-16").version_on(date(2026, 6, 30))
    with pytest.raises(Refusal, match="không có trường hợp"):
        LAW.due("KN-06", date(2026, 8, 5), "complex")
    with pytest.raises(Refusal, match="Không có quy định"):
        LAW.rule("KN-99")
    with pytest.raises(Refusal, match="nghĩa vụ theo kỳ"):
        LAW.due("TCD-02", date(2026, 8, 5))


def test_a_letter_at_night_in_another_zone_counts_from_the_day_in_vietnam() -> None:
    night = datetime(2026, 8, 4, 18, 30, tzinfo=UTC)
    assert LAW.due("XLD-01", night) == LAW.due("XLD-01", date(2026, 8, 5))
    eve = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)
    assert LAW.due("XLD-01", eve) == LAW.due("XLD-01", date(2026, 1, 1))


def test_seventy_two_hours_are_counted_from_the_moment() -> None:
    at_noon = LAW.due("BV-04", datetime(2026, 7, 6, 5, 0, tzinfo=UTC))
    late = LAW.due("BV-04", datetime(2026, 7, 6, 16, 59, tzinfo=UTC))
    assert isinstance(at_noon, Due)
    assert isinstance(late, Due)
    assert (at_noon.due, late.due) == (date(2026, 7, 9), date(2026, 7, 9))
    assert "Tính theo giờ" in words(at_noon)


def test_a_rule_without_a_limit_has_no_example() -> None:
    with pytest.raises(LawError, match="no example"):
        Example("PAKN-02", date(2026, 8, 5), None, (), 0, date(2026, 8, 6), "s", "b", "").compute(LAW)
