"""Duties per period ("at least 2 days a month"), and days around which the law forbids something (DD-11)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from trongdan.kernel.calendar import Calendar
from trongdan.kernel.clock import Rule, RuleVersion, Unit
from trongdan.kernel.errors import CalendarMissing, Refusal

PER = {Unit.DAY_PER_WEEK_MIN: "week", Unit.DAY_PER_MONTH_MIN: "month", Unit.PER_YEAR_MIN: "year"}
PER_VI = {"week": "tuần", "month": "tháng", "year": "năm"}
TET = "Tết Nguyên Đán"


@dataclass(frozen=True, slots=True)
class Period:
    """A week (from Monday), a month or a year; both days inclusive."""

    per: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Met:
    """Whether a duty of a period was met. `counted` are the distinct days that count, `missing` how many more it needs.

    `version` is None when no version obliges in the period: the duty is then neither met nor missed."""

    rule: str
    period: Period
    version: RuleVersion | None
    needed: int
    counted: tuple[date, ...]

    @property
    def missing(self) -> int:
        return max(0, self.needed - len(self.counted))

    @property
    def met(self) -> bool:
        return self.missing == 0


def period_of(per: str, day: date) -> Period:
    """The week, month or year that holds a day. Raises ValueError for another word."""
    if per == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(per, monday, monday + timedelta(days=6))
    if per == "month":
        return Period(per, day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))
    if per == "year":
        return Period(per, date(day.year, 1, 1), date(day.year, 12, 31))
    raise ValueError(f"no such period: {per!r}")


def per_of(version: RuleVersion) -> str:
    """week, month or year of a duty per period. Raises Refusal `law.not_periodic`."""
    if version.unit not in PER:
        raise Refusal("law.not_periodic", f"{version.id} là thời hạn tính từ một ngày, không phải nghĩa vụ theo kỳ.",
                      version.basis)  # fmt: skip
    return PER[version.unit]


def met(rule: Rule, period: Period, facts: Iterable[date]) -> Met:
    """Whether the days in `facts` meet a rule in a period. Days outside it, and the same day twice, do not count.

    The version is the one in force on the period's last day; a version of another period (weekly until 2026-06-30,
    monthly since) obliges only in periods of its own. A version that began or ended inside the period obliges in it
    only when at least half of the period's days fall under it. Raises Refusal `law.not_periodic`."""
    candidates = [v for v in rule.versions if per_of(v) == period.per and 2 * _overlap(v, period) >= _days(period)]
    version = candidates[-1] if candidates else None
    days = tuple(sorted({d for d in facts if period.first <= d <= period.last}))
    return Met(rule.id, period, version, (version.value or 0) if version else 0, days)


def _days(period: Period) -> int:
    return (period.last - period.first).days + 1


def _overlap(version: RuleVersion, period: Period) -> int:
    first = max(version.effective_from, period.first)
    last = min(version.effective_to or period.last, period.last)
    return max(0, (last - first).days + 1)


def duty_words(version: RuleVersion) -> tuple[str, str]:
    """What a version that is no deadline asks, in a sentence, Vietnamese and English: a duty per period, or a span around a day."""
    n = version.value or 0
    if version.unit in PER:
        per, yearly = PER[version.unit], version.unit is Unit.PER_YEAR_MIN
        times = f"{n} {'time' if yearly else 'day'}{'s' if n > 1 else ''}"
        return (f"Nghĩa vụ theo kỳ: ít nhất {n} {'lần' if yearly else 'ngày'} mỗi {PER_VI[per]}.",
                f"A duty of each {per}: at least {times}.")  # fmt: skip
    return (f"Khoảng thời gian {n} ngày trước và sau {TET}, không phải thời hạn tính từ một ngày.",
            f"A span of {n} days before and after the Lunar New Year, not a time limit from a day on.")  # fmt: skip


def next_span(rule: Rule, calendar: Calendar, day: date) -> tuple[date, date]:
    """The span around Tết that holds a day or is the next after it, both days inclusive. Raises Refusal, CalendarMissing."""
    span = forbidden_around_tet(rule, calendar, day.year)
    return span if day <= span[1] else forbidden_around_tet(rule, calendar, day.year + 1)


def tet(calendar: Calendar, year: int) -> date:
    """The first day of the lunar year that begins in a year. Raises CalendarMissing."""
    for note in calendar.notes_between(date(year, 1, 1), date(year, 12, 31)):
        if note.name == TET:
            return note.day
    raise CalendarMissing(year)


def forbidden_around_tet(rule: Rule, calendar: Calendar, year: int) -> tuple[date, date]:
    """The span around Tết, both days inclusive, in which the rule forbids to act (DD-11). Raises Refusal."""
    day = tet(calendar, year)
    version = rule.version_on(day)
    if version.unit is not Unit.AROUND or version.value is None:
        raise Refusal("law.not_around", f"{version.id} không phải khoảng thời gian quanh một ngày.", version.basis)
    return day - timedelta(days=version.value), day + timedelta(days=version.value)
