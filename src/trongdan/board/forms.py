"""The declared part of the board: registers, report forms and periods, read from data/*.toml and refused with file, key and
reason when something in them does not hold."""

from __future__ import annotations

import calendar
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from trongdan.core.cases.registry import kinds

WHEN = ("before", "during", "until")
FACTS = ("in", "settled", "accepted", "refused", "overdue")


class FormError(ValueError):
    """A declaration that does not hold: file, key and reason."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    value: str
    width: int


@dataclass(frozen=True, slots=True)
class Register:
    """A register (sổ): what comes to an agency of these kinds, in these columns. `verified`: read in the primary text."""

    id: str
    code: str
    instrument: str
    name: str
    verified: bool
    note: str
    kinds: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A fact counted between days, added or taken away. Empty tuples and None: whatever."""

    fact: str
    when: str
    less: bool = False
    natures: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    late: bool | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """One figure: the sum of its terms, or of other figures."""

    id: str
    name: str
    count: tuple[Term, ...] = ()
    sum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A report form, keyed by instrument and code."""

    id: str
    code: str
    instrument: str
    name: str
    verified: bool
    note: str
    kinds: tuple[str, ...]
    numbers: tuple[Number, ...]

    def number(self, number_id: str) -> Number | None:
        return next((n for n in self.numbers if n.id == number_id), None)


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a year with its cut-off. `id` is "ttcp:2026:q3"."""

    id: str
    name: str
    since: date
    until: date
    calendar: str
    instrument: str
    receivers: tuple[str, ...]
    verified: bool


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("trongdan.board") / "data" / name).read_text("utf-8"))


def _known_kinds(file: str, key: str, wanted: list[str]) -> tuple[str, ...]:
    for kind in wanted:
        if kind not in kinds():
            raise FormError(f"{file}: {key}: không có loại việc {kind}")
    return tuple(wanted)


@lru_cache(maxsize=1)
def registers() -> Mapping[str, Register]:
    """All registers by id. Raises FormError."""
    from .values import VALUES

    out: dict[str, Register] = {}
    for row in _table("registers.toml")["register"]:
        columns = tuple(Column(**c) for c in row["column"])
        for column in columns:
            if column.value not in VALUES:
                raise FormError(f"registers.toml: {row['id']}: không có giá trị {column.value}")
        if any((r.instrument, r.code) == (row["instrument"], row["code"]) for r in out.values()):
            raise FormError(f"registers.toml: {row['id']}: trùng mẫu {row['code']} của {row['instrument']}")
        out[row["id"]] = Register(row["id"], row["code"], row["instrument"], row["name"], row["verified"], row["note"],
                                  _known_kinds("registers.toml", row["id"], row["kinds"]), columns)  # fmt: skip
    return out


@lru_cache(maxsize=1)
def forms() -> Mapping[str, Form]:
    """All report forms by id. Raises FormError."""
    out: dict[str, Form] = {}
    for row in _table("reports.toml")["form"]:
        numbers: list[Number] = []
        for n in row["number"]:
            terms = tuple(Term(**{**t, "natures": tuple(t.get("natures", ())), "outcomes": tuple(t.get("outcomes", ()))})
                          for t in n.get("count", ()))  # fmt: skip
            if any(t.fact not in FACTS or t.when not in WHEN for t in terms):
                raise FormError(f"reports.toml: {row['id']}.{n['id']}: fact hoặc when không có")
            if not set(n.get("sum", ())) <= {m.id for m in numbers} or not (terms or n.get("sum")):
                raise FormError(f"reports.toml: {row['id']}.{n['id']}: không đếm gì")
            numbers.append(Number(n["id"], n["name"], terms, tuple(n.get("sum", ()))))
        if any((f.instrument, f.code) == (row["instrument"], row["code"]) for f in out.values()):
            raise FormError(f"reports.toml: {row['id']}: trùng mẫu {row['code']} của {row['instrument']}")
        out[row["id"]] = Form(row["id"], row["code"], row["instrument"], row["name"], row["verified"], row["note"],
                              _known_kinds("reports.toml", row["id"], row["kinds"]), tuple(numbers))  # fmt: skip
    return out


@lru_cache(maxsize=1)
def _tags() -> Mapping[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for row in _table("reports.toml")["fact"]:
        if row["id"] not in FACTS:
            raise FormError(f"reports.toml: fact {row['id']}: không có")
        for tag in row["tags"]:
            out[tag] = (*out.get(tag, ()), row["id"])
    return out


def facts_of_tag(tag: str) -> tuple[str, ...]:
    """The facts that an event with this tag makes, by the tag without its first word."""
    return _tags().get(tag.partition(":")[2], ())


def _day(year: int, month_day: str) -> date:
    month, _, day = month_day.partition("-")
    last = calendar.monthrange(year, int(month))[1]
    return date(year, int(month), last if day == "end" else int(day))


def periods(year: int) -> list[Period]:
    """The declared periods of a report year, of all calendars."""
    out = []
    for row in _table("reports.toml")["calendar"]:
        for p in row["period"]:
            since = _day(year + p.get("from_year", 0), p["from"])
            until = _day(year, p["to"])
            name = p["name"].format(year=year)
            out.append(Period(f"{row['id']}:{year}:{p['id']}", name, since, until, row["name"], row["instrument"],
                              tuple(row["receivers"]), row["verified"]))  # fmt: skip
    return out


def period(period_id: str) -> Period | None:
    """A declared period by its id; None when there is none."""
    _calendar, _, rest = period_id.partition(":")
    year = rest.partition(":")[0]
    if not year.isdigit() or not 2000 <= int(year) <= 2999:
        return None
    return next((p for p in periods(int(year)) if p.id == period_id), None)
