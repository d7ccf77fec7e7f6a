"""The words people use and the events of a life, as data: data/words.toml and data/events.toml, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from .search import Words, words_in


@dataclass(frozen=True, slots=True)
class Step:
    """A procedure of an event: its code, and when it concerns one (`when`, Vietnamese and English)."""

    code: str
    when: str
    when_en: str


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happens in a life, with the procedures it brings, in the order one does them."""

    id: str
    name: str
    name_en: str
    hint: str
    hint_en: str
    says: tuple[str, ...]  # other ways to say it, folded
    steps: tuple[Step, ...]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "data" / name).read_text("utf-8"))


def _folded(text: str) -> str:
    return " ".join(words_in(text))


@lru_cache(maxsize=1)
def words() -> Words:
    table = _table("words.toml")
    means: dict[str, tuple[str, ...]] = {}
    for row in table["word"]:
        for said in row["says"]:
            means[_folded(said)] = tuple(_folded(m) for m in row["means"])
    return Words(means, frozenset(_folded(w) for w in table["empty"]),
                 tuple(_folded(w) for w in table["rarer"]), frozenset(table["usual"]))  # fmt: skip


@lru_cache(maxsize=1)
def events() -> tuple[LifeEvent, ...]:
    rows = _table("events.toml")["event"]
    return tuple(
        LifeEvent(r["id"], r["name"], r["name_en"], r["hint"], r["hint_en"],
                  tuple(_folded(s) for s in (r["name"], *r["says"])),
                  tuple(Step(s["code"], s["when"], s["when_en"]) for s in r["steps"]))
        for r in rows
    )  # fmt: skip


def event_said(question: str) -> LifeEvent | None:
    """The event of a life that a question names: "sinh con", "nhà có người mất"."""
    asked = f" {_folded(question)} "
    best = [(len(s), e) for e in events() for s in e.says if f" {s} " in asked]
    return max(best, key=lambda pair: pair[0])[1] if best else None
