"""The kinds on hand, loaded once: every TOML below kinds/, checked together against the law and the paper templates."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from trongdan.kernel.kind import Kind, RuleFunction
from trongdan.kernel.kindbase import stand_on
from trongdan.kernel.kindfile import check_registry, load_kind
from trongdan.law import load_law
from trongdan.law.retention import retentions

KINDS = "trongdan.kinds"
# (edge, the case's facts so far, what was answered, the agency, the day) -> the fields the edge fills. Raises Refusal.
Filler = Callable[[str, Mapping[str, Any], Mapping[str, Any], str, date], Mapping[str, Any]]


def _rooms() -> Iterator[Traversable]:
    for folder in sorted(files(KINDS).iterdir(), key=lambda f: f.name):
        if folder.is_dir() and not folder.name.startswith("_"):
            yield folder


def _functions(room: str) -> Mapping[str, RuleFunction]:
    """The escape hatch: functions that a kind's rules.py registers by name, when it has one."""
    if not (files(KINDS) / room / "rules.py").is_file():
        return {}
    return dict(import_module(f"{KINDS}.{room}.rules").FUNCTIONS)


def filler_of(kind_: Kind) -> Filler | None:
    """Who answers the fields that edges of the kind fill from reference data; None when it has none."""
    if not kind_.filler:
        return None
    module = import_module(f"{KINDS}.{kind_.id.partition('.')[0]}.filling")
    found: Filler = module.FILLERS[kind_.filler]
    return found


def kind_table(file: Traversable, room: Traversable) -> Mapping[str, Any]:
    """The parsed table of a kind's file, whole: bases (`bases/NAME.toml` of its room) are put under it."""
    table = tomllib.loads(file.read_text("utf-8"))
    if "base" not in table:
        return table
    base = kind_table(room / "bases" / f"{table['base']}.toml", room)
    return stand_on(table, base, f"{room.name}/{file.name}")


def kind_tables() -> Iterator[tuple[Traversable, Traversable, Mapping[str, Any]]]:
    """(room, file, table) of every kind."""
    for room in _rooms():
        for file in sorted(room.iterdir(), key=lambda f: f.name):
            if file.name.endswith(".toml") and not file.name.startswith("examples"):
                yield room, file, kind_table(file, room)


def _examples(room: Traversable) -> list[Mapping[str, Any]]:
    files_ = [f for f in sorted(room.iterdir(), key=lambda f: f.name) if f.name.startswith("examples") and f.name.endswith(".toml")]
    return [example for file in files_ for example in tomllib.loads(file.read_text("utf-8")).get("example", [])]


def paper_forms() -> dict[str, Traversable]:
    """Paper id -> its declaration."""
    out: dict[str, Traversable] = {}
    for room in _rooms():
        folder = room / "papers"
        if folder.is_dir():
            out |= {f.name.removesuffix(".toml"): f for f in folder.iterdir() if f.name.endswith(".toml")}
    return out


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Kind]:
    """All kinds by id. Raises KindError with file, key and reason."""
    loaded = []
    examples = {room.name: _examples(room) for room in _rooms()}
    for room, file, table in kind_tables():
        own = [e for e in examples[room.name] if e["kind"] == table.get("id")]
        loaded.append(load_kind(table, f"{room.name}/{file.name}", _functions(room.name), own))
    return check_registry(loaded, load_law().rules, paper_forms(), retentions())


def kind(kind_id: str) -> Kind:
    return kinds()[kind_id]
