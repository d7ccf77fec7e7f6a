"""The closed list of guards (design 3): each a plain test over the facts of the case and the answers of a command.

Two of them ask the law for a day, so that no number stands in a kind: `in_time` (a day is not after the last one that a
rule allows, counted from another) and `lasts` (a day is not before it)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .clock import Due
from .errors import Refusal
from .kind import EdgeDef, Guard, Json, Kind
from .lawbook import LawBook, due_or_wait

GUARD_TESTS = frozenset(
    {"field", "one_of", "count_between", "at_most", "before", "after", "no_open_child", "post", "rule", "not_field",
     "includes", "in_time", "lasts", "late"}
)  # fmt: skip
BY_LAW = ("in_time", "lasts")
_COMPARED = re.compile(r"^([\w.]+)\s*(>=|<=|>|<)\s*([\w-]+)$")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What guards are asked against: facts (fields and derived), whether cases opened from it are open, who acts."""

    facts: Mapping[str, Json]
    children_open: bool
    post: str | None
    today: date
    law: LawBook
    late: frozenset[str] = frozenset()  # clocks that ran out


def holds(condition: str | None, facts: Mapping[str, Json]) -> bool:
    """Whether a `when` holds: `a` (is true), `!a` (is not), `a=b` (equals), `a!=b`, `a>=5` (also `<=`, `>`, `<`; numbers, or
    days as ISO text); joined by ` & `."""
    if condition is None:
        return True
    return all(_holds_one(part.strip(), facts) for part in condition.split("&"))


def names_in(condition: str | None) -> set[str]:
    """The facts that a `when` names."""
    return {re.split(r"[!=<>]", p.strip().removeprefix("!"), maxsplit=1)[0].strip() for p in (condition or "").split("&")} - {""}


def _holds_one(part: str, facts: Mapping[str, Json]) -> bool:
    if compared := _COMPARED.match(part):
        return _compare(facts.get(compared[1]), compared[2], compared[3])
    if "!=" in part:
        key, value = (s.strip() for s in part.split("!=", 1))
        return str(facts.get(key, "")) != value
    if "=" in part:
        key, value = (s.strip() for s in part.split("=", 1))
        return str(facts.get(key, "")) == value
    if part.startswith("!"):
        return not facts.get(part[1:].strip())
    return bool(facts.get(part))


def _compare(value: Json, sign: str, limit: str) -> bool:
    """A number with a number, a day with a day; what is not known compares to nothing."""
    number = isinstance(value, int) and not isinstance(value, bool)
    if not number and not (isinstance(value, str) and value):
        return False
    one, other = (value, int(limit)) if number else (value, limit)
    return bool({">=": one >= other, "<=": one <= other, ">": one > other, "<": one < other}[sign])


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


def _by_law(guard: Guard, grounds: Grounds) -> bool:
    """`argument` is (rule, the fact it counts from). Without that day, or a number in the law, the guard fails."""
    rule, of = guard.argument
    day, start = (_day(grounds.facts.get(name), grounds.today) for name in (guard.path, of))
    if day is None or start is None:
        return False
    limit = due_or_wait(grounds.law, rule, start)
    if not isinstance(limit, Due) or limit.due is None:
        return False
    return day <= limit.due if guard.test == "in_time" else day >= limit.due


def passes(kind: Kind, guard: Guard, grounds: Grounds) -> bool:
    """Whether one guard holds."""
    facts = grounds.facts
    value = facts.get(guard.path)
    match guard.test:
        case "field" | "not_field":
            return bool(value) is (guard.test == "field")
        case "one_of":
            allowed = guard.argument if isinstance(guard.argument, list) else None
            return value in allowed if allowed is not None else _count(value) >= 1
        case "includes":
            return isinstance(value, list) and set(guard.argument) <= set(value)
        case "count_between":
            low, high = guard.argument
            return bool(low <= _count(value) <= high)
        case "at_most":
            return bool(_count(value) <= guard.argument)
        case "before" | "after":
            return _compare_days(guard, facts, grounds.today)
        case "in_time" | "lasts":
            return _by_law(guard, grounds)
        case "no_open_child":
            return not grounds.children_open
        case "late":  # the clock that the path names has run out
            return guard.path in grounds.late
        case "post":  # the acting or named post must not be the one that the path names
            named = grounds.post if guard.argument == "actor" else facts.get(str(guard.argument))
            return not (value and named and value == named)
        case "rule":
            return kind.functions[str(guard.argument)](facts, facts, grounds.today.isoformat())
    raise AssertionError(f"unknown guard {guard.test}")  # the loader refuses it first


def check_guards(kind: Kind, edge: EdgeDef, grounds: Grounds, answered: bool = True) -> None:
    """Raise the Refusal of the first guard that fails. Not yet `answered` (asking what is allowed), guards on answers not
    given yet are left for later."""
    asked = frozenset(() if answered else edge.asks)
    for guard in edge.needs:
        of = guard.argument[1] if guard.test in BY_LAW else str(guard.argument)
        if asked & ({guard.path, of} | names_in(guard.when)) or not holds(guard.when, grounds.facts):
            continue
        if not passes(kind, guard, grounds):
            raise Refusal(f"guard.{guard.test}", guard.message, guard.basis, {"field": guard.path, "edge": edge.id})
