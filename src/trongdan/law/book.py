"""The law of a province on hand: its rules by id, and the calendar by which it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from trongdan.kernel.calendar import Calendar
from trongdan.kernel.clock import Due, NoLimit, Pause, Rule, RuleVersion, Step, due
from trongdan.kernel.errors import Refusal

from .given import given_rule

MOST_KEPT = 2048  # answers at a time


def _keep(kept: dict[Any, Any], asked: Any, found: Any) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[asked] = found


@dataclass(frozen=True, slots=True)
class Law:
    """Rules and a calendar. Answers `due(rule, start)`; a rule it does not have is a Refusal, never a default.

    `families` are rules composed of others (DD-01 over DD-01a, DD-01b, DD-02a, DD-02b), not rules more. `remote` are the
    communes' codes to which the longer limits apply, with the province's decision: no law lists them."""

    rules: Mapping[str, Rule]
    calendar: Calendar
    families: Mapping[str, Rule] = field(default_factory=dict)
    remote: Mapping[str, str] = field(default_factory=dict)
    _answers: dict[tuple[object, ...], Due | NoLimit] = field(default_factory=dict, init=False, repr=False, compare=False)
    _derived: dict[tuple[object, ...], tuple[Step, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def rule(self, rule_id: str) -> Rule:
        """A rule by its id, or a family by its own. The id of a version (KN-02b) gives that version alone: outside its
        days it is refused, never another version in its name. Raises Refusal `law.unknown_rule`."""
        found = self.rules.get(rule_id) or self.families.get(rule_id) or given_rule(rule_id) or self._alone(rule_id)
        if found is None:
            raise Refusal("law.unknown_rule", f"Không có quy định mang mã {rule_id}.", None, {"rule": rule_id})
        return found

    def _alone(self, version_id: str) -> Rule | None:
        pairs = ((r, v) for r in self.rules.values() for v in r.versions if v.id == version_id)
        return next((replace(rule, id=version_id, versions=(version,)) for rule, version in pairs), None)

    def due(self, rule_id: str, start: date | datetime, variant: str | None = None, pauses: Sequence[Pause] = (),
            extended: int = 0) -> Due | NoLimit:  # fmt: skip
        """When a rule's limit ends. Letters of one day ask the same again and again: what has no pauses is kept."""
        asked = (rule_id, start, variant, extended)
        found = None if pauses else self._answers.get(asked)
        if found is None:
            found = due(self.rule(rule_id), start, self.calendar, variant, pauses, extended)
            if not pauses:
                _keep(self._answers, asked, found)
        return found

    def derivation(self, rule_id: str, start: date | datetime, variant: str | None = None) -> tuple[Step, ...]:
        """How a limit without pauses was counted; empty when the law gives no limit. Kept like the limit itself."""
        asked = (rule_id, start, variant)
        found = self._derived.get(asked)
        if found is None:
            result = self.due(rule_id, start, variant)
            found = result.steps() if isinstance(result, Due) else ()
            _keep(self._derived, asked, found)
        return found

    def unread(self) -> list[tuple[Rule, RuleVersion]]:
        """Each value not read in a primary text, those read nowhere first."""
        found = [(r, v) for r in self.rules.values() for v in r.versions if v.source.verified != "primary"]
        return sorted(found, key=lambda pair: pair[1].source.verified != "unread")

    def in_force(self, day: date) -> dict[str, RuleVersion]:
        """The version of each rule in force on a day, by rule id; rules without one are left out."""
        pairs = ((r.id, v) for r in self.rules.values() for v in r.versions if v.in_force(day))
        return dict(pairs)
