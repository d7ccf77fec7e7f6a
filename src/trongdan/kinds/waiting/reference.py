"""How the centres' lines are kept: groups of matters, the order rule's minutes, slots, opening hours as shipped. Pure data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

from trongdan.platform.text import fold


@dataclass(frozen=True, slots=True)
class Service:
    """A group of matters with a line of its own. `mean` and `spread` are seconds, until there are measured ones."""

    id: str
    prefix: str
    name: str
    mean: float
    spread: float
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The file as values; lengths of time are timedelta, `shrink` a number of visits."""

    services: Mapping[str, Service]
    support: tuple[str, ...]
    support_ahead: timedelta
    appointment_ahead: timedelta
    late_grace: timedelta
    return_ahead: timedelta
    basis: str
    slot: timedelta
    per_counter: int
    days_ahead: int
    days_shown: int
    target: timedelta
    history_days: int
    weeks: int
    shrink: int
    shortest: timedelta
    longest: timedelta
    sessions: tuple[tuple[time, time], ...]
    counters: Mapping[str, Any]


def _minutes(table: Mapping[str, Any], key: str) -> timedelta:
    return timedelta(minutes=float(table[key]))


@lru_cache(maxsize=1)
def rules() -> Rules:
    table = tomllib.loads((files(__package__ or "") / "data" / "waiting.toml").read_text("utf-8"))
    order, slots, wait = table["order"], table["slots"], table["wait"]
    services = {s["id"]: Service(s["id"], s["prefix"], s["name"], s["minutes"] * 60.0, s["spread"] * 60.0, tuple(s["fields"]))
                for s in table["service"]}  # fmt: skip
    return Rules(
        services, tuple(s["words"] for s in table["support"]), _minutes(order, "support_ahead"),
        _minutes(order, "appointment_ahead"), _minutes(order, "late_grace"), _minutes(order, "return_ahead"), order["basis"],
        _minutes(slots, "minutes"), slots["per_counter"], slots["days_ahead"], slots["days_shown"], _minutes(wait, "target"),
        wait["history_days"], wait["weeks"], wait["shrink"], timedelta(seconds=wait["shortest"]), _minutes(wait, "longest"),
        tuple((time.fromisoformat(s["starts"]), time.fromisoformat(s["ends"])) for s in table["session"]), table["counters"],
    )  # fmt: skip


def service_of(field: str) -> str:
    """The line for a procedure's field as the catalogue names it ("Đất đai"): "other" when none fits."""
    wanted = fold(field)
    found = next((s.id for s in rules().services.values() if any(fold(word) in wanted for word in s.fields)), None)
    return found or "other"
