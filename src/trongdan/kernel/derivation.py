"""How a deadline was computed, line by line, in Vietnamese and English, with the days skipped and the articles."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from .calendar import WORK_SWAP, Calendar
from .clock import UNIT_EN, UNIT_VI, Asked, Due, Step, Unit, last_counted

COUNTING = "Bộ luật Dân sự 2015 Đ147–148"
WEEKEND = ("thứ Bảy, Chủ nhật", "weekend")
MARK_VI = {"primary": "đã đối chiếu văn bản gốc", "secondary": "theo nguồn thứ cấp", "unread": "chưa đối chiếu"}
MARK_EN = {"primary": "read in the primary text", "secondary": "by a secondary source", "unread": "not yet checked"}


def vi(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year:04}"  # strftime is five times slower


def derive(result: Due) -> tuple[Step, ...]:
    """The steps of a Due, in the order in which one would count on paper."""
    asked = result.asked
    steps = [_rule(asked), _limit(asked), _first_day(asked)]
    steps += [Step(None, f"Điều khoản chuyển tiếp ({t.basis}): {t.vi}", f"Transitional clause ({t.basis}): {t.en}")
              for t in asked.version.transitions if t.concerns(asked.start)]  # fmt: skip
    steps += _rest_days(asked, result.due)
    steps += _pauses(asked)
    if result.due is None:
        return (*steps, _paused(asked, result.days_left or 0))
    steps += _moved(asked, result.due)
    steps.append(_last(asked, result.due, result.due_at))
    if result.caution_due is not None:
        steps.append(_cautious(asked, result.caution_due))
    return tuple(steps)


def _last(asked: Asked, day: date, moment: datetime | None) -> Step:
    if moment is not None:
        return Step(day, f"Hết hạn lúc {_hour(moment)} ngày {vi(day)}.", f"Ends at {moment:%H:%M} on {day}.")
    if asked.backwards:
        return Step(day, f"Chậm nhất phải làm vào ngày: {vi(day)}.", f"To be done by: {day}.")
    return Step(day, f"Ngày cuối cùng của thời hạn: {vi(day)}.", f"Last day: {day}.")


def _hour(moment: datetime) -> str:
    return f"{moment.hour} giờ {moment.minute:02}"


def _paused(asked: Asked, left: int) -> Step:
    since = asked.open_since or asked.start
    working = asked.version.unit is Unit.WORKING_DAY
    unit = UNIT_VI[Unit.WORKING_DAY if working else Unit.CALENDAR_DAY]
    unit_en = UNIT_EN[Unit.WORKING_DAY if working else Unit.CALENDAR_DAY]
    return Step(since, f"Thời hạn đang tạm dừng từ {vi(since)}; khi tiếp tục còn {left} {unit}.",
                f"Paused since {since}; {left} {unit_en} left.")  # fmt: skip


def _cautious(asked: Asked, day: date) -> Step:
    caution = asked.version.caution
    if caution is None:  # a limit counted back that falls on a day of rest
        return Step(day, f"Mốc đó rơi vào ngày nghỉ: nên làm xong trong ngày làm việc liền trước, {vi(day)}.",
                    f"That day is a day of rest: better done on the working day before, {day}.")  # fmt: skip
    return Step(day, f"Mốc thận trọng: {vi(day)} ({caution.basis}). Cảnh báo tính theo mốc đến trước.",
                f"Cautious date: {day} ({caution.basis}). Warnings go by the earlier.")  # fmt: skip


def _rule(asked: Asked) -> Step:
    v = asked.version
    local_vi, local_en = (" (quy định của tỉnh)", " (provincial)") if v.local else ("", "")
    return Step(v.effective_from, f"Áp dụng {v.basis}{local_vi}, bản có hiệu lực từ {vi(v.effective_from)}; "
                f"{MARK_VI[v.source.verified]}.", f"Under {v.basis}{local_en}, in force from {v.effective_from}; "
                f"{MARK_EN[v.source.verified]}.")  # fmt: skip


def _limit(asked: Asked) -> Step:
    unit, extension = asked.version.unit, asked.version.extension
    words = asked.version.variant_words.get(asked.variant or "", (asked.variant or "", asked.variant or ""))
    why_vi, why_en = (f", trường hợp {words[0]}", f", case: {words[1]}") if asked.variant else ("", "")
    longer_vi = longer_en = ""
    if asked.extended and extension is not None:
        longer_vi = f", gồm {asked.extended} lần gia hạn do {extension.by} ({extension.basis})"
        longer_en = f", with {asked.extended} extension(s) ({extension.basis})"
    back_vi, back_en = (" trước ngày mốc", " before that day") if asked.backwards else ("", "")
    return Step(None, f"Thời hạn {asked.total} {UNIT_VI[unit]}{back_vi}{why_vi}{longer_vi}.",
                f"{asked.total} {UNIT_EN[unit]}{back_en}{why_en}{longer_en}.")  # fmt: skip


def _first_day(asked: Asked) -> Step:
    if asked.version.unit is Unit.HOUR and asked.moment is not None:
        return Step(asked.start, f"Tính theo giờ, kể từ {_hour(asked.moment)} ngày {vi(asked.start)}.",
                    f"Counted in hours from {asked.moment:%H:%M} on {asked.start}.")  # fmt: skip
    if asked.version.unit is Unit.HOUR:
        return Step(asked.start, f"Tính theo giờ, kể từ thời điểm ngày {vi(asked.start)}; hết hạn vào đúng giờ đó.",
                    f"Counted in hours from the moment on {asked.start}; ends at that hour.")  # fmt: skip
    if asked.backwards:
        return Step(asked.start, f"Mốc {vi(asked.start)} không tính; đếm lùi từ ngày hôm trước.",
                    f"{asked.start} itself is not counted; counted back from the day before.")  # fmt: skip
    return Step(asked.start, f"Mốc {vi(asked.start)} không tính; đếm từ ngày hôm sau ({COUNTING}).",
                f"{asked.start} itself is not counted; from the day after ({COUNTING}).")  # fmt: skip


def _runs(calendar: Calendar, first: date, last: date) -> list[tuple[date, date, str, str]]:
    """Runs of rest days with one reason each: (from, to, Vietnamese, English)."""
    out: list[tuple[date, date, str, str]] = []
    for day in calendar.rest_between(first, last):
        note = calendar.note(day)
        reason, english = WEEKEND if note is None else (note.name, note.name_en or note.name)
        if out and out[-1][2] == reason and out[-1][1] == day - timedelta(days=1):
            out[-1] = (out[-1][0], day, reason, out[-1][3])
        else:
            out.append((day, day, reason, english))
    return [_named(calendar, run) for run in out]


def _named(calendar: Calendar, run: tuple[date, date, str, str]) -> tuple[date, date, str, str]:
    """A weekend of which only one day is passed over (the other is worked, or before the start) goes by that day's name."""
    first, last, reason, _ = run
    if first != last or reason != WEEKEND[0]:
        return run
    return first, last, calendar.rest_reason(first) or reason, calendar.rest_reason(first, english=True) or WEEKEND[1]


