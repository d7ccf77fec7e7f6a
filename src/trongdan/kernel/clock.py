"""Deadlines as the law counts them, each with its derivation (design 5).

The first day is not counted; a last day that is a day of rest moves to the next working day (Bộ luật Dân sự 2015
Đ147–148); `ngày` is a calendar day, `ngày làm việc` a working day; suspended days are not counted.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from .calendar import Calendar
from .errors import CalendarMissing, Refusal

VIETNAM = timezone(timedelta(hours=7))
SOURCE_MARKS = frozenset({"primary", "secondary", "unread"})


class Unit(StrEnum):
    """What a limit is counted in. The `*_min` units are duties per period, answered by `law.periods`."""

    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"
    CONSECUTIVE_DAY = "consecutive_day"
    MONTH = "month"
    HOUR = "hour"
    DAY_PER_WEEK_MIN = "day_per_week_min"
    DAY_PER_MONTH_MIN = "day_per_month_min"
    PER_YEAR_MIN = "per_year_min"
    AROUND = "calendar_day_before_and_after"
    TIMES = "times"

    @property
    def countable(self) -> bool:
        return self in (Unit.CALENDAR_DAY, Unit.WORKING_DAY, Unit.CONSECUTIVE_DAY, Unit.MONTH, Unit.HOUR)


UNIT_VI = {Unit.CALENDAR_DAY: "ngày", Unit.WORKING_DAY: "ngày làm việc", Unit.CONSECUTIVE_DAY: "ngày liên tục",
           Unit.MONTH: "tháng", Unit.HOUR: "giờ"}  # fmt: skip
UNIT_EN = {Unit.CALENDAR_DAY: "days", Unit.WORKING_DAY: "working days", Unit.CONSECUTIVE_DAY: "consecutive days",
           Unit.MONTH: "months", Unit.HOUR: "hours"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where the value was read: in a primary text, in a secondary one, or nowhere ("chưa đối chiếu")."""

    verified: str
    where: str


@dataclass(frozen=True, slots=True)
class Caution:
    """A second defensible limit: warnings go by the earlier of the two."""

    value: int
    unit: Unit
    basis: str


