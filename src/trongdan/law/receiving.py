"""Who must receive citizens in person and how often; when somebody may be refused, or received online. As data; pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

from .book import Law
from .periods import Met, met, per_of, period_of

REGISTERS = {"state": "Sổ tiếp công dân của chính quyền", "party": "Sổ tiếp dân của cấp ủy", "council": "Sổ tiếp công dân của HĐND"}


@dataclass(frozen=True, slots=True)
class Duty:
    """The duty of the head of a kind of body. `rules` say how many days; none when the law gives no number. `register` is
    whose book it is (state, party, council); `delegable` whether a day may be given to another at all."""

    id: str
    name: str
    kind: str
    level: str
    rules: tuple[str, ...]
    register: str
    delegable: bool
    basis: str
    verified: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A lawful ground of refusing reception; `written` when the notice of form 01/TCD is due (NĐ 154/2026 Đ4 k3)."""

    id: str
    text: str
    basis: str
    written: bool = False


@dataclass(frozen=True, slots=True)
class OnlineCase:
    """A matter that may be received online (NĐ 154/2026 Đ20)."""

    id: str
    text: str
    text_en: str
    basis: str


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    return tomllib.loads((files("trongdan.law") / "receiving.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def duties() -> Mapping[tuple[str, str], Duty]:
    """The duty of a head by (kind of body, level)."""
    return {(t["kind"], t["level"]): Duty(**{**t, "rules": tuple(t["rules"])}) for t in _table()["duty"]}


@lru_cache(maxsize=1)
def grounds() -> Mapping[str, Ground]:
    """The lawful grounds of refusal, by id, in the order of the law."""
    return {t["id"]: Ground(**t) for t in _table()["ground"]}


@lru_cache(maxsize=1)
def online_cases() -> Mapping[str, OnlineCase]:
    return {t["id"]: OnlineCase(**t) for t in _table()["online"]}


def kept(duty: Duty, law: Law, month: date, days: Iterable[date]) -> list[Met]:
    """How a duty was kept in the month of a day, a line for each of its periods; empty when the law gives no number.

    `days` are those on which the head received in person. A weekly duty has a line a week that ends in the month; a rule
    without a version in force obliges to nothing and has none."""
    facts, whole, out = sorted(set(days)), period_of("month", month), []
    for rule in (law.rule(r) for r in duty.rules):
        per = per_of(rule.versions[-1])
        period = period_of(per, whole.first)
        while period.first <= whole.last:
            found = met(rule, period, facts)
            if found.version is not None and whole.first <= period.last <= whole.last:
                out.append(found)
            period = period_of(per, period.last + timedelta(days=1))
    return out
