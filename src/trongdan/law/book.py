"""The law of a province on hand: its rules by id, and the calendar by which it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from trongdan.kernel.calendar import Calendar
from trongdan.kernel.clock import Due, NoLimit, Pause, Rule, due
from trongdan.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Law:
    """Rules and a calendar. Answers `due(rule, start)`; a rule it does not have is a Refusal, never a default."""

    rules: Mapping[str, Rule]
    calendar: Calendar

    def rule(self, rule_id: str) -> Rule:
        """A rule by its id; the id of one of its versions (KN-02b) finds it too."""
        found = self.rules.get(rule_id)
        if found is None:
            found = next((r for r in self.rules.values() if any(v.id == rule_id for v in r.versions)), None)
        if found is None:
            raise Refusal("law.unknown_rule", f"Không có quy định mang mã {rule_id}.", None, {"rule": rule_id})
        return found

    def due(self, rule_id: str, start: date | datetime, variant: str | None = None, pauses: Sequence[Pause] = (),
            extended: int = 0) -> Due | NoLimit:  # fmt: skip
        return due(self.rule(rule_id), start, self.calendar, variant, pauses, extended)

    def unread(self) -> list[tuple[str, str]]:
        """(version id, mark) of each value not read in a primary text."""
        return [(v.id, v.source.verified) for r in self.rules.values() for v in r.versions
                if v.source.verified != "primary"]  # fmt: skip
