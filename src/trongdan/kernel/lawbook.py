"""What the kernel needs of the law: the port that `trongdan.law.Law` fills. The kernel imports no other room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from .calendar import Calendar
from .clock import Due, NoLimit, Pause, Rule
from .errors import CalendarMissing


class LawBook(Protocol):
    @property
    def calendar(self) -> Calendar: ...

    def rule(self, rule_id: str) -> Rule: ...

    def due(
        self,
        rule_id: str,
        start: date | datetime,
        variant: str | None = None,
        pauses: Sequence[Pause] = (),
        extended: int = 0,
    ) -> Due | NoLimit: ...


NO_CALENDAR = "Chưa có lịch nghỉ của năm mà hạn rơi vào; hạn được tính ngay khi lịch ấy được bổ sung."


def due_or_wait(law: LawBook, rule_id: str, day: date, variant: str | None = None, pauses: Sequence[Pause] = (),
                extended: int = 0) -> Due | NoLimit:  # fmt: skip
    """What the law answers; for a limit that ends in a year whose calendar nobody has decided yet, that it waits for it
    (reason NO_CALENDAR). So a long limit (a year to go to court) never stops a decision from being sent; `trongdan law
    recompute` counts it once the year is there. A start in an unknown year is an error as ever (CalendarMissing)."""
    try:
        return law.due(rule_id, day, variant, pauses, extended)
    except CalendarMissing as missing:
        if missing.year <= day.year:
            raise
        version = law.rule(rule_id).version_on(day)
        return NoLimit(rule_id, version.id, version.basis, NO_CALENDAR, version.effective_from, version.source.verified)
