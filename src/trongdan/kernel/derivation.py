"""How a deadline was computed, line by line, in Vietnamese and English, with the days skipped and the articles."""

from __future__ import annotations

from datetime import date, timedelta

from .calendar import WORK_SWAP, Calendar
from .clock import UNIT_EN, UNIT_VI, Asked, Due, Step, Unit, last_counted

COUNTING = "Bộ luật Dân sự 2015 Đ147–148"
MARK_VI = {"primary": "đã đối chiếu văn bản gốc", "secondary": "theo nguồn thứ cấp", "unread": "chưa đối chiếu"}
MARK_EN = {"primary": "read in the primary text", "secondary": "by a secondary source", "unread": "not yet checked"}


def vi(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def derive(result: Due) -> tuple[Step, ...]:
    """The steps of a Due, in the order in which one would count on paper."""
    asked = result.asked
    steps = [_rule(asked), _limit(asked), _first_day(asked)]
    steps += _rest_days(asked, result.due)
    steps += _pauses(asked)
    if result.due is None:
        since = asked.open_since or asked.start
        steps.append(Step(since, f"Thời hạn đang tạm dừng từ {vi(since)}; khi tiếp tục còn {result.days_left} "
                          f"{UNIT_VI[asked.version.unit]}.", f"Paused since {since}; {result.days_left} left."))  # fmt: skip
        return tuple(steps)
    steps += _moved(asked, result.due)
    words = "Chậm nhất phải xong trước" if asked.version.backwards else "Ngày cuối cùng của thời hạn"
    steps.append(Step(result.due, f"{words}: {vi(result.due)}.", f"Last day: {result.due}."))
    caution = asked.version.caution
    if caution is not None and result.caution_due is not None:
        steps.append(Step(result.caution_due, f"Mốc thận trọng: {vi(result.caution_due)} ({caution.basis}). "
                          "Cảnh báo tính theo mốc đến trước.",
                          f"Cautious date: {result.caution_due} ({caution.basis}). Warnings go by the earlier."))  # fmt: skip
    return tuple(steps)


def _rule(asked: Asked) -> Step:
    v = asked.version
    local_vi, local_en = (" (quy định của tỉnh)", " (provincial)") if v.local else ("", "")
    return Step(v.effective_from, f"Áp dụng {v.basis}{local_vi}, bản có hiệu lực từ {vi(v.effective_from)}; "
                f"{MARK_VI[v.source.verified]}.", f"Under {v.basis}{local_en}, in force from {v.effective_from}; "
                f"{MARK_EN[v.source.verified]}.")  # fmt: skip


def _limit(asked: Asked) -> Step:
    unit = asked.version.unit
    why_vi = f", trường hợp {asked.variant}" if asked.variant else ""
    longer_vi = f", gồm {asked.extended} lần gia hạn" if asked.extended else ""
    back = " trước ngày mốc" if asked.version.backwards else ""
    return Step(None, f"Thời hạn {asked.total} {UNIT_VI[unit]}{back}{why_vi}{longer_vi}.",
                f"{asked.total} {UNIT_EN[unit]}" + (f", variant {asked.variant}" if asked.variant else "")
                + (f", {asked.extended} extension(s)" if asked.extended else "") + ".")  # fmt: skip


def _first_day(asked: Asked) -> Step:
    return Step(asked.start, f"Mốc {vi(asked.start)} không tính; đếm từ ngày hôm sau ({COUNTING}).",
                f"{asked.start} itself is not counted ({COUNTING}).")  # fmt: skip


def _runs(calendar: Calendar, first: date, last: date) -> list[tuple[date, date, str, str]]:
    """Runs of rest days with one reason each: (from, to, Vietnamese, English)."""
    out: list[tuple[date, date, str, str]] = []
    day = first
    while day <= last:
        reason = calendar.rest_reason(day)
        if reason is not None:
            english = calendar.rest_reason(day, english=True) or ""
            if out and out[-1][2] == reason and out[-1][1] == day - timedelta(days=1):
                out[-1] = (out[-1][0], day, reason, out[-1][3])
            else:
                out.append((day, day, reason, english))
        day += timedelta(days=1)
    return out


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
    return [
        Step(a, f"Không tính thời gian tạm dừng từ {vi(a)} đến hết {vi(b - timedelta(days=1))} ({(b - a).days} ngày).",
             f"Suspended {a} to {b - timedelta(days=1)} ({(b - a).days} days), not counted.")
        for a, b in asked.pauses
    ]  # fmt: skip


def _moved(asked: Asked, last: date) -> list[Step]:
    """The last day as counted, when it was a day of rest and moved."""
    if not asked.version.roll or asked.version.backwards or asked.version.unit is Unit.WORKING_DAY:
        return []
    counted = last_counted(asked.start, asked.total, asked.version.unit, asked.calendar, asked.pauses)
    if counted == last:
        return []
    reason, english = asked.calendar.rest_reason(counted), asked.calendar.rest_reason(counted, english=True)
    return [Step(counted, f"Ngày cuối {vi(counted)} là ngày nghỉ ({reason}), chuyển sang ngày làm việc kế tiếp "
                 f"({COUNTING}).",
                 f"{counted} is a day of rest ({english}); moved to the next working day ({COUNTING}).")]  # fmt: skip
