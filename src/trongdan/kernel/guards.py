"""The closed list of guards (design 3): each a plain test over the facts of the case and the answers of a command."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from .errors import Refusal
from .kind import EdgeDef, Guard, Json, Kind

GUARD_TESTS = frozenset(
    {"field", "one_of", "count_between", "at_most", "before", "after", "no_open_child", "post", "rule", "not_field",
     "late"}
)


def holds(condition: str | None, facts: Mapping[str, Json]) -> bool:
    """Whether a `when` holds: `a` (is true), `!a` (is not), `a=b` (equals), `a!=b`; joined by ` & `."""
    if condition is None:
        return True
    return all(_holds_one(part.strip(), facts) for part in condition.split("&"))


def _holds_one(part: str, facts: Mapping[str, Json]) -> bool:
    if "!=" in part:
        key, value = (s.strip() for s in part.split("!=", 1))
        return str(facts.get(key, "")) != value
    if "=" in part:
        key, value = (s.strip() for s in part.split("=", 1))
        return str(facts.get(key, "")) == value
    if part.startswith("!"):
        return not facts.get(part[1:].strip())
    return bool(facts.get(part))


def _count(value: Json) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return len(value) if isinstance(value, (list, tuple)) else 0


def _day(value: Json, today: date) -> date | None:
    if value == "today":
        return today
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _compare_days(guard: Guard, facts: Mapping[str, Json], today: date) -> bool:
    day = _day(facts.get(guard.path), today)
    limit = _day(facts.get(str(guard.argument), guard.argument), today)
    if day is None or limit is None:
        return False
    return day <= limit if guard.test == "before" else day >= limit


def passes(
           kind: Kind, guard: Guard, facts: Mapping[str, Json], children_open: bool, post: str | None,
           today: date, late: Collection[str] = ()) -> bool:  # fmt: skip
    """Whether one guard holds. `facts` is the state's fields overlaid with the command's answers."""
    value = facts.get(guard.path)
    match guard.test:
        case "field":
            return bool(value)
        case "not_field":
            return not value
        case "one_of":
            allowed = guard.argument if isinstance(guard.argument, list) else None
            return value in allowed if allowed is not None else _count(value) >= 1
        case "count_between":
            low, high = guard.argument
            return bool(low <= _count(value) <= high)
        case "at_most":
            return bool(_count(value) <= guard.argument)
        case "before" | "after":
            return _compare_days(guard, facts, today)
        case "no_open_child":
            return not children_open
        case "late":  # the clock that the path names has run out
            return guard.path in late
        case "post":  # the acting or named post must not be the one that the path names
            named = post if guard.argument == "actor" else facts.get(str(guard.argument))
            return not (value and named and value == named)
        case "rule":
            return kind.functions[str(guard.argument)](facts, facts, today.isoformat())
    raise AssertionError(f"unknown guard {guard.test}")  # the loader refuses it first


def check_guards(kind: Kind, edge: EdgeDef, fields: Mapping[str, Json], data: Mapping[str, Json] | None,
                 children_open: bool, post: str | None, today: date, late: Collection[str] = ()) -> None:  # fmt: skip
    """Raise the Refusal of the first guard that fails. With `data` None (asking what is allowed) guards on answers
    not given yet are left for later."""
    facts = {**fields, **(data or {})}
    for guard in edge.needs:
        if not holds(guard.when, facts):
            continue
        if data is None and (guard.path in edge.asks or str(guard.argument) in edge.asks):
            continue
        if not passes(kind, guard, facts, children_open, post, today, late):
            raise Refusal(f"guard.{guard.test}", guard.message, guard.basis, {"field": guard.path, "edge": edge.id})
