"""What changed in the law between two days: rules that began, ended, or say something else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trongdan.kernel.clock import Rule, RuleVersion

from .book import Law


@dataclass(frozen=True, slots=True)
class Change:
    """One rule between two days. `kind`: begins, ends, or changes (a value) or cites (same value, another basis)."""

    rule: Rule
    kind: str
    before: RuleVersion | None
    after: RuleVersion | None


def changes(law: Law, before: date, after: date) -> list[Change]:
    """The rules whose version in force differs between two days, in the order of the files."""
    old, new = law.in_force(before), law.in_force(after)
    out = []
    for rule in law.rules.values():
        a, b = old.get(rule.id), new.get(rule.id)
        if a is b:
            continue
        out.append(Change(rule, _kind(a, b), a, b))
    return out


def _kind(a: RuleVersion | None, b: RuleVersion | None) -> str:
    if a is None:
        return "begins"
    if b is None:
        return "ends"
    return "cites" if _limit(a) == _limit(b) else "changes"


def _limit(v: RuleVersion) -> tuple[object, ...]:
    return (v.value, v.unit, tuple(sorted(v.variants.items())), v.backwards, v.forward, v.no_limit, v.extension, v.caution)