@dataclass(frozen=True, slots=True)
class Extension:
    """How much longer, how often, and who may grant it. `in_variants`: the variants already hold the extended whole."""

    value: int
    times: int
    by: str
    basis: str
    in_variants: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """What a transitional clause says of clocks that start between two days (either may be open)."""

    basis: str
    vi: str
    en: str
    since: date | None = None
    until: date | None = None

    def concerns(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule as in force from a day on (to a day, inclusive, or still).

    `value` is None where the law gives no number (`no_limit` says why) or only numbers for each of the `variants`.
    `pause_basis` is the article that leaves suspended time out (`excludes_suspension`): without one a pause changes
    nothing. `suspends_from` is the day since which it does: earlier days count although paused."""

    id: str
    effective_from: date
    effective_to: date | None
    value: int | None
    unit: Unit
    basis: str
    source: Source
    variants: Mapping[str, int] = field(default_factory=dict)
    backwards: bool = False
    roll: bool = True
    excludes_suspension: bool = True
    caution: Caution | None = None
    extension: Extension | None = None
    no_limit: str | None = None
    local: bool = False
    alert: bool = False
    note: str = ""
    pause_basis: str = ""
    suspends_from: date | None = None
    forms: tuple[str, ...] = ()
    transitions: tuple[Transition, ...] = ()
    variant_words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    forward: frozenset[str] = frozenset()  # cases of a limit counted back that are counted forward all the same

    def counts_back(self, variant: str | None) -> bool:
        return self.backwards and variant not in self.forward

    def in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Rule:
    """A duty with a limit, and its versions in time, oldest first."""

    id: str
    title: str
    title_en: str
    starts_at: str
    versions: tuple[RuleVersion, ...]
    starts_at_en: str = ""
    left_to_province: bool = False

    def version_on(self, day: date) -> RuleVersion:
        """The version in force on the day the clock starts. Raises Refusal `law.no_version`."""
        for version in reversed(self.versions):
            if version.in_force(day):
                return version
        raise Refusal("law.no_version", f"Quy định {self.id} chưa có hoặc không còn hiệu lực vào ngày {day:%d/%m/%Y}.",
                      None, {"rule": self.id, "day": day.isoformat()})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count: [start, end). The clock resumes on `end`; None while it is still paused."""

    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a derivation."""

    day: date | None
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline. `due` is None while paused, then `days_left` (in the rule's unit) remains."""

    rule: str
    version: str
    version_from: date
    calendar_version: str
    due: date | None
    days_left: int | None
    caution_due: date | None
    basis: str
    verified: str
    local: bool
    asked: Asked = field(repr=False, compare=False)

    @property
    def due_at(self) -> datetime | None:
        """The moment at which a limit in hours ends, when the moment of its start was given."""
        asked = self.asked
        return asked.moment + timedelta(hours=asked.total) if asked.moment is not None else None

    def steps(self) -> tuple[Step, ...]:
        """The derivation, built only when asked for."""
        from .derivation import derive

        return derive(self)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a deadline was computed from."""

    rule: Rule
    version: RuleVersion
    start: date
    calendar: Calendar
    variant: str | None
    pauses: tuple[tuple[date, date], ...]
    open_since: date | None
    total: int
    extended: int
    moment: datetime | None = None  # the start in Vietnam, when an hour was given and the limit is in hours

    @property
    def backwards(self) -> bool:
        return self.version.counts_back(self.variant)


@dataclass(frozen=True, slots=True)
class NoLimit:
    """A rule without a number answers so, with the reason, never with a default."""

    rule: str
    version: str
    basis: str
    reason: str
    version_from: date | None = None
    verified: str = "unread"


def local_day(start: date | datetime) -> date:
    """The day in Vietnam of a start instant: an aware instant at night may already be the next day there."""
    if isinstance(start, datetime):
        return (start.astimezone(VIETNAM) if start.tzinfo else start).date()
    return start


def merge(pauses: Sequence[Pause], after: date) -> tuple[tuple[tuple[date, date], ...], date | None]:
    """Closed spans after the start day, merged where they nest, touch or overlap; and since when a pause is open."""
    first = after + timedelta(days=1)
    open_since = min((max(p.start, first) for p in pauses if p.end is None), default=None)
    spans = sorted((max(p.start, first), p.end) for p in pauses if p.end is not None and p.end > max(p.start, first))
    out: list[tuple[date, date]] = []
    for begin, end in spans:
        if open_since is not None and begin >= open_since:
            continue
        stop = min(end, open_since) if open_since is not None else end
        if out and begin <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], stop))
        else:
            out.append((begin, stop))
    return tuple(out), open_since


def _add_months(day: date, n: int) -> date:
    month = day.month - 1 + n
    year, month = day.year + month // 12, month % 12 + 1
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"year {year}")
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_counted(start: date, n: int, unit: Unit, calendar: Calendar, spans: Sequence[tuple[date, date]]) -> date:
    """The last day of n units after start, without the excluded spans; not yet moved off a day of rest."""
    if unit is Unit.WORKING_DAY:
        due = calendar.add_working(start, n)
        for begin, end in spans:
            if begin <= due:
                lost = calendar.count_working(begin - timedelta(days=1), end - timedelta(days=1))
                due = calendar.add_working(due, lost)
        return due
    due = _add_months(start, n) if unit is Unit.MONTH else start + timedelta(days=n)
    for begin, end in spans:
        if begin <= due:
            due += end - begin
    return due


def _counted(start: date, until: date, unit: Unit, calendar: Calendar, spans: Sequence[tuple[date, date]]) -> int:
    """How many units passed in (start, until], excluded spans left out."""
    if unit is Unit.WORKING_DAY:
        one = timedelta(days=1)
        lost = sum(calendar.count_working(b - one, min(e, until + one) - one) for b, e in spans if b <= until)
        return calendar.count_working(start, until) - lost
    lost_days = sum((min(e, until + timedelta(days=1)) - b).days for b, e in spans if b <= until)
    return (until - start).days - lost_days


def due(rule: Rule, start: date | datetime, calendar: Calendar, variant: str | None = None,
        pauses: Sequence[Pause] = (), extended: int = 0) -> Due | NoLimit:  # fmt: skip
    """The deadline of a rule for a clock that starts on `start`; the version in force then applies.

    `extended` is how often the limit was lengthened. Raises Refusal (`law.no_version`, `law.no_variant`,
    `law.no_extension`, `law.not_a_deadline`) and CalendarMissing, nothing else."""
    try:
        return _due(rule, start, calendar, variant, pauses, extended)
    except OverflowError:  # the ends of Python's own calendar
        raise CalendarMissing(start.year) from None


def _due(rule: Rule, start: date | datetime, calendar: Calendar, variant: str | None, pauses: Sequence[Pause],
         extended: int) -> Due | NoLimit:  # fmt: skip
    day = local_day(start)
    version = rule.version_on(day)
    if version.no_limit is not None or (version.value is None and not version.variants):
        return NoLimit(rule.id, version.id, version.basis, version.no_limit or "", version.effective_from,
                       version.source.verified)  # fmt: skip
    if not version.unit.countable:
        raise Refusal("law.not_a_deadline", f"{rule.id} là nghĩa vụ theo kỳ, không phải thời hạn tính từ một ngày.",
                      version.basis)  # fmt: skip
    total = _total(rule, version, variant, extended)
    if version.unit is Unit.HOUR:
        return _by_hours(rule, version, start, calendar, total)
    spans, open_since = merge(_lawful(pauses, version), day)
    asked = Asked(rule, version, day, calendar, variant, spans, open_since, total, extended)
    if version.counts_back(variant):
        last = last_counted(day, -total, version.unit, calendar, ())
        return _made(asked, last, None, _worked_before(last, calendar))
    last = last_counted(day, total, version.unit, calendar, spans)
    if open_since is not None and open_since <= last:
        return _made(asked, None, _left(asked, last, open_since), None)
    if version.roll:
        last = calendar.next_working(last)
    return _made(asked, last, None, _caution(version, day, calendar, spans))


def _lawful(pauses: Sequence[Pause], version: RuleVersion) -> list[Pause]:
    """The pauses the law lets out of the count, from the day on which it does."""
    if not version.excludes_suspension:
        return []
    since = version.suspends_from
    return list(pauses) if since is None else [Pause(max(p.start, since), p.end) for p in pauses]


def _left(asked: Asked, last: date, open_since: date) -> int:
    """What remains when a pause began: in working days for those, in days otherwise (months too)."""
    if asked.version.unit is Unit.WORKING_DAY:
        return max(0, asked.total - _counted(asked.start, open_since - timedelta(days=1), asked.version.unit,
                                             asked.calendar, asked.pauses))  # fmt: skip
    return (last - open_since).days + 1


def _worked_before(last: date, calendar: Calendar) -> date | None:
    """A backward limit that falls on a day of rest: whoever must act does so on the worked day before it."""
    if not calendar.covers(last) or calendar.is_working(last):
        return None
    return calendar.add_working(last, -1)


def _named(version: RuleVersion, variant: str) -> str:
    """A variant as one writes it, with what it means: "complex: vụ việc phức tạp"."""
    words = version.variant_words.get(variant)
    return f"{variant}: {words[0]}" if words else variant


def _total(rule: Rule, version: RuleVersion, variant: str | None, extended: int) -> int:
    known = "; ".join(_named(version, name) for name in version.variants) or "không có"
    extension = version.extension
    if extended and (extension is None or not 0 < extended <= extension.times):
        raise Refusal("law.no_extension", f"{rule.id} không được gia hạn {extended} lần.", version.basis)
    longer = extended * extension.value if extension else 0
    if variant is None:
        if version.value is None:
            raise Refusal("law.no_variant", f"{rule.id} cần nêu trường hợp ({known}).", version.basis)
        return version.value + longer
    if variant not in version.variants:
        raise Refusal("law.no_variant", f"{rule.id} không có trường hợp “{variant}” (có: {known}).", version.basis)
    whole = version.variants[variant]
    if extension and extension.in_variants:
        return max(whole, (version.value or 0) + longer)
    return whole + longer


def _by_hours(rule: Rule, version: RuleVersion, start: date | datetime, calendar: Calendar, total: int) -> Due:
    day = local_day(start)
    moment = None
    if isinstance(start, datetime):
        moment = start.astimezone(VIETNAM) if start.tzinfo else start.replace(tzinfo=VIETNAM)
    begin = moment or datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    last = local_day(begin + timedelta(hours=total))
    return _made(Asked(rule, version, day, calendar, None, (), None, total, 0, moment), last, None, None)


def _caution(version: RuleVersion, day: date, calendar: Calendar, spans: Sequence[tuple[date, date]]) -> date | None:
    if version.caution is None:
        return None
    other = last_counted(day, version.caution.value, version.caution.unit, calendar, spans)
    return calendar.next_working(other) if version.roll else other


def _made(asked: Asked, last: date | None, left: int | None, caution: date | None) -> Due:
    version = asked.version
    return Due(asked.rule.id, version.id, version.effective_from, asked.calendar.version, last, left, caution,
               version.basis, version.source.verified, version.local, asked)  # fmt: skip
