"""The tables of competence, loaded once and held against one another."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from trongdan.kernel.clock import SOURCE_MARKS
from trongdan.kernel.errors import LawError

from .answer import DOES, LEVELS, Route

Ref = tuple[str, str]  # (level, kind)
_STEP_KEYS = frozenset({"level", "name", "head", "above", "superior", "settled_by", "from", "to", "first", "second",
                        "staff", "heads", "verified", "where"})  # fmt: skip
_BODY_KEYS = frozenset({"kind", "name", "relation", "acts_for", "elected", "party", "internal", "court", "enterprise",
                        "tasked", "own_law", "sue", "step"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A body at a level, in force from a day to a day. `settled_by` where another's head settles for it.

    `first`, `second`: articles on complaints; `staff`, `heads`: on denunciations."""

    level: str
    name: str
    head: str
    above: Ref | None
    superior: Ref | None
    settled_by: Ref | None
    since: date
    until: date
    first: str
    second: str
    staff: str
    heads: str
    verified: str
    where: str


@dataclass(frozen=True, slots=True)
class Body:
    """A kind of body. `is_` are its marks: elected, party, internal, court, enterprise, tasked (no officials: a village
    head). `sue`: its decisions can be taken to the administrative court."""

    kind: str
    name: str
    relation: str
    acts_for: str
    own_law: str
    is_: frozenset[str]
    steps: tuple[Step, ...]
    sue: bool = True

    @property
    def tasked(self) -> bool:
        return "tasked" in self.is_


@dataclass(frozen=True, slots=True)
class Act:
    """What is done in a situation."""

    id: str
    does: str
    words: str
    paper: str
    clock: str | None
    basis: str
    verified: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Field:
    department: str
    ministry: str
    kind: str


def _ref(table: Mapping[str, str] | None) -> Ref | None:
    return (table["level"], table["kind"]) if table else None


def _marked(table: Mapping[str, Any], file: str, where: str) -> None:
    if table.get("verified") not in SOURCE_MARKS:
        raise LawError(file, where, f"verified is one of {sorted(SOURCE_MARKS)}")


def _step(t: Mapping[str, Any], file: str, kind: str) -> Step:
    where = f"{kind}.{t.get('level')}"
    if set(t) - _STEP_KEYS or t.get("level") not in LEVELS:
        raise LawError(file, where, f"unknown keys {sorted(set(t) - _STEP_KEYS)} or level")
    _marked(t, file, where)
    if t["verified"] == "secondary" and not t.get("where"):
        raise LawError(file, where, "a secondary source is named")
    above = _ref(t.get("above"))
    return Step(t["level"], t["name"], t["head"], above, _ref(t.get("superior")) or above, _ref(t.get("settled_by")),
                t.get("from", date.min), t.get("to", date.max), t["first"], t.get("second", t["first"]), t["staff"],
                t.get("heads", t["staff"]), t["verified"], t.get("where", ""))  # fmt: skip


def read_bodies(text: str, file: str) -> list[Body]:
    """The bodies of one TOML text. Raises LawError."""
    out = []
    for t in tomllib.loads(text).get("body", ()):
        if set(t) - _BODY_KEYS or t.get("relation") not in ("under", "line"):
            raise LawError(file, str(t.get("kind")), f"unknown keys {sorted(set(t) - _BODY_KEYS)} or relation")
        marks = frozenset(m for m in ("elected", "party", "internal", "court", "enterprise", "tasked") if t.get(m))
        steps = tuple(_step(s, file, t["kind"]) for s in t.get("step", ()))
        out.append(Body(t["kind"], t["name"], t["relation"], t.get("acts_for", ""), t.get("own_law", ""), marks, steps,
                        t.get("sue", True)))  # fmt: skip
    return out


def _text(name: str) -> str:
    return (files("trongdan.law.competence") / name).read_text("utf-8")


@lru_cache(maxsize=1)
def bodies() -> Mapping[str, Body]:
    """Every kind of body by its id; each reference upwards leads to a body there is."""
    found = {b.kind: b for name in ("bodies.toml", "lines.toml") for b in read_bodies(_text(name), name)}
    known = {(s.level, b.kind) for b in found.values() for s in b.steps}
    for body in found.values():
        for step in body.steps:
            for ref in (step.above, step.superior, step.settled_by):
                if ref is not None and ref not in known:
                    raise LawError("bodies.toml", f"{body.kind}.{step.level}", f"leads to {ref}, which there is not")
    return found


@lru_cache(maxsize=1)
def acts() -> Mapping[str, tuple[Act, ...]]:
    """What is done, by situation; a situation may have versions in time."""
    out: dict[str, tuple[Act, ...]] = {}
    for t in tomllib.loads(_text("acts.toml"))["act"]:
        _marked(t, "acts.toml", t["id"])
        if t["does"] not in DOES:
            raise LawError("acts.toml", t["id"], f"does is one of {sorted(DOES)}")
        act = Act(t["id"], t["does"], t["words"], t["paper"], t.get("clock"), t["basis"], t["verified"],
                  t.get("from", date.min), t.get("to", date.max))  # fmt: skip
        out[act.id] = (*out.get(act.id, ()), act)
    return out


@lru_cache(maxsize=1)
def routes() -> tuple[Route, ...]:
    """The routes in the order in which they are tried."""
    out = []
    for t in tomllib.loads(_text("routes.toml"))["route"]:
        _marked(t, "routes.toml", t["id"])
        if t["does"] not in DOES:
            raise LawError("routes.toml", t["id"], f"does is one of {sorted(DOES)}")
        out.append(Route(t["id"], t["name"], t["name_en"], t["where"], t["does"], t["basis"], t["verified"],
                         t.get("act", "")))  # fmt: skip
    return tuple(out)


@lru_cache(maxsize=1)
def fields() -> tuple[Mapping[str, Field], str]:
    """The managing department and ministry by field of letters, and where that was read."""
    table = tomllib.loads(_text("fields.toml"))
    found = {k: Field(v["department"], v["ministry"], v.get("kind", "so")) for k, v in table["field"].items()}
    return found, table["verified"]


def step_of(level: str, kind: str, on: date) -> Step | None:
    """A body's step on a day; None when there is no such body then (a district body since 2025-07-01)."""
    body = bodies().get(kind)
    if body is None:
        return None
    return next((s for s in body.steps if s.level == level and s.since <= on <= s.until), None)


def act_of(situation: str, on: date) -> Act:
    """What is done in a situation on a day. Raises LawError for a situation the table lacks."""
    for act in acts().get(situation, ()):
        if act.since <= on <= act.until:
            return act
    raise LawError("acts.toml", situation, f"nothing for {on}")
