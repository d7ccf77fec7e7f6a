"""What the kernel needs of the law: the port that `trongdan.law.Law` fills. The kernel imports no other room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from .calendar import Calendar
from .clock import Due, NoLimit, Pause, Rule


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