def _rest_days(asked: Asked, last: date | None) -> list[Step]:
    """Days of rest that a count of working days passes over, by name, and worked swap days."""
    if asked.version.unit is not Unit.WORKING_DAY or last is None:
        return []
    first, end = sorted((asked.start, last))
    steps = [
        Step(a, f"Không tính {reason}: {vi(a)}" + (f" – {vi(b)}" if b != a else "") + ".",
             f"Not counted, {english}: {a}" + (f" – {b}" if b != a else "") + ".")
        for a, b, reason, english in _runs(asked.calendar, first + timedelta(days=1), end)
    ]  # fmt: skip
    steps += [
        Step(n.day, f"Tính {vi(n.day)} là ngày làm việc: {n.name}.", f"{n.day} is worked: {n.name_en or n.name}.")
        for n in asked.calendar.notes_between(first + timedelta(days=1), end) if n.kind == WORK_SWAP
    ]  # fmt: skip
    return sorted(steps, key=lambda s: s.day or asked.start)


def _pauses(asked: Asked) -> list[Step]:
    """The suspended spans that lengthened the count; what came after its end changed nothing."""
    version = asked.version
    if not asked.pauses or asked.backwards or version.unit is Unit.HOUR:
        return []
    last = last_counted(asked.start, asked.total, version.unit, asked.calendar, asked.pauses)
    return [
        Step(a, f"Không tính thời gian tạm dừng từ {vi(a)} đến hết {vi(b - timedelta(days=1))} ({(b - a).days} ngày)"
             + (f": {version.pause_basis}." if version.pause_basis else "."),
             f"Suspended {a} to {b - timedelta(days=1)} ({(b - a).days} days), not counted"
             + (f": {version.pause_basis}." if version.pause_basis else "."))
        for a, b in asked.pauses if a <= last
    ]  # fmt: skip


def _moved(asked: Asked, last: date) -> list[Step]:
    """The last day as counted, when it was a day of rest and moved."""
    if not asked.version.roll or asked.backwards or asked.version.unit is Unit.WORKING_DAY:
        return []
    counted = last_counted(asked.start, asked.total, asked.version.unit, asked.calendar, asked.pauses)
    if counted == last:
        return []
    reason, english = asked.calendar.rest_reason(counted), asked.calendar.rest_reason(counted, english=True)
    return [Step(counted, f"Ngày cuối {vi(counted)} là ngày nghỉ ({reason}), chuyển sang ngày làm việc kế tiếp "
                 f"({COUNTING}).",
                 f"{counted} is a day of rest ({english}); moved to the next working day ({COUNTING}).")]  # fmt: skip
